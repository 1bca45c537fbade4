"""The sender's side: follow by the code or from the account, answer, rate, disagree once, take back consent."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from xaso.core.access import ANONYMOUS, PUBLIC
from xaso.core.accounts.queries import guarded
from xaso.core.forms import checked
from xaso.core.inbox import InboxEntry, Span
from xaso.core.paging import page as paged
from xaso.core.screens import Answer, declare, screen, told
from xaso.kit import clock
from xaso.kit.errors import Missing
from xaso.modules.feedback import actions
from xaso.modules.feedback.actions import Words
from xaso.modules.feedback.definitions import desk
from xaso.modules.feedback.forms import WordsForm
from xaso.modules.feedback.models import Report
from xaso.modules.feedback.queries.public import by_code, of_sender, own
from xaso.modules.feedback.queries.reports import report as report_of
from xaso.modules.feedback.rules import moves
from xaso.modules.feedback.screens.reporting import KEPT, needs_confirming, remember
from xaso.modules.feedback.screens.shared import photo_answer, photo_in, photos_of_request

NOT_OPEN = "Hãy nhập mã theo dõi để mở phản ánh này."
CONFIRM_TRIES = 5
RATINGS = [
    {"value": 3, "label": "Hài lòng", "icon": "smile"},
    {"value": 2, "label": "Bình thường", "icon": "neutral"},
    {"value": 1, "label": "Không hài lòng", "icon": "frown"},
]


def opened(request: HttpRequest, key: UUID) -> Report:
    """The report, when this reader sent it: by the account, or because this browser showed the code."""
    if str(key) in request.session.get(KEPT, []):
        return report_of(key)
    found = own(request.actor.person_id, key)
    if found is None:
        raise Missing(NOT_OPEN)
    return found


@screen("feedback/portal/follow.html", permission=PUBLIC)
def follow(request: HttpRequest) -> Answer:
    """The code opens the report. It is sent, never put into an address."""
    typed = request.POST.get("code", "")
    if request.method != "POST" or not typed.strip():
        return {"typed": "", "problem": ""}
    tries = desk().limits.look_up_tries
    try:
        with guarded("feedback.code", request.META["REMOTE_ADDR"], tries) as door:
            found = by_code(typed[:40])
            door.succeeded = True
    except Missing as missing:
        return {"typed": typed[:40], "problem": missing.message}
    remember(request, found)
    return redirect("portal-feedback:own", key=found.uuid)


@screen("feedback/portal/own.html", permission=PUBLIC)
def show(request: HttpRequest, key: UUID) -> Answer:
    """Where it stands and what the sender can do now. Officers' names are not told."""
    one = opened(request, key)
    main = one.merged_into or one
    sentence = moves.why_not_reopen(one.state, one.rounds, one.answered_at, clock.now(), desk().reopen_days)
    return {
        "report": one,
        "main": main,
        "words": moves.resident_words(one.state),
        "is_new": "moi" in request.GET,
        "confirming": needs_confirming(one),
        "timeline": [
            {"at": step.at, "title": step.label, "text": step.text}
            for step in one.steps.filter(is_told=True).order_by("-id")[:100]
        ],
        "photos": list(one.photos.order_by("id")),
        "answer": main.answer if main.state in moves.DONE else "",
        "may_rate": one.state in moves.DONE and one.satisfaction is None,
        "may_reopen": not sentence,
        "more_form": WordsForm(prefix="m"),
        "ratings": RATINGS,
        "due_at": main.due_at if main.is_open else None,
    }


@screen("feedback/portal/mine.html", permission="feedback.mine")
def mine(request: HttpRequest) -> Answer:
    rows, following = paged(request, of_sender(request.actor.person_id))
    return {"rows": rows, "next": following}


def _again(request: HttpRequest, report: Report, sentence: str) -> HttpResponseBase:
    told(request, sentence)
    return redirect("portal-feedback:own", key=report.uuid)


@require_POST
@declare("feedback.confirm_phone")
def confirm(request: HttpRequest, key: UUID) -> HttpResponseBase:
    report = opened(request, key)
    with guarded("feedback.confirm", str(report.uuid), CONFIRM_TRIES) as door:
        actions.confirm_phone(ANONYMOUS, report, typed=Words(request.POST.get("code", "")[:20]))
        door.succeeded = True
    return _again(request, report, "Đã xác nhận. Xã bắt đầu xem phản ánh của ông/bà.")


@require_POST
@declare("feedback.give_more")
def give_more(request: HttpRequest, key: UUID) -> HttpResponseBase:
    report = opened(request, key)
    text = checked(WordsForm(request.POST, prefix="m"))["text"]
    photos = photos_of_request(request, None)
    actions.give_more(ANONYMOUS, report, more=Words(text), photos=photos)
    return _again(request, report, "Đã gửi bổ sung.")


@require_POST
@declare("feedback.rate")
def rate(request: HttpRequest, key: UUID) -> HttpResponseBase:
    report = opened(request, key)
    stars, why = request.POST.get("rating", ""), request.POST.get("why", "")[:1000]
    actions.rate(ANONYMOUS, report, stars=int(stars) if stars in {"1", "2", "3"} else 0, why=Words(why))
    return _again(request, report, "Cảm ơn ông/bà đã đánh giá.")


@require_POST
@declare("feedback.reopen")
def reopen(request: HttpRequest, key: UUID) -> HttpResponseBase:
    report = actions.reopen(ANONYMOUS, opened(request, key), why=Words(request.POST.get("why", "")[:2000]))
    return _again(request, report, "Đã gửi đề nghị xem lại. Xã sẽ trả lời một lần nữa.")


@require_POST
@declare("feedback.withdraw_consent")
def withdraw_consent(request: HttpRequest, key: UUID) -> HttpResponseBase:
    report = actions.withdraw_consent(ANONYMOUS, opened(request, key))
    return _again(request, report, "Phản ánh này không còn công khai.")


@declare(PUBLIC)
def photo(request: HttpRequest, key: UUID, photo: UUID) -> HttpResponseBase:
    """An own picture."""
    return photo_answer(photo_in(opened(request, key), photo), public=False)


def entries(person_id: int | None, span: Span) -> list[InboxEntry]:
    """What the resident's inbox shows of reports, newest change first."""
    rows = of_sender(person_id)
    if span.until:
        rows = rows.filter(updated_at__lte=span.until)
    return [
        InboxEntry(
            one.updated_at,
            f"{one.get_state_display()}: {one.category_name}",
            str(one),
            reverse("portal-feedback:own", args=[one.uuid]),
            "Phản ánh",
        )
        for one in rows.order_by("-updated_at", "-pk")[: span.size]
    ]


urlpatterns = [
    path("theo-doi/", follow, name="follow"),
    path("cua-toi/", mine, name="mine"),
    path("<uuid:key>/", show, name="own"),
    path("<uuid:key>/xac-nhan/", confirm, name="confirm"),
    path("<uuid:key>/bo-sung/", give_more, name="give_more"),
    path("<uuid:key>/danh-gia/", rate, name="rate"),
    path("<uuid:key>/xem-lai/", reopen, name="reopen"),
    path("<uuid:key>/rut-cong-khai/", withdraw_consent, name="withdraw_consent"),
    path("<uuid:key>/anh/<uuid:photo>/", photo, name="photo"),
]
