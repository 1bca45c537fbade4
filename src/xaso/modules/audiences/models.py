"""The book of contacts, what each agreed to or refused, the lists of numbers not to be told, and imports."""

import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse

from xaso.core.units.fields import UnitPathField
from xaso.modules.audiences import rules


class Import(models.Model):
    """A file of contacts, shown first, then taken whole or not at all, and undone whole."""

    class State(models.TextChoices):
        PREVIEWED = "previewed", "Đang xem trước"
        APPLIED = "applied", "Đã nhập"
        UNDONE = "undone", "Đã huỷ nhập"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+", db_index=False)
    unit_path = UnitPathField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.PREVIEWED)
    file_name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    rows = models.JSONField(default=list)
    faults = models.JSONField(default=list)
    fault_count = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["unit_path", "-id"], name="audience_imports")]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("desk-audiences:one_import", args=[self.uuid])

    @property
    def may_apply(self) -> bool:
        return self.state == self.State.PREVIEWED and not self.faults and bool(self.rows)

    @property
    def may_undo(self) -> bool:
        return self.state == self.State.APPLIED


class Contact(models.Model):
    """Somebody who can be told. `phone_fault`: why the number on record reaches nobody, as a gateway said."""

    class Source(models.TextChoices):
        HAND = "hand", "Cán bộ ghi"
        IMPORT = "import", "Nhập từ tệp"
        PORTAL = "portal", "Người dân tự đăng ký"
        MESSAGE = "message", "Người dân nhắn tin"

    ACCESS_OWNER_FIELD = "person_id"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+", db_index=False)
    unit_path = UnitPathField()
    person = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=120)
    folded_name = models.CharField(max_length=120)
    phone = models.CharField(max_length=15, blank=True)
    phone_fault = models.CharField(max_length=200, blank=True)
    zalo_user = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=7, choices=Source.choices)
    note = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(default=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged", db_index=False)
    batch = models.ForeignKey(Import, models.SET_NULL, null=True, related_name="contacts")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    is_demo = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["unit_path", "phone", "id"], name="contact_of_unit"),
            models.Index(fields=["unit_path", "folded_name"], name="contact_by_name"),
            models.Index(fields=["phone"], name="contact_by_phone", condition=~Q(phone="")),
            models.Index(fields=["zalo_user"], name="contact_by_zalo", condition=~Q(zalo_user="")),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("desk-audiences:contact", args=[self.uuid])

    @property
    def owner_person_ids(self) -> tuple[int, ...]:
        return (self.person_id,) if self.person_id else ()

    @property
    def shown_phone(self) -> str:
        return rules.shown_phone(self.phone)

    @property
    def masked_phone(self) -> str:
        return rules.masked_phone(self.phone)


class Consent(models.Model):
    """One thing a person said: yes or no to a topic through a channel, how, and what proves it. Never rewritten.

    It follows the phone number it was said for: a number that refused is not told through a second entry of the book,
    and a number that stands in no book (no contact) can refuse as well.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="consents")
    unit_path = UnitPathField(blank=True)
    phone = models.CharField(max_length=15, blank=True)
    topic = models.CharField(max_length=20, blank=True)
    channel = models.CharField(max_length=4, blank=True, choices=list(rules.CHANNELS.items()))
    given = models.BooleanField()
    how = models.CharField(max_length=7, choices=list(rules.WAYS.items()))
    evidence = models.CharField(max_length=300)
    said_on = models.DateField()
    at = models.DateTimeField()
    by_name = models.CharField(max_length=120)
    by_account_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["phone"], name="consent_by_phone", condition=~Q(phone="")),
            models.Index(fields=["unit_path", "-id"], name="consent_of_unit"),
        ]

    def __str__(self) -> str:
        return f"{'Đồng ý' if self.given else 'Từ chối'} {self.topic or 'mọi chủ đề'} {self.channel or 'mọi kênh'}"

    @property
    def owner_person_ids(self) -> tuple[int, ...]:
        return self.contact.owner_person_ids if self.contact else ()

    @property
    def shown_phone(self) -> str:
        return rules.shown_phone(self.phone)


class RefusalList(models.Model):
    """A dated list of numbers that want no messages (danh sách không quảng cáo), as it was imported."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+", db_index=False)
    unit_path = UnitPathField()
    title = models.CharField(max_length=160)
    as_of = models.DateField()
    file_name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    numbers = models.PositiveIntegerField(default=0)
    is_current = models.BooleanField(default=True)
    by_name = models.CharField(max_length=120)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["unit_path", "-id"], name="refusal_lists")]

    def __str__(self) -> str:
        return f"{self.title} ({self.as_of:%d/%m/%Y})"


class RefusedNumber(models.Model):
    """A number on a list. The newest list of a unit replaces the older one whole."""

    list = models.ForeignKey(RefusalList, models.CASCADE, related_name="rows", db_index=False)
    phone = models.CharField(max_length=15)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["phone", "list"], name="refused_once")]
        indexes = [models.Index(fields=["list", "phone"], name="refused_of_list")]

    def __str__(self) -> str:
        return self.phone
