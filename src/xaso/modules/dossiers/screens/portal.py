"""The resident's side: file, follow, answer, withdraw, rate, look up."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse

from xaso.core.access import PUBLIC
from xaso.core.accounts.queries import guarded
from xaso.core.inbox import InboxEntry, span_of
from xaso.core.screens import Answer, declare, screen, told
from xaso.core.units.queries import communes, places_near
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.pages import number_in
from xaso.kit.sure import sure
from xaso.modules.dossiers import queries
from xaso.modules.dossiers.actions import closing, filing, processing
from xaso.modules.dossiers.forms import ReasonForm, SectionForm, answer_lines, read_answers
from xaso.modules.dossiers.models import Dossier, Draft
from xaso.modules.dossiers.screens.filing import (
    answers_with_files,
    applicant_of,
    file_names,
    keep_uploads,
    known_of,
    papers_of,
    person_behind,
)
from xaso.modules.dossiers.screens.showing import named, picture
from xaso.modules.procedures.queries import VersionView, current, for_reception

app_name = "dossiers"
LOOK_UP_TRIES = 20


class StartForm(forms.Form):
    """Where to file: the commune whose office will answer."""

    unit = forms.ChoiceField(label="Nộp tại xã, phường, thị trấn")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {str(unit.pk): unit for unit in communes(clock.today())}
        self.fields["unit"].choices = [("", "– chọn nơi nộp –"), *((pk, str(unit)) for pk, unit in self.units.items())]


@screen("dossiers/portal/start.html", permission="dossiers.save_draft")
def start(request: HttpRequest, code: str) -> Answer:
    version = for_reception(code)
    form = StartForm(request.POST or None, initial={"unit": request.session.get("last_unit", "")})
    if request.method == "POST" and form.is_valid():
        unit = form.units[form.cleaned_data["unit"]]
        request.session["last_unit"] = str(unit.pk)
        draft = Draft(
            account_id=request.actor.account_id,
            owner_person_id=request.actor.person_id,
            procedure_id=version.procedure_id,
            unit=unit,
            updated_at=clock.now(),
        )
        known = version.prefill(known_of(person_behind(request), unit.name))
        draft = filing.save_draft(request.actor, draft, answers=known, files_by_key={})
        return redirect("portal-dossiers:fill", key=draft.uuid, number=1)
    return {"form": form, "version": version}


def _parts(draft: Draft, version: VersionView) -> list[Any]:
    return version.visible(answers_with_files(draft))


def _steps(parts: list[Any]) -> list[str]:
    return [*(section.title for section, _ in parts), "Giấy tờ", "Xem lại và gửi"]


@screen("dossiers/portal/fill.html", permission="dossiers.save_draft")
def fill(request: HttpRequest, key: UUID, number: int) -> Answer:
    """One section of the form. Whatever is typed is kept, right or wrong."""
    draft = queries.draft(request.actor, key)
    version = current(draft.procedure.code)
    parts = _parts(draft, version)
    if not 1 <= number <= len(parts):
        return redirect("portal-dossiers:papers", key=key)
    section, specs = parts[number - 1]
    errors: dict[str, str] = {}
    opened = False
    if request.method == "POST":
        asked = {spec.key for spec in specs}
        draft, errors = _keep(request, draft, version, specs)
        parts = _parts(draft, version)
        section, specs = parts[number - 1]
        opened = any(spec.key not in asked for spec in specs)
        if not (errors or opened or "add_row" in request.POST):
            return redirect("portal-dossiers:fill", key=key, number=number + 1)
        if "add_row" in request.POST:
            errors = {}
    rows = {request.POST["add_row"]: 1} if "add_row" in request.POST else {}
    form = SectionForm(section, specs, draft.answers, errors=errors, rows=rows)
    return {
        "form": form,
        "draft": draft,
        "version": version,
        "number": number,
        "steps": _steps(parts),
        "kept": {spec.key: spec.label for spec in specs if spec.kind == "file" and spec.key in draft.files},
        "has_files": any(spec.kind == "file" for spec in specs),
        "opened": opened,
        "places": places_near(sure(draft.unit), clock.today()),
    }


def _keep(request: HttpRequest, draft: Draft, version: VersionView, specs: list[Any]) -> tuple[Draft, dict[str, str]]:
    """Save the section as typed, then say what is wrong with it."""
    problems: dict[str, str] = {}
    uploads: dict[str, str] = {}
    for name, label in file_names(specs).items():
        try:
            uploads |= keep_uploads(request, {name: label})
        except Refused as refusal:
            problems[name] = refusal.message
    answers = read_answers(specs, request.POST)
    draft = filing.save_draft(request.actor, draft, answers=answers, files_by_key=uploads)
    _, errors = version.validate(answers_with_files(draft), today=clock.today())
    mine = {spec.key for spec in specs}
    return draft, {path: text for path, text in errors.items() if path.split(".")[0] in mine} | problems


@declare("dossiers.save_draft")
def autosave(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """Called while typing: keeps the fields without checking them."""
    draft = queries.draft(request.actor, key)
    parts = _parts(draft, current(draft.procedure.code))
    if 1 <= number <= len(parts):
        answers = read_answers(parts[number - 1][1], request.POST)
        filing.save_draft(request.actor, draft, answers=answers, files_by_key={})
    return HttpResponse(status=204)


@screen("dossiers/portal/papers.html", permission="dossiers.save_draft")
def papers(request: HttpRequest, key: UUID) -> Answer:
    draft = queries.draft(request.actor, key)
    version = current(draft.procedure.code)
    wanted = version.papers(answers_with_files(draft))
    problem = ""
    if request.method == "POST":
        problem = _keep_papers(request, draft, wanted)
        if not problem and "more" not in request.POST:
            return redirect("portal-dossiers:review", key=key)
    given = papers_of(draft, version)
    parts = _parts(draft, version)
    rows = [{"part": part, "given": given.get(part.key)} for part in wanted]
    return {
        "draft": draft, "version": version, "rows": rows, "problem": problem, "steps": _steps(parts),
        "number": len(parts) + 1, "back": len(parts),
    }  # fmt: skip


def _keep_papers(request: HttpRequest, draft: Draft, wanted: list[Any]) -> str:
    """Store each chosen file; the sentence of the first that cannot be taken, the others are kept."""
    problem = ""
    kept: dict[str, str] = {}
    for part in wanted:
        name = f"paper.{part.key}"
        try:
            kept |= keep_uploads(request, {name: part.name})
        except Refused as refusal:
            problem = problem or f"{part.name}: {refusal.message}"
    if kept:
        filing.save_draft(request.actor, draft, answers={}, files_by_key=kept)
    return problem


class ReviewForm(forms.Form):
    result_by = forms.ChoiceField(label="Nhận kết quả", choices=Dossier.ResultBy.choices, widget=forms.RadioSelect)
    is_true = forms.BooleanField(
        label="Tôi cam đoan nội dung khai là đúng",
        error_messages={"required": "Hãy đánh dấu cam đoan trước khi gửi."},
    )


@screen("dossiers/portal/review.html", permission="dossiers.submit")
def review(request: HttpRequest, key: UUID) -> Answer:
    """Read everything back, then send. Sending twice makes one dossier."""
    draft = queries.draft(request.actor, key)
    if draft.submitted:
        return redirect("portal-dossiers:show", key=draft.submitted.uuid)
    version = for_reception(draft.procedure.code)
    clean, errors = version.validate(answers_with_files(draft), today=clock.today())
    parts = _parts(draft, version)
    form = ReviewForm(request.POST or None, initial={"result_by": "counter"})
    given = papers_of(draft, version)
    missing = [part.name for part in version.papers(clean) if part.need != "optional" and part.key not in given]
    if request.method == "POST" and not errors and not missing and form.is_valid():
        dossier = _send(request, draft, version, clean, form.cleaned_data["result_by"])
        told(request, "Đã gửi hồ sơ. Cán bộ sẽ xem và trả lời; bạn theo dõi tại trang này.")
        return redirect("portal-dossiers:show", key=dossier.uuid)
    quote = version.quote(version.case_for(clean), "online", {}, (), clock.today(), clean)
    return {
        "draft": draft, "version": version, "form": form, "steps": _steps(parts), "number": len(parts) + 2,
        "wrong": _wrong(parts, errors), "missing": missing, "lines": answer_lines(parts, clean or draft.answers),
        "quote": quote, "sections": [(i, s.title) for i, (s, _) in enumerate(parts, start=1)],
        "limit": version.limit(version.case_for(clean), "online"),
    }  # fmt: skip


def _wrong(parts: list[Any], errors: dict[str, str]) -> list[tuple[int, str]]:
    """Each remaining mistake with the step to go to."""
    where = {spec.key: number for number, (_, specs) in enumerate(parts, start=1) for spec in specs}
    return [(where[path.split(".")[0]], text) for path, text in errors.items() if path.split(".")[0] in where]


def _send(request: HttpRequest, draft: Draft, version: VersionView, clean: dict, result_by: str) -> Dossier:
    person = sure(person_behind(request))
    filed = filing.Filing(
        version=version,
        applicant=applicant_of(person),
        answers=clean,
        papers=papers_of(draft, version),
        result_by=result_by,
        idempotency_key=f"draft:{draft.uuid}",
    )
    return filing.once(
        filed.idempotency_key,
        lambda: filing.submit_dossier(request.actor, sure(draft.unit), filed=filed, draft=draft),
    )


@declare("dossiers.discard_draft")
def discard(request: HttpRequest, key: UUID) -> HttpResponse:
    if request.method == "POST":
        filing.discard_draft(request.actor, queries.draft(request.actor, key))
        told(request, "Đã xoá tờ khai nháp.")
    return redirect("portal-dossiers:mine")


@screen("dossiers/portal/mine.html", permission="dossiers.view")
def mine(request: HttpRequest) -> Answer:
    page = queries.filed_by(request.actor, request.GET.get("after", ""))
    return {"page": page, "rows": named(page.rows), "drafts": queries.drafts_of(request.actor)}


@screen("dossiers/portal/show.html", permission="dossiers.view", logs_reading=True)
def show(request: HttpRequest, key: UUID) -> Answer:
    dossier = queries.dossier(request.actor, key)
    return picture(request, dossier) | {
        "may_withdraw": request.actor.may("dossiers.withdraw", on=dossier) and dossier.state in {1, 2, 4, 5, 6},
        "may_answer": dossier.state == Dossier.State.SUPPLEMENT and dossier.supplement_answered_at is None,
        "may_rate": dossier.state in {3, 8, 9, 10} and dossier.rating is None,
    }


@screen("dossiers/portal/answer.html", permission="dossiers.answer_supplement")
def answer(request: HttpRequest, key: UUID) -> Answer:
    """Hand in what Mẫu 02 asked for."""
    dossier = queries.dossier(request.actor, key)
    asked = dossier.supplements.filter(answered_at=None).first()
    items = list(enumerate(asked.items)) if asked else []
    problem, text = "", request.POST.get("answer", "")
    if request.method == "POST":
        try:
            kept = keep_uploads(request, {f"item.{n}": name for n, name in items})
            uploads = {f"supplement_{dossier.supplements_asked}_{name[5:]}": UUID(k) for name, k in kept.items()}
            processing.answer_supplement(request.actor, dossier, uploads=uploads, answer=text)
        except Refused as refusal:
            problem = refusal.message
        else:
            told(request, "Đã gửi giấy tờ bổ sung. Cán bộ sẽ kiểm tra và trả lời.")
            return redirect("portal-dossiers:show", key=key)
    return {"dossier": dossier, "asked": asked, "items": items, "problem": problem, "text": text}


@screen("dossiers/portal/withdraw.html", permission="dossiers.withdraw")
def withdraw(request: HttpRequest, key: UUID) -> Answer:
    dossier = queries.dossier(request.actor, key)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        closing.withdraw_dossier(request.actor, dossier, reason=form.cleaned_data["reason"])
        told(request, "Đã rút hồ sơ.")
        return redirect("portal-dossiers:show", key=key)
    return {"dossier": dossier, "form": form}


@declare("dossiers.rate")
def rate(request: HttpRequest, key: UUID) -> HttpResponse:
    dossier = queries.dossier(request.actor, key)
    if request.method == "POST":
        stars = request.POST.get("rating", "")
        closing.rate(request.actor, dossier, stars=number_in(stars))
        told(request, "Cảm ơn bạn đã đánh giá.")
    return redirect("portal-dossiers:show", key=key)


@screen("dossiers/portal/look_up.html", permission=PUBLIC)
def look_up(request: HttpRequest) -> Answer:
    """By number: done or not. With the secret from the slip: the steps. No personal data either way."""
    number, secret = request.POST.get("number", ""), request.POST.get("secret", "")
    if request.method != "POST" or not number:
        return {"number": request.GET.get("so", ""), "found": None, "asked": False}
    with guarded("look_up", request.META["REMOTE_ADDR"], LOOK_UP_TRIES) as door:
        found = queries.look_up(number[:60], secret[:20])
        door.succeeded = found is not None
    return {"number": number, "found": found, "asked": True, "with_secret": bool(secret)}


def home_part(request: HttpRequest) -> dict[str, Any]:
    """For the portal's first page: follow a dossier."""
    drafts = queries.drafts_of(request.actor) if request.actor.account_id else []
    look_up = reverse("portal-dossiers:look_up")
    return {"template": "dossiers/parts/portal_home.html", "order": 10, "drafts": drafts, "look_up": look_up}


def inbox_part(request: HttpRequest) -> list[InboxEntry]:
    """A resident's own dossiers, each where it stands now."""
    span = span_of(request)
    rows = queries.moved_lately(request.actor, span.until, span.size)
    return [
        InboxEntry(
            row.moved_at,
            f"{row.get_state_display()}: {name}",
            str(row),
            reverse("portal-dossiers:show", args=[row.uuid]),
            "Hồ sơ",
        )
        for row, name in named(rows)
    ]


urlpatterns = [
    path("", mine, name="mine"),
    path("new/<str:code>/", start, name="start"),
    path("draft/<uuid:key>/<int:number>/", fill, name="fill"),
    path("draft/<uuid:key>/<int:number>/save/", autosave, name="autosave"),
    path("draft/<uuid:key>/papers/", papers, name="papers"),
    path("draft/<uuid:key>/review/", review, name="review"),
    path("draft/<uuid:key>/discard/", discard, name="discard"),
    path("look-up/", look_up, name="look_up"),
    path("<uuid:key>/", show, name="show"),
    path("<uuid:key>/answer/", answer, name="answer"),
    path("<uuid:key>/withdraw/", withdraw, name="withdraw"),
    path("<uuid:key>/rate/", rate, name="rate"),
]
