"""Papers asked for at the counter: the slip at once, and the read-back in large type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from xaso.core.access import Actor
from xaso.core.actions import action
from xaso.kit import clock, subject
from xaso.kit.errors import Refused
from xaso.modules.dossiers.actions.telling import blanks_of
from xaso.modules.dossiers.models import Dossier, Party
from xaso.modules.papers.actions import issue_paper
from xaso.modules.papers.queries import latest_of
from xaso.modules.payments.queries import charges_of
from xaso.modules.procedures.queries import version

SLIP, READ_BACK = "mau-01", "phieu-doc-lai"
NOT_ACCEPTED = "Hồ sơ chưa được tiếp nhận nên chưa có giấy hẹn."


@action("dossiers.print_slip", "In giấy tiếp nhận và hẹn trả")
def slip_of(by: Actor, dossier: Dossier, /) -> Any:
    """Mẫu 01: the one already issued after the commit, or now."""
    if dossier.number is None:
        raise Refused(NOT_ACCEPTED)
    reference = subject.ref(dossier)
    return latest_of(reference, SLIP) or issue_paper(
        by, reference, unit=dossier.unit, code=SLIP, on=clock.today(), data=blanks_of(dossier, SLIP),
        owner_person_id=dossier.owner_person_id,
    )  # fmt: skip


@action("dossiers.print_read_back", "In phiếu đọc lại")
def read_back(by: Actor, dossier: Dossier, /, *, lines: Sequence[dict[str, str]]) -> Any:
    """What was typed for the resident, in large type; `lines` are the answers in words."""
    pinned = version(dossier.version_id)
    helper = Party.objects.filter(dossier=dossier, role__in=[Party.Role.HELPER, Party.Role.PROXY]).first()
    charges = [charge for charge in charges_of(subject.ref(dossier)) if charge.is_open]
    data = {
        "department_name": "Bộ phận Tiếp nhận và Trả kết quả",
        "lookup_address": f"{settings.PUBLIC_URL}/tra-cuu/",
        "dossier_number": dossier.number or "",
        "procedure_name": pinned.name,
        "applicant_name": dossier.applicant_name,
        "helper_name": helper.full_name if helper else "",
        "helper_role": helper.get_role_display() if helper else "",
        "answers": list(lines) or [{"label": "Họ tên", "value": dossier.applicant_name}],
        "due_text": f"{clock.local(dossier.due_at):%H:%M ngày %d/%m/%Y}" if dossier.due_at else "",
        "fee_text": " + ".join(f"{charge.due:,} đồng".replace(",", ".") for charge in charges),
    }
    return issue_paper(
        by, subject.ref(dossier), unit=dossier.unit, code=READ_BACK, on=clock.today(), data=data,
        owner_person_id=dossier.owner_person_id,
    )  # fmt: skip
