"""Open311 GeoReport v2, under `/portal/feedback/open311/v2/`. Reading is for everybody; sending needs an `api_key`.

`jurisdiction_id` is the code of a commune. `media_url` is refused: we fetch nothing from an address a stranger names.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import path, reverse
from django.views.decorators.csrf import csrf_exempt

from xaso.core.access import PUBLIC, Actor
from xaso.core.accounts.queries import actor_of_token, guarded
from xaso.core.screens import declare
from xaso.core.units.models import Unit
from xaso.core.units.queries import communes, unit_by_code
from xaso.kit import clock
from xaso.kit.errors import Forbidden, Missing, Refused
from xaso.kit.fold import plain, tidy
from xaso.kit.pages import number_in
from xaso.modules.feedback import actions
from xaso.modules.feedback.actions import Given
from xaso.modules.feedback.definitions import Category, desk
from xaso.modules.feedback.models import Report
from xaso.modules.feedback.queries.open311 import (
    MOST,
    STATUSES,
    Wanted,
    as_requests,
    definition_of,
    moment,
    requests_of,
    services,
)
from xaso.modules.feedback.queries.public import by_code
from xaso.modules.feedback.queries.reports import villages_of
from xaso.modules.feedback.rules import georeport, words

TYPES = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
WRONG_KEYS, LOOK_UPS = 30, 60
NO_JURISDICTION = "Thiếu jurisdiction_id: mã của xã, phường, thị trấn."
NO_MEDIA = "Không nhận media_url: hệ thống không tải tệp từ địa chỉ bên ngoài. Hãy gửi ảnh trên trang của xã."
NO_KEY = "Thiếu api_key, hoặc khoá sai, hết hạn, đã thu hồi hay không được gửi phản ánh cho đơn vị này."
NO_PLACE = "Thiếu địa điểm: cần lat và long, hoặc address_string, hoặc address_id."


class Fault(Exception):
    """An answer of the standard's kind: HTTP status and a sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


Found = tuple[str, Any, int]
Operation = Callable[..., Found]


def georeport_answer(form: str, root: str, content: Any, status: int = 200) -> HttpResponse:
    body = georeport.as_xml(root, content) if form == "xml" else json.dumps(content, ensure_ascii=False)
    response = HttpResponse(body, status=status, content_type=TYPES[form])
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def operation(*methods: str) -> Callable[[Operation], Callable[..., HttpResponseBase]]:
    """Every refusal in the standard's shape, in the form that was asked for."""

    def decorate(function: Operation) -> Callable[..., HttpResponseBase]:
        @csrf_exempt
        @declare(PUBLIC)
        @functools.wraps(function)
        def view(request: HttpRequest, form: str, **arguments: Any) -> HttpResponse:
            if form not in TYPES:
                return _fault("xml", 404, "Chỉ có định dạng json và xml.")
            try:
                if request.method not in methods:
                    raise Fault(405, f"Địa chỉ này chỉ nhận {', '.join(methods)}.")
                return georeport_answer(form, *function(request, **arguments))
            except Fault as fault:
                return _fault(form, fault.status, fault.sentence)
            except Refused as refusal:
                status = 403 if isinstance(refusal, Forbidden) else 404 if isinstance(refusal, Missing) else 400
                return _fault(form, status, refusal.message)

        return view

    return decorate


def _fault(form: str, status: int, sentence: str) -> HttpResponse:
    return georeport_answer(form, "errors", [{"code": status, "description": sentence}], status)


def _jurisdiction(values: Any) -> Unit:
    """With a single commune in the system the standard lets clients leave it out."""
    asked = values.get("jurisdiction_id", "")
    known = communes(clock.today())
    if not asked and len(known) == 1:
        return known[0]
    if not asked:
        raise Fault(400, NO_JURISDICTION)
    found = unit_by_code(asked[:20], clock.today())
    if found.kind not in Unit.COMMUNE_KINDS:
        raise Fault(404, f"jurisdiction_id {asked[:20]} không phải mã của xã, phường, thị trấn.")
    return found


def _category(code: str) -> Category:
    found = desk().category(code)
    if found is None:
        raise Fault(404, f"Không có service_code {code[:20]}.")
    return found


@operation("GET")
def service_list(request: HttpRequest) -> Found:
    _jurisdiction(request.GET)
    return "services", services(), 200


@operation("GET")
def service_definition(request: HttpRequest, code: str) -> Found:
    unit = _jurisdiction(request.GET)
    return "service_definition", definition_of(_category(code), villages_of(unit)), 200


@operation("GET", "POST")
def service_requests(request: HttpRequest) -> Found:
    """GET: published ones, filtered. POST: one more."""
    if request.method == "POST":
        return _post(request)
    unit = _jurisdiction(request.GET)
    return "service_requests", as_requests(requests_of(unit, _wanted(request))), 200


def _wanted(request: HttpRequest) -> Wanted:
    """Keyset beyond the standard: `after=<service_request_id>` and `page_size`, for lists longer than one answer."""
    asked = request.GET
    statuses = georeport.listed(asked.get("status", ""))
    if wrong := [one for one in statuses if one not in STATUSES]:
        raise Fault(400, f"status chỉ nhận open, closed; không có {wrong[0][:20]}.")
    size = number_in(asked.get("page_size", "")) or MOST
    return Wanted(
        ids=tuple(_uuid(one) for one in georeport.listed(asked.get("service_request_id", ""))[:MOST]),
        codes=georeport.listed(asked.get("service_code", "")),
        since=_moment(asked.get("start_date", ""), "start_date"),
        until=_moment(asked.get("end_date", ""), "end_date"),
        statuses=statuses,
        after=_row_of(asked.get("after", "")),
        size=min(size, MOST),
    )


def _row_of(key: str) -> int:
    if not key:
        return 0
    found = Report.objects.filter(uuid=_uuid(key)).values_list("pk", flat=True).first()
    if found is None:
        raise Fault(404, "after phải là service_request_id của dòng cuối ở trang trước.")
    return found


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Fault(404, f"Không có service_request_id {text[:40]}.") from error


def _moment(text: str, name: str) -> Any:
    try:
        return georeport.moment_in(text)
    except ValueError as error:
        raise Fault(400, f"{name}: {error}.") from error


@operation("GET")
def service_request(request: HttpRequest, key: str) -> Found:
    unit = _jurisdiction(request.GET)
    found = requests_of(unit, Wanted(ids=(_uuid(key),)))
    if not found:
        raise Fault(404, "Không có phản ánh này, hoặc chưa công khai.")
    return "service_requests", as_requests(found), 200


@operation("GET")
def token(request: HttpRequest, code: str) -> Found:
    """The code for following is the token: whoever has it learns the id under which the report may become public."""
    with guarded("open311.token", request.META["REMOTE_ADDR"], LOOK_UPS) as door:
        found = by_code(code[:40])
        door.succeeded = True
    return "service_requests", [{"service_request_id": str(found.uuid), "token": found.written_code}], 200


def _post(request: HttpRequest) -> Found:
    """Taken like any other report: triaged by an officer, public only when somebody approves it."""
    sent = request.POST
    by = _sender(request)
    unit = _jurisdiction(sent)
    category = _category(sent.get("service_code", ""))
    if sent.get("media_url"):
        raise Fault(400, NO_MEDIA)
    if not by.may("feedback.report", on=unit):
        raise Fault(403, NO_KEY)
    made = actions.send_report(by, unit, given=_given(sent, unit, category))
    notice = (
        f"Mã theo dõi: {made.written_code}. Hạn trả lời: {moment(made.due_at) if made.due_at else 'chưa tính được'}."
    )
    body = {"service_request_id": str(made.uuid), "service_notice": notice, "account_id": ""}
    return "service_requests", [body], 201


def _sender(request: HttpRequest) -> Actor:
    """Wrong keys are counted by address; a session of somebody's browser counts for nothing here."""
    actor = actor_of_token(request.POST.get("api_key", "")[:200]) if request.POST.get("api_key") else None
    if actor is None:
        with guarded("open311.key", request.META["REMOTE_ADDR"], WRONG_KEYS):
            raise Fault(403, NO_KEY)
    return actor


def _given(sent: Any, unit: Unit, category: Category) -> Given:
    villages = {one.code: one for one in villages_of(unit)}
    asked = sent.get("attribute[village]", "") or sent.get("address_id", "")
    village, address, point = villages.get(asked), tidy(sent.get("address_string", "")), _point(sent)
    if point is None and not address and village is None:
        raise Fault(400, NO_PLACE)
    name = " ".join(part for part in (sent.get("last_name", ""), sent.get("first_name", "")) if part)
    return Given(
        channel="open311", category=category.code, text=plain(sent.get("description", "")), village=village,
        place=address, point=point, name=name, phone=sent.get("phone", ""),
        official=sent.get("attribute[official]", ""), may_publish=not category.confidential,
    )  # fmt: skip


def _point(sent: Any) -> words.Point | None:
    lat, long = sent.get("lat", ""), sent.get("long", "")
    if not lat and not long:
        return None
    try:
        found = (float(lat), float(long))
    except ValueError as error:
        raise Fault(400, "lat và long phải là số, ví dụ 21.3012 và 105.4821.") from error
    if not words.in_vietnam(found):
        raise Fault(400, "lat, long không nằm ở Việt Nam.")
    return found


@operation("GET")
def discovery(request: HttpRequest) -> Found:
    """Where the standard's addresses are, for clients that look first."""
    home = request.build_absolute_uri(reverse("portal-feedback:open311_services", args=["json"])).rsplit("/", 1)[0]
    return (
        "discovery",
        {
            "changeset": moment(clock.now()),
            "contact": "Bộ phận Một cửa của xã",
            "key_service": "Xin khoá kết nối ở người quản trị đơn vị",
            "endpoints": [
                {
                    "specification": "http://wiki.open311.org/GeoReport_v2",
                    "url": home,
                    "changeset": moment(clock.now()),
                    "type": "production",
                    "formats": ["application/json", "text/xml"],
                }
            ],
        },
        200,
    )


_HOME = "open311/v2"
urlpatterns = [
    path("open311/discovery.<str:form>", discovery, name="open311_discovery"),
    path(f"{_HOME}/services.<str:form>", service_list, name="open311_services"),
    path(f"{_HOME}/services/<slug:code>.<str:form>", service_definition, name="open311_definition"),
    path(f"{_HOME}/requests.<str:form>", service_requests, name="open311_requests"),
    path(f"{_HOME}/requests/<str:key>.<str:form>", service_request, name="open311_request"),
    path(f"{_HOME}/tokens/<str:code>.<str:form>", token, name="open311_token"),
]
