"""Articles, what they said before, and how often they were opened. No side effects here: every change is an action."""

import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse

from xaso.core.units.fields import UnitPathField


class Article(models.Model):
    """Tin bài of a unit. What residents read is in these columns; what it said before is in its versions."""

    class Category(models.TextChoices):
        NEWS = "news", "Tin tức"
        LEGAL = "legal", "Tuyên truyền pháp luật"
        NOTICE = "notice", "Thông báo"

    class State(models.TextChoices):
        DRAFT = "draft", "Bản nháp"
        SUBMITTED = "submitted", "Chờ duyệt"
        PUBLISHED = "published", "Đã đăng"
        WITHDRAWN = "withdrawn", "Đã gỡ"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+", db_index=False)
    unit_path = UnitPathField()
    category = models.CharField(max_length=6, choices=Category.choices)
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    title = models.CharField(max_length=160)
    lead = models.CharField(max_length=400, blank=True)
    text = models.TextField()
    source = models.CharField(max_length=160, blank=True)
    is_pinned = models.BooleanField(default=False)
    valid_until = models.DateField(null=True)
    # Three sizes of one picture, cleaned and made by us; empty where there is none.
    picture = models.JSONField(default=dict)
    picture_alt = models.CharField(max_length=200, blank=True)
    version = models.PositiveSmallIntegerField(default=0)
    author_id = models.BigIntegerField(null=True)
    author_name = models.CharField(max_length=120)
    approver_name = models.CharField(max_length=120, blank=True)
    remark = models.CharField(max_length=500, blank=True)
    written_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    corrected_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=500, blank=True)
    changed_at = models.DateTimeField()
    purpose = models.CharField(max_length=80, null=True, unique=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["unit_path", "-published_at", "-id"], name="article_list", condition=Q(state="published")
            ),
            models.Index(
                fields=["unit_path", "category", "-published_at", "-id"],
                name="article_category",
                condition=Q(state="published"),
            ),
            models.Index(fields=["-published_at", "-id"], name="article_newest", condition=Q(state="published")),
            models.Index(fields=["unit_path", "changed_at"], name="article_changed"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("portal-news:article", args=[self.uuid])


class ArticleVersion(models.Model):
    """What an article said from a moment on, or what somebody proposes that it say."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "Chờ duyệt"
        PUBLISHED = "published", "Đã đăng"
        DROPPED = "dropped", "Không dùng"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    article = models.ForeignKey(Article, models.CASCADE, related_name="versions", db_index=False)
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=9, choices=State.choices)
    title = models.CharField(max_length=160)
    lead = models.CharField(max_length=400, blank=True)
    text = models.TextField()
    reason = models.CharField(max_length=500, blank=True)
    author_id = models.BigIntegerField(null=True)
    author_name = models.CharField(max_length=120)
    approver_name = models.CharField(max_length=120, blank=True)
    written_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["article", "number"], condition=~Q(state="dropped"), name="article_version_once"
            ),
            models.UniqueConstraint(fields=["article"], condition=Q(state="proposed"), name="article_one_proposal"),
        ]


class DailyViews(models.Model):
    """How often an article was opened on a day. Nothing about who opened it."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="views", db_index=False)
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "day"], name="article_views_once")]
