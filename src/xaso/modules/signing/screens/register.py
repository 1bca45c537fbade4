"""The register of signatures: list, one line, add, change, import. Mounted by desk.py."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from xaso.core.accounts.models import Account
from xaso.core.accounts.queries import own_unit, posts_in
from xaso.core.files.actions import receive_upload
from xaso.core.files.tables import content_of
from xaso.core.forms import refusals_on
from xaso.core.paging import page
from xaso.core.screens import Answer, declare, screen, told
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import tidy
from xaso.modules.signing import actions, certificates, rules, sheet
from xaso.modules.signing import queries as signing
from xaso.modules.signing.actions.register import PNG, Given
from xaso.modules.signing.forms import CertificateForm, ImportForm, PictureForm, RegisterFilter, StateForm
from xaso.modules.signing.performing import picture_of
from xaso.modules.signing.providers import PROVIDERS

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LARGEST_PICTURE = 2 * 1024 * 1024


@screen("signing/desk/register.html", permission="signing.view_register")
def register(request: HttpRequest) -> Answer:
    by, unit = request.actor, own_unit(request.actor)
    words, kind, state = (tidy(request.GET.get(name, ""))[:120] for name in ("q", "kind", "state"))
    found, following = page(request, signing.register(by, words, kind, state))
    is_first = not (words or kind or state or "truoc" in request.GET)
    return {
        "certificates": found,
        "next": following,
        "filter": RegisterFilter(request.GET or None),
        "is_filtered": bool(words or kind or state),
        "counts": signing.counted(unit) if is_first else {},
        "kinds": rules.HOLDER_KINDS,
        "now": clock.now(),
        "may_add": by.may("signing.add_certificate", on=unit),
        "may_import": by.may("signing.preview_import", on=unit),
    }


@screen("signing/desk/certificate.html", permission="desk.use")
def certificate(request: HttpRequest, uuid: UUID) -> Answer:
    found = signing.certificate(request.actor, uuid)
    by = request.actor
    may_change = by.may("signing.set_certificate_state", on=found) and bool(rules.CERTIFICATE_MOVES[found.state])
    return {
        "certificate": found,
        "why": found.why_unusable(clock.now()),
        "provider": PROVIDERS[found.provider].title if found.provider in PROVIDERS else "",
        "has_picture": bool(picture_of(found)),
        "state_form": StateForm(certificate=found) if may_change else None,
        "picture_form": PictureForm() if by.may("signing.give_picture", on=found) else None,
        "crumbs": [{"label": "Sổ chữ ký số", "url": reverse("desk-signing:register")}, {"label": found.holder_name}],
    }


@screen("signing/desk/add.html", permission="signing.add_certificate")
def add(request: HttpRequest) -> Answer:
    unit = own_unit(request.actor)
    officers = _officers(unit)
    titles = {name: provider.title for name, provider in PROVIDERS.items()}
    form = CertificateForm(request.POST or None, request.FILES or None, officers=officers, providers=titles)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            given = _given(form)
            made = actions.add_certificate(request.actor, unit, given=given, account=form.cleaned_data["account"])
            told(request, "Đã ghi vào sổ chữ ký số.")
            return redirect(made)
    crumbs = [{"label": "Sổ chữ ký số", "url": reverse("desk-signing:register")}, {"label": "Thêm"}]
    return {"form": form, "crumbs": crumbs}


def _officers(unit: Unit) -> list[Account]:
    return list({post.account_id: post.account for post in posts_in(unit.path)}.values())


def _given(form: CertificateForm) -> Given:
    said = form.cleaned_data
    shared = {name: said[name] for name in ("holder_kind", "means", "provider", "reference", "asks_pin")}
    if not said["file"]:
        first, last = form.moments()
        typed = {name: said[name] for name in ("holder_name", "holder_code", "serial", "issuer")}
        return Given(**shared, **typed, valid_from=first, valid_to=last)
    facts = certificates.read(said["file"])
    return Given(
        **shared,
        holder_name=said["holder_name"] or facts.holder_name,
        holder_code=said["holder_code"] or facts.holder_code,
        serial=facts.serial,
        issuer=facts.issuer,
        subject=facts.subject,
        valid_from=facts.valid_from,
        valid_to=facts.valid_to,
        der=facts.der,
        chain=facts.kept_chain,
    )


@require_POST
@declare("signing.set_certificate_state")
def set_state(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    found = signing.certificate(request.actor, uuid)
    form = StateForm(request.POST, certificate=found)
    if not form.is_valid():
        raise Refused("Hãy chọn tình trạng mới và ghi lý do.")
    actions.set_certificate_state(request.actor, found, **form.cleaned_data)
    told(request, "Đã đổi tình trạng chữ ký số.")
    return redirect(found)


@require_POST
@declare("signing.give_picture")
def give_picture(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    found = signing.certificate(request.actor, uuid)
    uploaded = request.FILES.get("file")
    if uploaded is None or (uploaded.size or 0) > LARGEST_PICTURE:
        raise Refused("Hãy chọn một ảnh PNG không quá 2 MB.")
    received = receive_upload(uploaded, accept=("image",))
    original = received.original
    if original is None or original.media_type != PNG:
        raise Refused("Hình chữ ký phải là tệp PNG nền trong suốt.")
    actions.give_picture(request.actor, found, received=type(received)(original))
    told(request, "Đã lưu hình. Các chữ ký từ nay hiện hình này.")
    return redirect(found)


@declare("desk.use")
def picture(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    return HttpResponse(picture_of(signing.certificate(request.actor, uuid)), content_type=PNG)


@screen("signing/desk/import_new.html", permission="signing.preview_import")
def begin_import(request: HttpRequest) -> Answer:
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        uploaded = form.cleaned_data["file"]
        with refusals_on(form, "file"):
            data = content_of(uploaded, sheet.SHAPE)
            batch = actions.preview_import(request.actor, own_unit(request.actor), name=uploaded.name, data=data)
            return redirect(batch)
    crumbs = [{"label": "Sổ chữ ký số", "url": reverse("desk-signing:register")}, {"label": "Nhập từ tệp"}]
    return {"form": form, "crumbs": crumbs}


@declare("signing.preview_import")
def template(request: HttpRequest) -> HttpResponseBase:
    del request
    answer = HttpResponse(sheet.template(), content_type=XLSX)
    answer["Content-Disposition"] = 'attachment; filename="so-chu-ky-so.xlsx"'
    return answer


@screen("signing/desk/import.html", permission="signing.preview_import")
def one_import(request: HttpRequest, uuid: UUID) -> Answer:
    batch = signing.import_of(request.actor, uuid)
    return {
        "batch": batch,
        "rows": [_shown(row) for row in batch.rows[:100]],
        "count": len(batch.rows),
        "may_apply": batch.may_apply and request.actor.may("signing.apply_import", on=batch),
        "crumbs": [{"label": "Sổ chữ ký số", "url": reverse("desk-signing:register")}, {"label": batch.file_name}],
    }


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"kind": rules.HOLDER_KINDS[row["holder_kind"]], "with": rules.MEANS[row["means"]]}


@require_POST
@declare("signing.apply_import")
def apply_import(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    batch = actions.apply_import(request.actor, signing.import_of(request.actor, uuid))
    told(request, f"Đã ghi {len(batch.rows)} chữ ký số vào sổ.")
    return redirect("desk-signing:register")


urlpatterns = [
    path("so/", register, name="register"),
    path("so/them/", add, name="add"),
    path("so/nhap/", begin_import, name="begin_import"),
    path("so/nhap/mau/", template, name="template"),
    path("so/nhap/<uuid:uuid>/", one_import, name="import"),
    path("so/nhap/<uuid:uuid>/ghi/", apply_import, name="apply_import"),
    path("so/<uuid:uuid>/", certificate, name="certificate"),
    path("so/<uuid:uuid>/tinh-trang/", set_state, name="set_state"),
    path("so/<uuid:uuid>/hinh/", give_picture, name="give_picture"),
    path("so/<uuid:uuid>/hinh.png", picture, name="picture"),
]
