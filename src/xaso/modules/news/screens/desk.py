"""Officers write, hand in, approve, correct and withdraw articles."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_POST

from xaso.core.accounts.queries import own_unit
from xaso.core.forms import refusals_on
from xaso.core.paging import page
from xaso.core.screens import Answer, declare, screen, told
from xaso.modules.news import pictures, queries
from xaso.modules.news.actions import publishing, writing
from xaso.modules.news.actions.writing import Draft
from xaso.modules.news.forms import ApproveForm, ArticleForm, CorrectionForm, WhyForm
from xaso.modules.news.models import Article, ArticleVersion
from xaso.modules.news.screens.portal import shown

State = Article.State
TABS = {"da-dang": State.PUBLISHED, "cho-duyet": State.SUBMITTED, "nhap": State.DRAFT, "da-go": State.WITHDRAWN}
TONES = {State.DRAFT: "neutral", State.SUBMITTED: "warn", State.PUBLISHED: "good", State.WITHDRAWN: "bad"}


@screen("news/desk/index.html", permission="news.view")
def index(request: HttpRequest) -> Answer:
    asked = request.GET.get("muc", "")
    chosen = asked if asked in TABS else "da-dang"
    rows, following = page(request, queries.in_hand(request.actor, TABS[chosen]).select_related("unit"))
    tabs = [
        {"label": State(state).label, "url": f"?muc={key}", "current": key == chosen} for key, state in TABS.items()
    ]
    return {
        "tabs": tabs,
        "rows": [{"article": one, "tone": TONES[State(one.state)]} for one in rows],
        "next": following,
        "may_write": request.actor.may("news.write"),
    }


@screen("news/desk/form.html", permission="news.write")
def write(request: HttpRequest) -> Answer:
    unit = own_unit(request.actor)
    form = ArticleForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        with refusals_on(form):
            made = writing.write_article(request.actor, unit, draft=_draft(form))
            told(request, "Đã lưu bản nháp. Xem lại bài rồi bấm “Trình duyệt”.")
            return redirect("desk-news:show", key=made.uuid)
    return {"form": form, "title": "Viết bài"}


@screen("news/desk/form.html", permission="news.rewrite")
def rewrite(request: HttpRequest, key: UUID) -> Answer:
    found = queries.one(request.actor, key, "news.rewrite")
    names = ("category", "title", "lead", "text", "picture_alt", "source", "valid_until")
    form = ArticleForm(
        request.POST or None, request.FILES or None, initial={name: getattr(found, name) for name in names}
    )
    if form.is_valid():
        with refusals_on(form):
            writing.rewrite_article(request.actor, found, draft=_draft(form))
            told(request, "Đã lưu bản nháp.")
            return redirect("desk-news:show", key=key)
    return {"form": form, "title": "Sửa bản nháp", "article": found}


def _draft(form: ArticleForm) -> Draft:
    values = dict(form.cleaned_data)
    uploaded = values.pop("picture")
    return Draft(**values, picture=pictures.of_upload(uploaded) if uploaded else None)


@screen("news/desk/article.html", permission="news.view")
def show(request: HttpRequest, key: UUID) -> Answer:
    return _shown(request, queries.one(request.actor, key))


def _shown(request: HttpRequest, found: Article, **forms: Any) -> dict[str, Any]:
    actor = request.actor
    proposed = found.versions.filter(state=ArticleVersion.State.PROPOSED).first()
    verbs = ("rewrite", "submit", "return", "approve", "correct", "approve_correction", "withdraw", "pin")
    return shown(found) | {
        "tone": TONES[State(found.state)],
        "proposed": proposed,
        "may": {verb: actor.may(f"news.{verb}", on=found) for verb in verbs},
        "is_own": found.author_id is not None and found.author_id == actor.account_id,
        "is_own_correction": proposed is not None and proposed.author_id == actor.account_id,
        "views": queries.views(found) if found.published_at else None,
        "approve_form": forms.get("approve") or ApproveForm(prefix="duyet"),
        "return_form": forms.get("return") or WhyForm(prefix="tra"),
        "withdraw_form": forms.get("withdraw") or WhyForm(prefix="go"),
    }


@require_POST
@declare("news.submit")
def submit(request: HttpRequest, key: UUID) -> HttpResponseBase:
    writing.submit_article(request.actor, queries.one(request.actor, key, "news.submit"))
    told(request, "Đã trình duyệt. Người khác sẽ xem và đăng bài.")
    return redirect("desk-news:show", key=key)


@screen("news/desk/article.html", permission="news.return")
def give_back(request: HttpRequest, key: UUID) -> Answer:
    found = queries.one(request.actor, key, "news.return")
    form = WhyForm(request.POST or None, prefix="tra")
    if form.is_valid():
        writing.return_article(request.actor, found, remark=form.cleaned_data["reason"])
        told(request, "Đã trả bài cho người viết sửa.")
        return redirect("desk-news:show", key=key)
    return _shown(request, found, **{"return": form})


@screen("news/desk/article.html", permission="news.approve")
def approve(request: HttpRequest, key: UUID) -> Answer:
    found = queries.one(request.actor, key, "news.approve")
    form = ApproveForm(request.POST or None, prefix="duyet")
    if request.method == "POST" and form.is_valid():
        publishing.approve_article(request.actor, found, publish_at=form.moment)
        told(request, "Đã duyệt. Bài hiện trên trang tin của xã vào lúc đã chọn.")
        return redirect("desk-news:show", key=key)
    return _shown(request, found, approve=form)


@screen("news/desk/correct.html", permission="news.correct")
def correct(request: HttpRequest, key: UUID) -> Answer:
    found = queries.one(request.actor, key, "news.correct")
    initial = {"title": found.title, "lead": found.lead, "text": found.text}
    form = CorrectionForm(request.POST or None, initial=initial)
    if form.is_valid():
        with refusals_on(form):
            publishing.correct_article(request.actor, found, **form.cleaned_data)
            told(request, "Đã gửi đề nghị đính chính. Bài giữ nguyên cho đến khi người khác duyệt.")
            return redirect("desk-news:show", key=key)
    return {"form": form, "article": found}


@require_POST
@declare("news.approve_correction")
def approve_correction(request: HttpRequest, key: UUID) -> HttpResponseBase:
    publishing.approve_correction(request.actor, queries.one(request.actor, key, "news.approve_correction"))
    told(request, "Đã đăng bản đính chính. Bản cũ được giữ lại.")
    return redirect("desk-news:show", key=key)


@require_POST
@declare("news.drop_correction")
def drop_correction(request: HttpRequest, key: UUID) -> HttpResponseBase:
    publishing.drop_correction(request.actor, queries.one(request.actor, key, "news.drop_correction"))
    told(request, "Đã bỏ đề nghị đính chính. Bài giữ nguyên.")
    return redirect("desk-news:show", key=key)


@screen("news/desk/article.html", permission="news.withdraw")
def withdraw(request: HttpRequest, key: UUID) -> Answer:
    found = queries.one(request.actor, key, "news.withdraw")
    form = WhyForm(request.POST or None, prefix="go")
    if form.is_valid():
        publishing.withdraw_article(request.actor, found, reason=form.cleaned_data["reason"])
        told(request, "Đã gỡ bài. Người mở đường dẫn cũ sẽ thấy lý do.")
        return redirect("desk-news:show", key=key)
    return _shown(request, found, withdraw=form)


@require_POST
@declare("news.pin")
def pin(request: HttpRequest, key: UUID) -> HttpResponseBase:
    found = queries.one(request.actor, key, "news.pin")
    publishing.pin_article(request.actor, found, is_pinned=not found.is_pinned)
    told(request, "Đã bỏ ghim." if not found.is_pinned else "Đã ghim bài lên đầu trang tin.")
    return redirect("desk-news:show", key=key)


def work_part(request: HttpRequest) -> dict[str, Any] | None:
    """Articles that wait for a second pair of eyes, for whoever may approve them."""
    if not request.actor.may("news.approve"):
        return None
    waiting = queries.waiting(request.actor)
    return {"template": "news/parts/work.html", "waiting": waiting} if waiting else None


urlpatterns = [
    path("", index, name="index"),
    path("new/", write, name="write"),
    path("<uuid:key>/", show, name="show"),
    path("<uuid:key>/edit/", rewrite, name="rewrite"),
    path("<uuid:key>/submit/", submit, name="submit"),
    path("<uuid:key>/return/", give_back, name="return"),
    path("<uuid:key>/approve/", approve, name="approve"),
    path("<uuid:key>/correct/", correct, name="correct"),
    path("<uuid:key>/correct/approve/", approve_correction, name="approve_correction"),
    path("<uuid:key>/correct/drop/", drop_correction, name="drop_correction"),
    path("<uuid:key>/withdraw/", withdraw, name="withdraw"),
    path("<uuid:key>/pin/", pin, name="pin"),
]
