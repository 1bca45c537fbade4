"""Written once: begun from nothing, a notice or an old bulletin; saved, and looked at before it is handed in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_POST

from xaso.core.accounts.queries import own_unit
from xaso.core.forms import refusals_on
from xaso.core.screens import Answer, declare, screen, told
from xaso.kit.errors import Refused
from xaso.modules.bulletins.actions import drafting
from xaso.modules.bulletins.definitions import Starter, starters
from xaso.modules.bulletins.forms import BulletinForm, initial_of
from xaso.modules.bulletins.models import Bulletin
from xaso.modules.bulletins.queries import listing
from xaso.modules.bulletins.queries.places import places_under
from xaso.modules.bulletins.rules import states
from xaso.modules.bulletins.screens.finding import picture_in, sound_in, to_page

TEMPLATE = "bulletins/desk/write.html"
SAVED = "Đã lưu bản nháp."
BACK_TO_DRAFT = "Bản tin đã được sửa nên trở về bản nháp. Hãy trình duyệt lại."


@screen("bulletins/desk/starters.html", permission="bulletins.write")
def begin(request: HttpRequest) -> Answer:
    """What most bulletins begin from."""
    del request
    return {"starters": starters().items()}


@screen(TEMPLATE, permission="bulletins.write")
def new(request: HttpRequest) -> Answer:
    by = request.actor
    unit = own_unit(by, "bulletins.write")
    code = request.GET.get("mau", "")
    starter = starters().get(code)
    places = places_under(unit)
    form = BulletinForm(
        request.POST or None, request.FILES or None, places=places, unit=unit, initial=_initial(starter)
    )
    if request.method == "POST" and form.is_valid():
        series = form.cleaned_data["series"]
        with refusals_on(form):
            made = drafting.write(by, unit, content=form.content, template=code if starter else "", series=series)
            return _kept(request, form, made)
    return _page(form, unit, None, starter)


def _initial(starter: Starter | None) -> dict[str, Any]:
    if starter is None:
        return {"channels": ["speakers", "web", "inbox"]}
    return {
        "title": starter.title, "text": starter.text, "sms": starter.sms, "topic": starter.topic,
        "klass": starter.klass, "channels": list(starter.channels), "loops": starter.loops,
    }  # fmt: skip


@screen(TEMPLATE, permission="bulletins.edit")
def edit(request: HttpRequest, key: UUID) -> Answer:
    by = request.actor
    bulletin = listing.bulletin_for(by, key, "bulletins.edit")
    if bulletin.state not in states.WRITABLE:
        raise Refused("Bản tin đã duyệt thì không sửa được. Hãy bấm “Soạn bản thay thế” ở trang bản tin.")
    form = BulletinForm(
        request.POST or None, request.FILES or None, places=places_under(bulletin.unit), unit=bulletin.unit,
        bulletin=bulletin, initial=initial_of(bulletin),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        was = bulletin.state
        revision = form.cleaned_data["revision"]
        with refusals_on(form):
            done = drafting.edit(by, bulletin, content=form.content, revision=revision if revision else 0)
            if was == states.SUBMITTED:
                told(request, BACK_TO_DRAFT)
            return _kept(request, form, done)
    return _page(form, bulletin.unit, bulletin, None)


def _kept(request: HttpRequest, form: BulletinForm, bulletin: Bulletin) -> HttpResponseBase:
    """The draft is safe; then what came with it. What cannot be taken is said, and nothing of the text is lost."""
    by, kept = request.actor, form.cleaned_data
    try:
        sound, picture = sound_in(request), picture_in(request)
        if sound is not None or kept.get("drop_recording"):
            drafting.give_recording(by, bulletin, received=sound)
        if picture is not None or kept.get("drop_picture"):
            drafting.give_picture(by, bulletin, received=picture)
    except Refused as refusal:
        told(request, f"{SAVED} Nhưng tệp kèm theo chưa nhận được: {refusal.message}")
        return redirect("desk-bulletins:edit", key=bulletin.uuid)
    if request.POST.get("go") == "draft":
        told(request, SAVED)
        return redirect("desk-bulletins:edit", key=bulletin.uuid)
    drafting.speak(by, bulletin)
    return redirect("desk-bulletins:show", key=bulletin.uuid)


def _page(form: BulletinForm, unit: Any, bulletin: Bulletin | None, starter: Starter | None) -> dict[str, Any]:
    return {
        "form": form,
        "unit": unit,
        "bulletin": bulletin,
        "starter": starter,
        "main": [form[name] for name in ("title", "text", "klass", "topic")],
        "times": [form[name] for name in ("day", "hour")],
        "weekly": [form[name] for name in ("days", "times", "until_day")],
        "speech": _fields(form, "speech", "recording", "drop_recording", "loops", "volume"),
        "sms": [form[name] for name in ("sms", "with_marks", "budget_line")],
        "others": _fields(
            form, "zalo_template", *(f"zalo_{one}" for one in form.zalo_names), "post", "picture", "drop_picture",
            "series",
        ),
        "more_is_open": bool(form.errors) and not set(form.errors) <= {"title", "text"},
    }  # fmt: skip


def _fields(form: BulletinForm, *names: str) -> list[Any]:
    return [form[name] for name in names if name in form.fields]


@require_POST
@declare("bulletins.copy")
def copy(request: HttpRequest, key: UUID) -> HttpResponseBase:
    made = drafting.copy_bulletin(request.actor, listing.bulletin_for(request.actor, key, "bulletins.copy"))
    told(request, "Đã chép thành bản nháp mới. Hãy sửa ngày giờ rồi trình duyệt.")
    return redirect("desk-bulletins:edit", key=made.uuid)


@require_POST
@declare("bulletins.replace")
def replace(request: HttpRequest, key: UUID) -> HttpResponseBase:
    made = drafting.replace(request.actor, listing.bulletin_for(request.actor, key, "bulletins.replace"))
    told(request, "Đây là bản thay thế. Khi được duyệt, bản cũ dừng phát.")
    return redirect("desk-bulletins:edit", key=made.uuid)


@require_POST
@declare("bulletins.discard")
def discard(request: HttpRequest, key: UUID) -> HttpResponseBase:
    bulletin = listing.bulletin_for(request.actor, key, "bulletins.discard")
    drafting.discard(request.actor, bulletin)
    told(request, f"Đã xoá bản nháp “{bulletin.title}”.")
    return redirect("desk-bulletins:index")


@require_POST
@declare("bulletins.speak")
def speak(request: HttpRequest, key: UUID) -> HttpResponseBase:
    bulletin = listing.bulletin_for(request.actor, key, "bulletins.speak")
    drafting.speak(request.actor, bulletin)
    return to_page(request, bulletin, "Đang tạo lời đọc, thường mất vài giây. Hãy tải lại trang để nghe.")


urlpatterns = [
    path("soan/", begin, name="begin"),
    path("soan/moi/", new, name="new"),
    path("<uuid:key>/sua/", edit, name="edit"),
    path("<uuid:key>/chep/", copy, name="copy"),
    path("<uuid:key>/thay-the/", replace, name="replace"),
    path("<uuid:key>/xoa/", discard, name="discard"),
    path("<uuid:key>/tao-loi-doc/", speak, name="speak"),
]
