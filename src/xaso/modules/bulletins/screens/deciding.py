"""One page with everything to decide: every channel as it would be, two buttons. And what became of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_POST

from xaso.core.forms import checked
from xaso.core.screens import Answer, declare, screen, told
from xaso.kit.errors import Missing, Refused
from xaso.modules.audiences import queries as audiences
from xaso.modules.audio import queries as audio
from xaso.modules.bulletins.actions import deciding, emergency, sending
from xaso.modules.bulletins.actions.playing import rehearsed
from xaso.modules.bulletins.forms import ReasonForm, ReviewForm
from xaso.modules.bulletins.models import Bulletin
from xaso.modules.bulletins.queries import listing, preview
from xaso.modules.bulletins.rules import content as contents
from xaso.modules.bulletins.rules import states
from xaso.modules.bulletins.screens.finding import to_page

AUDIO = "audio/mpeg"


@screen("bulletins/desk/show.html", permission="bulletins.view")
def show(request: HttpRequest, key: UUID) -> Answer:
    bulletin = listing.bulletin_for(request.actor, key)
    actor, may = request.actor, request.actor.may
    before = bulletin.state in states.WRITABLE
    sendings = listing.sendings_of(bulletin)
    shown = _previewed(bulletin) if before else []
    is_mine = actor.account_id in bulletin.writers
    return {
        "bulletin": bulletin,
        "topic": audiences.topic_named(bulletin.topic).label,
        "places": preview.places(bulletin),
        "channels": shown,
        "stops": [one for one in shown if one.stops],
        "faults": deciding.faults_of(bulletin) if before else [],
        "sendings": sendings,
        "steps": _steps(bulletin),
        "relays": list(bulletin.relays.select_related("unit").order_by("unit_path")[:200]) if sendings else [],
        "reason_form": ReasonForm(),
        "review_form": ReviewForm(),
        "sound": audio.recording(bulletin.recording) if bulletin.recording and not before else None,
        "is_mine": is_mine,
        "replaced_by": bulletin.replacements.exclude(state__in=states.WRITABLE).order_by("-pk").first(),
        "may_edit": before and may("bulletins.edit", on=bulletin),
        "may_submit": bulletin.state in states.MOVES["submit"][0] and may("bulletins.submit", on=bulletin),
        "may_decide": bulletin.state == states.SUBMITTED and may("bulletins.approve", on=bulletin) and not is_mine,
        "is_barred": bulletin.state == states.SUBMITTED and may("bulletins.approve", on=bulletin) and is_mine,
        "may_cancel": _may_cancel(actor, bulletin),
        "may_discard": bulletin.state == states.DRAFT and may("bulletins.discard", on=bulletin),
        "may_copy": may("bulletins.copy", on=bulletin),
        "may_replace": bulletin.state in states.LIVE | {states.DONE} and may("bulletins.replace", on=bulletin),
        "may_retry": bulletin.state != states.CANCELLED and may("bulletins.retry", on=bulletin),
        "may_review": bulletin.is_due_for_review and may("bulletins.review", on=bulletin)
        and actor.account_id != bulletin.author_id,
    }  # fmt: skip


def _may_cancel(actor: Any, bulletin: Bulletin) -> bool:
    is_open = bulletin.state in states.LIVE | {states.SUBMITTED}
    return is_open and actor.may("bulletins.cancel", on=bulletin)


def _previewed(bulletin: Bulletin) -> list[preview.Shown]:
    refusal = rehearsed(bulletin) if contents.SPEAKERS in bulletin.channels else ""
    return preview.preview(bulletin, refusal=refusal)


def _steps(bulletin: Bulletin) -> list[dict[str, Any]]:
    """Newest first."""
    decided = "Không duyệt" if bulletin.refusal else "Gửi khẩn cấp" if bulletin.is_emergency else "Duyệt"
    given = [
        (bulletin.created_at, "Soạn", bulletin.author_name, "", "neutral"),
        (bulletin.submitted_at, "Trình duyệt", bulletin.submitted_by, "", "warn"),
        (bulletin.decided_at, decided, bulletin.decided_by, bulletin.refusal or bulletin.emergency_reason,
         "bad" if bulletin.refusal else "good"),
        (bulletin.published_at, "Bắt đầu gửi", "", "", "info"),
        (bulletin.ended_at, states.LABELS[bulletin.state], bulletin.cancelled_by, bulletin.cancel_reason,
         bulletin.tone),
        (bulletin.reviewed_at, f"Xem xét: {bulletin.get_verdict_display()}", bulletin.reviewed_by, bulletin.review_note,
         "good" if bulletin.verdict == "right" else "bad"),
    ]  # fmt: skip
    if bulletin.is_emergency:
        given = [one for one in given if one[1] not in {"Soạn", "Trình duyệt"}]
    found = [
        {"at": at, "title": title, "by": by, "text": text, "tone": tone} for at, title, by, text, tone in given if at
    ]
    return sorted(found, key=lambda one: one["at"], reverse=True)


def _need_clear(bulletin: Bulletin) -> None:
    """What would be refused afterwards is refused now, with the channel's name."""
    found = [f"{one.title}: {' '.join(one.stops)}" for one in _previewed(bulletin) if one.stops]
    if found:
        raise Refused(f"{' '.join(found)} Hãy sửa bản tin, hoặc bỏ chọn kênh này.")


@require_POST
@declare("bulletins.submit")
def submit(request: HttpRequest, key: UUID) -> HttpResponseBase:
    bulletin = listing.bulletin_for(request.actor, key, "bulletins.submit")
    if not deciding.faults_of(bulletin):
        _need_clear(bulletin)
    deciding.submit(request.actor, bulletin)
    return to_page(request, bulletin, "Đã trình duyệt. Lãnh đạo thấy bản tin này ở trang đầu.")


@require_POST
@declare("bulletins.approve")
def approve(request: HttpRequest, key: UUID) -> HttpResponseBase:
    bulletin = listing.bulletin_for(request.actor, key, "bulletins.approve")
    if bulletin.state == states.SUBMITTED:
        _need_clear(bulletin)
    deciding.approve(request.actor, bulletin, content_hash=request.POST.get("content_hash", ""))
    return to_page(request, bulletin, "Đã duyệt. Bản tin được gửi qua tất cả các kênh đã chọn.")


@require_POST
@declare("bulletins.refuse")
def refuse(request: HttpRequest, key: UUID) -> HttpResponseBase:
    bulletin = listing.bulletin_for(request.actor, key, "bulletins.refuse")
    deciding.refuse(request.actor, bulletin, reason=checked(ReasonForm(request.POST))["reason"])
    return to_page(request, bulletin, "Đã trả lại người soạn kèm lý do.")


@require_POST
@declare("bulletins.cancel")
def cancel(request: HttpRequest, key: UUID) -> HttpResponseBase:
    bulletin = listing.bulletin_for(request.actor, key, "bulletins.cancel")
    deciding.cancel(request.actor, bulletin, reason=checked(ReasonForm(request.POST))["reason"])
    return to_page(request, bulletin, "Đã huỷ. Loa dừng phát, tin chưa gửi không gửi nữa.")


@require_POST
@declare("bulletins.retry")
def retry(request: HttpRequest, key: UUID) -> HttpResponseBase:
    bulletin = listing.bulletin_for(request.actor, key, "bulletins.retry")
    channel = request.POST.get("channel", "")
    if channel not in contents.CHANNELS:
        raise Missing("Không có kênh này. Hãy tải lại trang.")
    sending.retry_channel(request.actor, bulletin, channel=channel)
    return to_page(request, bulletin, f"Đang gửi lại qua kênh {contents.CHANNELS[channel]}.")


@require_POST
@declare("bulletins.review")
def review(request: HttpRequest, key: UUID) -> HttpResponseBase:
    bulletin = listing.bulletin_for(request.actor, key, "bulletins.review")
    given = checked(ReviewForm(request.POST))
    emergency.review(request.actor, bulletin, verdict=given["verdict"], remark=given["remark"])
    told(request, "Đã ghi kết quả xem xét.")
    waiting = listing.to_review(request.actor, 1)
    return redirect("desk-bulletins:show", key=waiting[0].uuid if waiting else bulletin.uuid)


@declare("bulletins.view")
def listen(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """What the loudspeakers play, for whoever may see the bulletin."""
    bulletin = listing.bulletin_for(request.actor, key)
    if bulletin.recording is None:
        raise Missing("Bản tin này chưa có âm thanh.")
    sound = audio.recording(bulletin.recording)
    response = FileResponse(audio.opened(sound), content_type=AUDIO, filename="ban-tin.mp3")
    response.headers["Content-Length"] = str(sound.file.size if sound.file else 0)
    response.headers["Cache-Control"] = "private, no-store"
    return response


urlpatterns = [
    path("<uuid:key>/", show, name="show"),
    path("<uuid:key>/nghe/", listen, name="listen"),
    path("<uuid:key>/trinh/", submit, name="submit"),
    path("<uuid:key>/duyet/", approve, name="approve"),
    path("<uuid:key>/khong-duyet/", refuse, name="refuse"),
    path("<uuid:key>/huy/", cancel, name="cancel"),
    path("<uuid:key>/gui-lai/", retry, name="retry"),
    path("<uuid:key>/xem-xet/", review, name="review"),
]
