"""The register of who holds a signature, and requests for one. Private keys are never here."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from xaso.core.units.fields import UnitPathField
from xaso.modules.signing import rules


def choices(titles: dict[str, str]) -> list[tuple[str, str]]:
    return list(titles.items())


class Import(models.Model):
    """A spreadsheet of certificates: read and shown first, then taken whole or not at all."""

    class State(models.TextChoices):
        PREVIEWED = "previewed", "Chờ xác nhận"
        APPLIED = "applied", "Đã nhập"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    unit_path = UnitPathField()
    file_name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    rows = models.JSONField(default=list)
    faults = models.JSONField(default=list)
    known = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREVIEWED)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("desk-signing:import", args=[self.uuid])

    @property
    def may_apply(self) -> bool:
        return self.state == self.State.PREVIEWED and bool(self.rows) and not self.faults


class Certificate(models.Model):
    """One signature that somebody holds. `account` is set where an official signs in XãSố with it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    unit_path = UnitPathField()
    holder_kind = models.CharField(max_length=10, choices=choices(rules.HOLDER_KINDS))
    holder_name = models.CharField(max_length=200)
    folded_name = models.CharField(max_length=200)
    holder_code = models.CharField(max_length=30, blank=True)
    account = models.ForeignKey("accounts.Account", models.PROTECT, null=True, related_name="+")
    means = models.CharField(max_length=10, choices=choices(rules.MEANS))
    provider = models.CharField(max_length=20, blank=True)
    reference = models.CharField(max_length=200, blank=True)
    serial = models.CharField(max_length=64)
    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=300, blank=True)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField()
    state = models.CharField(max_length=10, choices=choices(rules.CERTIFICATE_STATES), default=rules.ACTIVE)
    reason = models.CharField(max_length=300, blank=True)
    state_at = models.DateTimeField()
    der = models.BinaryField(default=bytes)
    chain = models.JSONField(default=list)
    asks_pin = models.BooleanField(default=False)
    alarmed_days = models.PositiveSmallIntegerField(null=True)
    batch = models.ForeignKey(Import, models.PROTECT, null=True, related_name="certificates")
    added_by_name = models.CharField(max_length=120)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "serial"], name="certificate_once"),
            models.CheckConstraint(condition=Q(valid_to__gt=F("valid_from")), name="certificate_dates_in_order"),
        ]
        indexes = [
            models.Index(fields=["unit_path", "-id"]),
            models.Index(fields=["unit_path", "holder_kind", "-id"]),
            models.Index(fields=["account", "state"]),
            models.Index(fields=["state", "valid_to"]),
            models.Index(fields=["folded_name"]),
        ]

    def __str__(self) -> str:
        return f"{self.holder_name} ({self.get_means_display()})"

    def get_absolute_url(self) -> str:
        return reverse("desk-signing:certificate", args=[self.uuid])

    def why_unusable(self, at: datetime) -> str:
        return rules.why_unusable(state=self.state, valid_from=self.valid_from, valid_to=self.valid_to, at=at)

    @property
    def tone(self) -> str:
        return {rules.ACTIVE: "good", rules.SUSPENDED: "warn", rules.REVOKED: "bad"}.get(self.state, "neutral")


class Ask(models.Model):
    """A file laid before somebody to sign: one official, or whoever keeps the agency's seal. Open until signed or taken
    back, however often a request for it fails."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    unit_path = UnitPathField()
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+")
    subject = models.CharField(max_length=80)
    role = models.CharField(max_length=6, choices=choices(rules.ROLES))
    signer = models.ForeignKey("accounts.Account", models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=200)
    asked_by_id = models.BigIntegerField(null=True)
    asked_by_name = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "role"], condition=Q(closed_at=None), name="signing_asked_once")
        ]
        indexes = [
            models.Index(fields=["signer", "-id"], name="signing_ask_mine", condition=Q(closed_at=None)),
            models.Index(fields=["unit_path", "role", "-id"], name="signing_ask_unit", condition=Q(closed_at=None)),
        ]

    def __str__(self) -> str:
        return self.title


class Request(models.Model):
    """A signature asked for on a file. Prepared and finished outside transactions; every step is kept here."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    unit_path = UnitPathField()
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+")
    signed_file = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    subject = models.CharField(max_length=80, db_index=True)
    role = models.CharField(max_length=6, choices=choices(rules.ROLES))
    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="requests")
    title = models.CharField(max_length=200)
    reason = models.CharField(max_length=200, blank=True)
    field = models.CharField(max_length=40, blank=True)
    batch = models.UUIDField(null=True, db_index=True)
    proof_code = models.CharField(max_length=16, blank=True)
    is_in_person = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=choices(rules.STATES), default=rules.REQUESTED)
    why = models.CharField(max_length=300, blank=True)
    level = models.CharField(max_length=5, blank=True)
    remark = models.CharField(max_length=300, blank=True)
    provider_reference = models.CharField(max_length=200, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    asked_by_id = models.BigIntegerField(null=True)
    asked_by_name = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # Two signatures made on the same bytes would leave two files, each without the other's signature.
            models.UniqueConstraint(
                fields=["file"], condition=Q(state__in=["requested", "waiting"]), name="signing_one_open_a_file"
            )
        ]
        indexes = [
            models.Index(fields=["state", "next_at"]),
            models.Index(fields=["unit_path", "-id"]),
            models.Index(fields=["asked_by_id", "-id"]),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("desk-signing:request", args=[self.uuid])

    @property
    def is_open(self) -> bool:
        return self.state in rules.OPEN

    @property
    def tone(self) -> str:
        tones = {rules.REQUESTED: "info", rules.WAITING: "info", rules.SIGNED: "good", rules.CANCELLED: "neutral"}
        return tones.get(self.state, "bad")


class Prepared(models.Model):
    """What is kept between the question and the answer. Gone once the file is signed or the request has ended."""

    request = models.OneToOneField(Request, models.CASCADE, related_name="prepared")
    tail = models.BinaryField()
    start = models.BigIntegerField()
    end = models.BigIntegerField()
    document_digest = models.BinaryField()
    signed_attributes = models.BinaryField()
    field = models.CharField(max_length=40)
    value = models.BinaryField(default=bytes)
    made_at = models.DateTimeField()
