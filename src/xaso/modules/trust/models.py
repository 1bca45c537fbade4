"""What is trusted, what is known about revocation, and what each signed file was found to be worth."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from xaso.core.units.fields import UnitPathField
from xaso.modules.trust import rules


class Anchor(models.Model):
    """A certificate of an authority, taken in by a person who compared its fingerprint.

    A root is trusted for what was signed between two dates. An intermediate only helps to find the way to a root.
    Trust holds for the whole installation: whoever is believed must be believed by every unit alike.
    """

    class Kind(models.TextChoices):
        ROOT = "root", "gốc tin cậy"
        INTERMEDIATE = "intermediate", "trung gian"

    class Purpose(models.TextChoices):
        OFFICIAL = "official", "Chuyên dùng công vụ"
        PUBLIC = "public", "Công cộng"
        OWN = "own", "Nội bộ"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit_path = UnitPathField(blank=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    certificate = models.BinaryField()
    subject = models.CharField(max_length=300)
    issuer = models.CharField(max_length=300)
    serial = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64, unique=True)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField()
    trusted_from = models.DateField()
    trusted_to = models.DateField(null=True)
    reason = models.CharField(max_length=500)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey("accounts.Account", models.PROTECT, null=True, related_name="+", db_index=False)
    added_by_name = models.CharField(max_length=120, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by_name = models.CharField(max_length=120, blank=True)
    withdrawn_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(trusted_to=None) | Q(trusted_to__gte=F("trusted_from")), name="anchor_dates_in_order"
            )
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def fingerprint_shown(self) -> str:
        return rules.in_pairs(self.fingerprint)


class RevocationEntry(models.Model):
    """Where a trusted authority publishes what it revoked, and the last answer it gave. Judging reads only this."""

    class Kind(models.TextChoices):
        CRL = "crl", "danh sách thu hồi (CRL)"
        OCSP = "ocsp", "trả lời trạng thái (OCSP)"

    kind = models.CharField(max_length=4, choices=Kind.choices)
    url = models.CharField(max_length=400)
    # What an OCSP responder is asked; empty for a CRL, which speaks of every certificate of its issuer.
    question = models.BinaryField(default=bytes)
    key = models.CharField(max_length=64, unique=True)
    issuer = models.CharField(max_length=300, blank=True)
    body = models.BinaryField(default=bytes)
    sha256 = models.CharField(max_length=64, blank=True)
    this_update = models.DateTimeField(null=True)
    next_update = models.DateTimeField(null=True)
    noted_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    fetched_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.url


class Verification(models.Model):
    """What a file was found to be worth at one moment, with what was trusted then.

    Never rewritten: judged again, it is a new row, and only the mark of the latest moves.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit_path = UnitPathField(blank=True)
    stored = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="verifications", db_index=False)
    sha256 = models.CharField(max_length=64)
    verdict = models.CharField(max_length=8, choices=list(rules.VERDICTS.items()))
    rank = models.PositiveSmallIntegerField()  # 0 is worst: the list begins with what needs somebody
    sentence = models.CharField(max_length=600)
    signers = models.CharField(max_length=300, blank=True)
    findings = models.JSONField(default=list)
    knowledge = models.CharField(max_length=64)
    judged_at = models.DateTimeField()
    judged_by_name = models.CharField(max_length=120, blank=True)
    is_latest = models.BooleanField(default=True)

    class Meta:
        indexes = [
            models.Index(fields=["stored", "-id"], name="trust_of_file"),
            models.Index(fields=["unit_path", "rank", "-id"], name="trust_of_unit", condition=Q(is_latest=True)),
            models.Index(fields=["id"], name="trust_unsure", condition=Q(is_latest=True, verdict="unsure")),
        ]

    def __str__(self) -> str:
        return f"{rules.VERDICTS[self.verdict]}: {self.sentence}"

    def get_absolute_url(self) -> str:
        return reverse("desk-trust:verification", args=[self.uuid])


class Proof(models.Model):
    """What anybody holding a paper may check: its code leads to the file's checksum and its signatures."""

    code = models.CharField(max_length=16, unique=True)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+", db_index=False)
    unit_path = UnitPathField()
    stored = models.OneToOneField("files.StoredFile", models.PROTECT, related_name="proof")
    sha256 = models.CharField(max_length=64, db_index=True)
    title = models.CharField(max_length=300)
    published_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("trust:proof", args=[self.code])
