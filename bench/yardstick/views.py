"""Plain Django for the same stored facts: JSON in, one atomic block, ORM, JSON out.

No authentication, no permission, no form check, no working calendar, no chain: the rows only. Written without tricks,
as one writes Django: `get`, `get_or_create`, `select_for_update`, `create`, `bulk_create`.
"""

import json
import secrets
from datetime import timedelta

from django.db import transaction
from django.http import JsonResponse
from django.utils.dateparse import parse_date

from xaso.core.accounts.models import Person
from xaso.core.audit.models import Entry
from xaso.core.deadlines.models import Clock
from xaso.core.numbering.models import Counter
from xaso.core.outbox.models import Delivery
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.modules.dossiers.models import Dossier, Step, SubmittedPaper
from xaso.modules.procedures.models import ProcedureVersion

NEXT = {"xu_ly": "xac_minh", "xac_minh": "tham_dinh", "tham_dinh": "ky", "ky": "phat_hanh"}
HANDLERS = 2


def _json(body, status=200):
    """With its length, so that waitress keeps the connection."""
    response = JsonResponse(body, status=status)
    response.headers["Content-Length"] = len(response.content)
    return response


def collection(request):
    return create(request) if request.method == "POST" else listed(request)


def create(request):
    data = json.loads(request.body)
    now = clock.now()
    with transaction.atomic():
        unit = Unit.objects.get(code=data["unit"], valid_to=None)
        version = ProcedureVersion.objects.get(procedure__code=data["procedure"], superseded_at=None)
        number = _next_number(unit, now)
        dossier = Dossier.objects.create(**_dossier(data, unit, version, number, now))
        _parts(dossier, data, now)
    return _json(_row(dossier), status=201)


def bulk(request):
    """What the same engineer writes first for many: the same in a loop, in one transaction."""
    data = json.loads(request.body)
    now = clock.now()
    made = []
    with transaction.atomic():
        unit = Unit.objects.get(code=data["unit"], valid_to=None)
        for item in data["items"]:
            version = ProcedureVersion.objects.get(procedure__code=item["procedure"], superseded_at=None)
            number = _next_number(unit, now)
            dossier = Dossier.objects.create(**_dossier(item, unit, version, number, now))
            _parts(dossier, item, now)
            made.append(_row(dossier))
    return _json({"items": made}, status=201)


def _next_number(unit, now):
    counter = Counter.objects.select_for_update().get(book="dossier", unit_path=unit.path, period="bare")
    counter.value += 1
    counter.save()
    return f"{unit.agency_code}-{now:%y%m%d}-{counter.value:06d}"


def _dossier(data, unit, version, number, now):
    who = data["applicant"]
    person, _ = Person.objects.get_or_create(
        personal_id=who["personal_id"],
        defaults={
            "full_name": who["full_name"],
            "folded_name": who["full_name"].lower(),
            "birth_on": parse_date(who["birth_on"]),
            "sex": who["sex"],
            "phone": who["phone"],
            "address": who["address"],
        },
    )
    return {
        "number": number,
        "secret": secrets.token_hex(4),
        "procedure_id": version.procedure_id,
        "version_id": version.pk,
        "unit": unit,
        "unit_path": unit.path,
        "received_by_unit": unit,
        "state": 4,
        "channel": "counter",
        "filing": "self",
        "owner_person": person,
        "applicant_name": who["full_name"],
        "applicant_id": who["personal_id"],
        "applicant_birth_on": parse_date(who["birth_on"]),
        "applicant_sex": who["sex"],
        "applicant_phone": who["phone"],
        "applicant_address": who["address"],
        "answers": data["answers"],
        "step_key": "xu_ly",
        "step_role": "handler",
        "submitted_at": now,
        "accepted_at": now,
        "due_at": now + timedelta(days=3),
    }


def _parts(dossier, data, now):
    papers = [*data["papers"], {"key": "uy_quyen"}]
    SubmittedPaper.objects.bulk_create(
        [SubmittedPaper(dossier=dossier, key=p["key"], name=p["key"], is_handed_in=True) for p in papers]
    )
    Clock.objects.create(
        subject=f"dossiers.Dossier:{dossier.pk}", unit_path=dossier.unit_path, kind="dossier", started_at=now,
        counted_from_at=now, limit_amount=3, limit_unit="workday", due_original_at=dossier.due_at,
        due_legal_at=dossier.due_at, due_shown_at=dossier.due_at, near_at=dossier.due_at,
    )  # fmt: skip
    Step.objects.bulk_create(
        [
            Step(dossier=dossier, key="receive", label="Tiếp nhận hồ sơ", kind="receive", who="Cán bộ", started_at=now,
                 finished_at=now, outcome="done"),
            Step(dossier=dossier, key="xu_ly", label="Xem xét hồ sơ", kind="process", role="handler", started_at=now),
        ]
    )  # fmt: skip
    _audit("dossiers.receive", dossier, now)
    _events(dossier, now)


def _events(dossier, now):
    Delivery.objects.bulk_create(
        [
            Delivery(event="dossiers.DossierAccepted", handler=f"bare{n}", payload={"dossier_id": dossier.pk},
                     created_at=now, next_at=now)
            for n in range(HANDLERS)
        ]
    )  # fmt: skip


def _audit(verb, dossier, now):
    Entry.objects.create(
        at=now, unit_path=dossier.unit_path, actor_kind="machine", actor_name="bare", via="bare", verb=verb,
        subject=f"dossiers.Dossier:{dossier.pk}", details={"number": dossier.number},
    )  # fmt: skip


def shown(request, uuid):
    dossier = Dossier.objects.select_related("owner_person", "procedure", "unit").get(uuid=uuid)
    parties = dossier.parties.all()
    papers = dossier.papers.select_related("file__blob").order_by("pk")
    steps = dossier.steps.order_by("started_at", "pk")
    body = _row(dossier) | {
        "applicant": {
            "full_name": dossier.applicant_name, "personal_id": dossier.applicant_id,
            "birth_on": dossier.applicant_birth_on, "phone": dossier.applicant_phone,
            "address": dossier.applicant_address,
        },
        "procedure_name": dossier.procedure.name,
        "unit_name": dossier.unit.name,
        "answers": dossier.answers,
        "parties": [{"role": p.role, "full_name": p.full_name} for p in parties],
        "papers": [
            {"key": p.key, "name": p.name, "is_handed_in": p.is_handed_in, "originals": p.originals, "copies": p.copies,
             "note": p.note, "file": {"uuid": p.file.uuid, "name": p.file.name, "size": p.file.blob.size}
             if p.file else None}
            for p in papers
        ],
        "steps": [
            {"key": s.key, "label": s.label, "kind": s.kind, "role": s.role, "who": s.who, "started_at": s.started_at,
             "due_at": s.due_at, "finished_at": s.finished_at, "outcome": s.outcome, "note": s.note}
            for s in steps
        ],
    }  # fmt: skip
    _audit("read", dossier, clock.now())
    return _json(body)


def finish_step(request, uuid):
    data = json.loads(request.body)
    now = clock.now()
    with transaction.atomic():
        dossier = Dossier.objects.select_for_update().get(uuid=uuid)
        following = NEXT.get(dossier.step_key)
        step = Step.objects.get(dossier=dossier, finished_at=None)
        step.finished_at, step.outcome, step.note, step.who = now, "done", data.get("remark", ""), "Cán bộ"
        step.save()
        if following is None:
            counting = Clock.objects.get(subject=f"dossiers.Dossier:{dossier.pk}")
            counting.state, counting.finished_at, counting.outcome = "finished", now, "finished"
            counting.save()
            dossier.state, dossier.finished_at, dossier.step_key, dossier.step_role = 9, now, "return", "reception"
            dossier.delivery_state, dossier.on_time_legal = "ready", True
            _events(dossier, now)
        else:
            dossier.step_key = following
            Step.objects.create(dossier=dossier, key=following, label=following, kind="process", role="handler",
                                started_at=now)  # fmt: skip
        dossier.save()
        _audit("dossiers.finish_step", dossier, now)
    return _json(_row(dossier))


def return_result(request, uuid):
    now = clock.now()
    with transaction.atomic():
        dossier = Dossier.objects.select_for_update().get(uuid=uuid)
        dossier.state, dossier.returned_at, dossier.delivery_state = 10, now, "delivered"
        dossier.save()
        Step.objects.create(dossier=dossier, key="return", label="Trả kết quả", kind="return", started_at=now,
                            finished_at=now)  # fmt: skip
        _audit("dossiers.return_result", dossier, now)
        _events(dossier, now)
    return _json(_row(dossier))


def listed(request):
    rows = Dossier.objects.filter(unit__code=request.GET["unit"]).select_related("procedure", "assignee__person")
    if state := request.GET.get("state"):
        rows = rows.filter(state=int(state))
    if channel := request.GET.get("channel"):
        rows = rows.filter(channel=channel)
    if since := request.GET.get("received_from"):
        rows = (
            rows.filter(accepted_at__date__gte=since)
            if request.GET.get("by_day")
            else rows.filter(accepted_at__gte=since + "T00:00:00+07:00")
        )
    if text := request.GET.get("q"):
        for word in text.split():
            rows = rows.filter(owner_person__folded_name__contains=word)
    return _json({"items": [_row(one) | {"procedure_name": one.procedure.name} for one in rows.order_by("-pk")[:20]]})


def _row(dossier):
    return {
        "uuid": dossier.uuid, "number": dossier.number, "state": dossier.state, "channel": dossier.channel,
        "payment_state": dossier.payment_state, "delivery_state": dossier.delivery_state, "filing": dossier.filing,
        "applicant_name": dossier.applicant_name, "step": dossier.step_key, "step_role": dossier.step_role,
        "submitted_at": dossier.submitted_at, "accepted_at": dossier.accepted_at, "due_at": dossier.due_at,
        "finished_at": dossier.finished_at, "returned_at": dossier.returned_at, "on_time": dossier.on_time_legal,
    }  # fmt: skip
