"""Tables of the one-stop shop. No side effects here: every change is an action."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q

from xaso.core.units.fields import UnitPathField
from xaso.modules.dossiers import rules


class Dossier(models.Model):
    """Hồ sơ. Four axes: business state, payment, delivery, synchronisation; one never overwrites another."""

    class State(models.IntegerChoices):
        SUBMITTED = 1, rules.LABELS[rules.State.SUBMITTED]
        ACCEPTED = 2, rules.LABELS[rules.State.ACCEPTED]
        DECLINED = 3, rules.LABELS[rules.State.DECLINED]
        PROCESSING = 4, rules.LABELS[rules.State.PROCESSING]
        SUPPLEMENT = 5, rules.LABELS[rules.State.SUPPLEMENT]
        DUTY = 6, rules.LABELS[rules.State.DUTY]
        WITHDRAWN = 7, rules.LABELS[rules.State.WITHDRAWN]
        STOPPED = 8, rules.LABELS[rules.State.STOPPED]
        FINISHED = 9, rules.LABELS[rules.State.FINISHED]
        RETURNED = 10, rules.LABELS[rules.State.RETURNED]

    class Channel(models.TextChoices):
        COUNTER = "counter", "Trực tiếp"
        ONLINE = "online", "Trực tuyến"
        POST = "post", "Bưu chính công ích"

    class Filing(models.TextChoices):
        SELF = "self", "Tự nộp"
        ASSISTED = "assisted", "Được hỗ trợ nộp"
        PROXY = "proxy", "Nộp thay theo uỷ quyền"

    class Payment(models.TextChoices):
        NONE = "none", "Không phải nộp"
        UNKNOWN = "unknown", "Chưa xác định mức phí"
        DUE = "due", "Chưa nộp"
        PART = "part", "Nộp chưa đủ"
        PAID = "paid", "Đã nộp"
        WAIVED = "waived", "Được miễn"

    class Delivery(models.TextChoices):
        NONE = "none", "Chưa có kết quả"
        READY = "ready", "Sẵn sàng trả"
        DELIVERED = "delivered", "Đã giao"

    class Sync(models.TextChoices):
        LOCAL = "local", "Chỉ ở xã"
        WAITING = "waiting", "Chờ đồng bộ"
        SENT = "sent", "Đã đồng bộ"
        FAILED = "failed", "Đồng bộ lỗi"
        MIRROR = "mirror", "Theo hệ thống khác"

    class ResultBy(models.TextChoices):
        COUNTER = "counter", "Nhận tại Bộ phận Một cửa"
        POST = "post", "Nhận qua bưu chính"
        ONLINE = "online", "Nhận bản điện tử"

    ACCESS_OWNER_FIELD = "owner_person_id"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=40, null=True, unique=True)
    secret = models.CharField(max_length=12)
    procedure = models.ForeignKey("procedures.Procedure", models.PROTECT, related_name="+", db_index=False)
    version = models.ForeignKey("procedures.ProcedureVersion", models.PROTECT, related_name="+", db_index=False)
    case_key = models.CharField(max_length=40, blank=True)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+", db_index=False)
    unit_path = UnitPathField()
    received_by_unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+", db_index=False)
    helped_at_unit = models.ForeignKey("units.Unit", models.PROTECT, null=True, related_name="+", db_index=False)

    state = models.PositiveSmallIntegerField(choices=State.choices)
    payment_state = models.CharField(max_length=8, choices=Payment.choices, default=Payment.NONE)
    delivery_state = models.CharField(max_length=10, choices=Delivery.choices, default=Delivery.NONE)
    sync_state = models.CharField(max_length=8, choices=Sync.choices, default=Sync.LOCAL)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    filing = models.CharField(max_length=8, choices=Filing.choices)
    result_by = models.CharField(max_length=8, choices=ResultBy.choices, default=ResultBy.COUNTER)

    owner_person = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    applicant_name = models.CharField(max_length=120)
    applicant_id = models.CharField(max_length=12, blank=True)
    applicant_birth_on = models.DateField(null=True)
    applicant_sex = models.CharField(max_length=6, blank=True)
    applicant_phone = models.CharField(max_length=15, blank=True)
    applicant_email = models.CharField(max_length=254, blank=True)
    applicant_address = models.CharField(max_length=300, blank=True)
    content = models.CharField(max_length=300, blank=True)
    answers = models.JSONField(default=dict)
    search_tokens = models.TextField(blank=True)

    step_key = models.CharField(max_length=40, blank=True)
    step_role = models.CharField(max_length=20, blank=True)
    assignee = models.ForeignKey("accounts.Account", models.PROTECT, null=True, related_name="+", db_index=False)

    submitted_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    on_time_legal = models.BooleanField(null=True)
    on_time_shown = models.BooleanField(null=True)
    on_time_766 = models.BooleanField(null=True)
    supplements_asked = models.PositiveSmallIntegerField(default=0)
    supplement_answered_at = models.DateTimeField(null=True)
    needs_apology = models.BooleanField(default=False)
    apologised_at = models.DateTimeField(null=True)
    rating = models.PositiveSmallIntegerField(null=True)
    rating_comment = models.CharField(max_length=500, blank=True)
    idempotency_key = models.CharField(max_length=80, null=True, unique=True)
    created_by_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["unit_path", "-id"], name="dossier_unit"),
            models.Index(fields=["unit_path", "state", "-id"], name="dossier_unit_state"),
            models.Index(
                fields=["unit_path", "step_role", "due_at", "id"],
                name="dossier_work",
                condition=Q(state__in=[1, 2, 4, 5, 6, 9]),
            ),
            models.Index(fields=["unit_path", "accepted_at"], name="dossier_accepted"),
            models.Index(fields=["applicant_id", "procedure", "-id"], name="dossier_same_person"),
        ]

    is_new = False
    """Set on the row that this very request filed, so that a second send is told apart from the first."""

    @property
    def moved_at(self) -> datetime:
        """When the applicant could last see something change."""
        later = (self.accepted_at, self.supplement_answered_at, self.finished_at, self.returned_at)
        return max([self.submitted_at, *(moment for moment in later if moment)])

    def __str__(self) -> str:
        return self.number or f"Hồ sơ nộp ngày {self.submitted_at:%d/%m/%Y}"

    @property
    def owner_person_ids(self) -> tuple[int, ...]:
        return (self.owner_person_id,) if self.owner_person_id else ()

    @property
    def public_title(self) -> str:
        """What anybody reads who checks the code of a signed result: the procedure, never the person."""
        return str(self.procedure.name)

    @property
    def is_open(self) -> bool:
        return self.state in rules.OPEN

    @property
    def is_mirror(self) -> bool:
        """Another system decides about it; here it is only followed."""
        return self.sync_state == self.Sync.MIRROR


class Party(models.Model):
    """Somebody beside the applicant: the helper, the representative, the one who collects."""

    class Role(models.TextChoices):
        HELPER = "helper", "Người hỗ trợ nộp"
        PROXY = "proxy", "Người được uỷ quyền"
        COLLECTOR = "collector", "Người nhận kết quả"

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="parties")
    role = models.CharField(max_length=10, choices=Role.choices)
    full_name = models.CharField(max_length=120)
    personal_id = models.CharField(max_length=12, blank=True)
    phone = models.CharField(max_length=15, blank=True)
    account = models.ForeignKey("accounts.Account", models.PROTECT, null=True, related_name="+", db_index=False)
    basis = models.CharField(max_length=200, blank=True)
    consent_at = models.DateTimeField(null=True)


class SubmittedPaper(models.Model):
    """A paper of the dossier: handed in, looked at, taken from data, or still missing."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="papers")
    key = models.CharField(max_length=41)
    name = models.CharField(max_length=1000)
    is_required = models.BooleanField(default=True)
    is_handed_in = models.BooleanField(default=False)
    originals = models.PositiveSmallIntegerField(default=0)
    copies = models.PositiveSmallIntegerField(default=0)
    file = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+", db_index=False)
    digitised_by_id = models.BigIntegerField(null=True)
    digitised_at = models.DateTimeField(null=True)
    from_data = models.BooleanField(default=False)
    is_reused = models.BooleanField(default=False)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dossier", "key"], name="paper_once")]


class Step(models.Model):
    """A stint of the dossier with somebody: the timeline a resident sees and the rows of Mẫu 06."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="steps")
    key = models.CharField(max_length=41)
    label = models.CharField(max_length=200)
    kind = models.CharField(max_length=12)
    role = models.CharField(max_length=20, blank=True)
    account = models.ForeignKey("accounts.Account", models.PROTECT, null=True, related_name="+", db_index=False)
    who = models.CharField(max_length=120, blank=True)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, blank=True)
    note = models.CharField(max_length=1000, blank=True)


class Supplement(models.Model):
    """Mẫu 02: one complete list of what is missing, with reasons."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="supplements")
    items = models.JSONField()
    reason = models.CharField(max_length=1000)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=120)
    answer_by_on = models.DateField(null=True)
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=1000, blank=True)
    before_acceptance = models.BooleanField(default=False)
    approved_by = models.CharField(max_length=120, blank=True)


class Apology(models.Model):
    """Mẫu 04: the apology with the reason and the new date."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="apologies")
    reason = models.CharField(max_length=1000)
    due_before_at = models.DateTimeField()
    due_after_at = models.DateTimeField()
    at = models.DateTimeField()
    by = models.CharField(max_length=120)
    override_reason = models.CharField(max_length=500, blank=True)


class Consultation(models.Model):
    """A question to another unit, with its own deadline. Late answers stay visible."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="consultations")
    asked_unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    unit_path = UnitPathField()
    question = models.CharField(max_length=2000)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=120)
    answer_by_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=120, blank=True)
    answer = models.CharField(max_length=4000, blank=True)

    class Meta:
        indexes = [models.Index(fields=["unit_path", "answered_at"])]


class Result(models.Model):
    """The result: its file, who decided, and since when the file bears which signature."""

    dossier = models.OneToOneField(Dossier, models.CASCADE, related_name="result")
    file = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+", db_index=False)
    number = models.CharField(max_length=60, blank=True)
    decided_by = models.CharField(max_length=120, blank=True)
    decided_at = models.DateTimeField(null=True)
    person_signed_at = models.DateTimeField(null=True)
    agency_signed_at = models.DateTimeField(null=True)
    proof_code = models.CharField(max_length=20, blank=True)
    handed_to = models.CharField(max_length=120, blank=True)
    handed_how = models.CharField(max_length=200, blank=True)
    handed_at = models.DateTimeField(null=True)


class Draft(models.Model):
    """A form not yet sent, saved field by field. Belongs to a resident or to the officer who types for one."""

    ACCESS_OWNER_FIELD = "owner_person_id"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+")
    owner_person = models.ForeignKey("accounts.Person", models.CASCADE, null=True, related_name="+")
    procedure = models.ForeignKey("procedures.Procedure", models.PROTECT, related_name="+")
    unit = models.ForeignKey("units.Unit", models.PROTECT, null=True, related_name="+")
    unit_path = UnitPathField(blank=True)
    answers = models.JSONField(default=dict)
    files = models.JSONField(default=dict)
    updated_at = models.DateTimeField()
    submitted = models.ForeignKey(Dossier, models.CASCADE, null=True, related_name="+")

    @property
    def owner_person_ids(self) -> tuple[int, ...]:
        return (self.owner_person_id,) if self.owner_person_id else ()


class ExternalRef(models.Model):
    """The same dossier in another system. Numbers are never rewritten; they are added here."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="external_refs")
    source = models.CharField(max_length=40)
    external_id = models.CharField(max_length=80)
    version = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="external_once")]
