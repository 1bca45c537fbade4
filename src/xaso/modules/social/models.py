"""The register of the commune's pages and groups, and posts drafted for them. Tokens are in the environment only."""

import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse

from xaso.core.units.fields import UnitPathField


class Page(models.Model):
    """A page or group by which a unit talks with its people. What is closed stays, with the day it ended."""

    class Kind(models.TextChoices):
        FACEBOOK = "facebook", "Trang Facebook"
        FACEBOOK_GROUP = "facebook_group", "Nhóm Facebook"
        ZALO_OA = "zalo_oa", "Zalo OA"
        ZALO_GROUP = "zalo_group", "Nhóm Zalo"
        YOUTUBE = "youtube", "Kênh YouTube"
        TIKTOK = "tiktok", "Kênh TikTok"
        WEBSITE = "website", "Trang thông tin điện tử"
        OTHER = "other", "Kênh khác"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+", db_index=False)
    unit_path = UnitPathField()
    kind = models.CharField(max_length=14, choices=Kind.choices)
    name = models.CharField(max_length=150)
    folded = models.CharField(max_length=200)
    address = models.CharField(max_length=300, blank=True)
    run_by = models.CharField(max_length=120)
    run_by_phone = models.CharField(max_length=15, blank=True)
    members = models.PositiveIntegerField(null=True)
    members_on = models.DateField(null=True)
    since_on = models.DateField()
    checked_on = models.DateField(null=True)
    checked_by = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    closed_on = models.DateField(null=True)
    page_key = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(fields=["unit_path", "kind", "-id"], name="social_page_unit")]
        constraints = [
            models.UniqueConstraint(
                fields=["unit_path", "kind", "folded"], condition=Q(closed_on=None), name="social_page_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("desk-social:page", args=[self.uuid])


class Post(models.Model):
    """A post for one page. `facebook_as` says what it is there once it is there; a person publishes or cancels it."""

    class State(models.TextChoices):
        DRAFTED = "drafted", "Bản nháp"
        WAITING = "waiting", "Đang đưa lên Facebook"
        ON_FACEBOOK = "on_facebook", "Đã ở Facebook"
        BY_HAND = "by_hand", "Đã đăng tay"
        FAILED = "failed", "Chưa đưa lên được"
        CANCELLED = "cancelled", "Đã huỷ"

    class As(models.TextChoices):
        DRAFT = "draft", "bản nháp ở Facebook"
        SCHEDULED = "scheduled", "đã hẹn giờ"
        PUBLISHED = "published", "đã đăng"

    class Step(models.TextChoices):
        PUT = "put", "đưa lên"
        PUBLISH = "publish", "đăng"
        REMOVE = "remove", "gỡ"

    TONES = {
        "drafted": "neutral", "waiting": "info", "on_facebook": "good", "by_hand": "good", "failed": "bad",
        "cancelled": "neutral",
    }  # fmt: skip

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+", db_index=False)
    unit_path = UnitPathField()
    page = models.ForeignKey(Page, models.PROTECT, related_name="posts")
    key = models.CharField(max_length=160, unique=True)
    purpose = models.CharField(max_length=80, blank=True)
    text = models.TextField()
    link = models.CharField(max_length=300, blank=True)
    picture = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+", db_index=False)
    publish_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=11, choices=State.choices, default=State.DRAFTED)
    step = models.CharField(max_length=7, choices=Step.choices, blank=True)
    facebook_as = models.CharField(max_length=9, choices=As.choices, blank=True)
    facebook_id = models.CharField(max_length=80, blank=True, db_index=True)
    address = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    code = models.IntegerField(null=True)
    error = models.CharField(max_length=500, blank=True)
    drafted_by = models.CharField(max_length=120)
    settled_by = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField()
    moved_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["unit_path", "-id"], name="social_post_newest"),
            models.Index(fields=["purpose", "state", "id"], name="social_post_purpose"),
            models.Index(fields=["retry_at", "id"], name="social_post_waiting", condition=Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return f"{self.page.name}: {self.text[:60]}"

    def get_absolute_url(self) -> str:
        return reverse("desk-social:post", args=[self.uuid])

    @property
    def tone(self) -> str:
        return self.TONES.get(self.state, "neutral")


class Notice(models.Model):
    """What Facebook told over the webhook, once."""

    fingerprint = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=40)
    page_id = models.CharField(max_length=40, blank=True)
    post_id = models.CharField(max_length=80, blank=True)
    received_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.post_id}"
