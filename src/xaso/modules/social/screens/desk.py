"""Pages about posts: drafted, put at Facebook, published by a person, or copied by hand."""

from __future__ import annotations

import uuid as uuids
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_POST

from xaso.core.forms import refusals_on
from xaso.core.paging import page as paged
from xaso.core.screens import Answer, declare, screen, told
from xaso.kit.subject import names
from xaso.modules.social import queries
from xaso.modules.social.actions import posting
from xaso.modules.social.actions.posting import Words
from xaso.modules.social.forms import AddressForm, PostFilter, PostForm
from xaso.modules.social.models import Post
from xaso.modules.social.pictures import of_upload
from xaso.modules.social.screens import register

NEXT = {
    "drafted": "Chép bài, đăng ở trang của xã, rồi ghi địa chỉ bài đã đăng.",
    "waiting": "Hệ thống tự làm, không phải làm gì.",
    "by_hand": "Xong.",
    "failed": "Xem lý do bên dưới, sửa nguyên nhân rồi bấm đưa lên lại; hoặc đăng tay.",
    "cancelled": "Không đăng nữa.",
}
AT_FACEBOOK = {
    "draft": "Xem lại rồi bấm đăng; chưa ai thấy bài này.",
    "scheduled": "Facebook tự đăng đúng giờ hẹn. Có thể đăng ngay hoặc huỷ.",
    "published": "Xong.",
}


@screen("social/desk/posts.html", permission="social.view")
def posts(request: HttpRequest) -> Answer:
    form = PostFilter(request.GET or None)
    chosen = form.cleaned_data if form.is_valid() else {}
    found, after = paged(request, queries.posts(request.actor, **chosen))
    may_draft = request.actor.may("social.draft")
    return {"form": form, "rows": found, "next": after, "filtered": any(chosen.values()), "may_draft": may_draft}


@screen("social/desk/post_form.html", permission="social.draft")
def draft(request: HttpRequest) -> Answer:
    """The key of the form makes a second click the same post."""
    pages = queries.may_post_to(request.actor)
    posted = request.method == "POST"
    form = PostForm(request.POST if posted else None, request.FILES if posted else None, pages=pages,
                    initial={"key": str(uuids.uuid4())})  # fmt: skip
    if form.is_valid():
        with refusals_on(form):
            made = _drafted(request, form, pages)
            told(request, "Đang đưa lên Facebook." if made.state == "waiting" else "Đã soạn. Trang chưa nối Facebook.")
            return redirect(made)
    return {"form": form, "pages": pages}


def _drafted(request: HttpRequest, form: PostForm, pages: list[Any]) -> Post:
    given = form.cleaned_data
    page = next(one for one in pages if one.pk == given["page"])
    words = Words(given["text"], given["link"], given["publish_at"])
    picture = of_upload(given["picture"]) if given["picture"] else None
    key = f"desk:{request.actor.account_id}:{given['key'] or uuids.uuid4()}"
    return posting.draft(request.actor, page, words=words, picture=picture, key=key)


@screen("social/desk/post.html", permission="social.view")
def post(request: HttpRequest, key: UUID) -> Answer:
    found = queries.post_for(request.actor, key)
    at_facebook = found.state == "on_facebook"
    may, open_there = request.actor.may, at_facebook and found.facebook_as != "published"
    by_hand = found.state in {"drafted", "failed"}
    return {
        "post": found, "connected": queries.is_connected(found.page), "address_form": AddressForm(),
        "todo": AT_FACEBOOK[found.facebook_as] if at_facebook else NEXT[found.state],
        "about": names([found.purpose]).get(found.purpose, "") if found.purpose else "",
        "may_send": by_hand and may("social.send_to_facebook", on=found),
        "may_publish": open_there and may("social.publish", on=found),
        "may_cancel": (open_there or by_hand) and may("social.cancel", on=found),
        "may_record": by_hand and may("social.post_by_hand", on=found),
    }  # fmt: skip


@require_POST
@declare("social.send_to_facebook")
def send(request: HttpRequest, key: UUID) -> HttpResponseBase:
    found = posting.send_to_facebook(request.actor, queries.post_for(request.actor, key, "social.send_to_facebook"))
    told(request, "Đang đưa lên Facebook. Tải lại trang sau ít giây.")
    return redirect(found)


@require_POST
@declare("social.publish")
def publish(request: HttpRequest, key: UUID) -> HttpResponseBase:
    found = posting.publish(request.actor, queries.post_for(request.actor, key, "social.publish"))
    told(request, "Đang đăng. Tải lại trang sau ít giây.")
    return redirect(found)


@require_POST
@declare("social.cancel")
def cancel(request: HttpRequest, key: UUID) -> HttpResponseBase:
    found = posting.cancel(request.actor, queries.post_for(request.actor, key, "social.cancel"))
    told(request, "Đã huỷ." if found.state == "cancelled" else "Đang gỡ khỏi Facebook.")
    return redirect(found)


@screen("social/desk/by_hand.html", permission="social.post_by_hand")
def by_hand(request: HttpRequest, key: UUID) -> Answer:
    found = queries.post_for(request.actor, key, "social.post_by_hand")
    form = AddressForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            posting.post_by_hand(request.actor, found, address=form.cleaned_data["address"])
            told(request, "Đã ghi bài đăng tay.")
            return redirect(found)
    return {"form": form, "post": found}


urlpatterns = [
    path("", register.pages, name="pages"),
    path("tai-ve/", register.export, name="export"),
    path("them/", register.add_page, name="add_page"),
    path("thon/", register.villages, name="villages"),
    path("kenh/<uuid:key>/", register.page, name="page"),
    path("kenh/<uuid:key>/sua/", register.amend_page, name="amend_page"),
    path("kenh/<uuid:key>/kiem-tra/", register.check, name="check"),
    path("kenh/<uuid:key>/dong/", register.close, name="close"),
    path("bai/", posts, name="posts"),
    path("bai/moi/", draft, name="draft"),
    path("bai/<uuid:key>/", post, name="post"),
    path("bai/<uuid:key>/dua-len/", send, name="send"),
    path("bai/<uuid:key>/dang/", publish, name="publish"),
    path("bai/<uuid:key>/huy/", cancel, name="cancel"),
    path("bai/<uuid:key>/dang-tay/", by_hand, name="by_hand"),
]
