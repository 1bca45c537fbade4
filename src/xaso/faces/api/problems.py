"""What goes wrong, as problem documents (RFC 9457): a Vietnamese sentence, and one per field that is wrong."""

import json
import logging
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from xaso.core.api import Invalid, TooMany, Unknown
from xaso.kit.errors import Forbidden, Missing, Refused

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
TITLES = {
    400: "Không đọc được yêu cầu",
    401: "Chưa xác thực",
    403: "Không được phép",
    404: "Không tìm thấy",
    409: "Không thực hiện được",
    422: "Dữ liệu chưa đúng",
    429: "Thử quá nhiều lần",
    500: "Lỗi của hệ thống",
}
STATUS = ((Unknown, 401), (TooMany, 429), (Forbidden, 403), (Missing, 404), (Refused, 409))
WRONG_FIELDS = "Một số trường chưa đúng; xem `errors`."
BROKEN = "Hệ thống gặp lỗi và đã ghi lại. Không có thay đổi nào được lưu; hãy thử lại sau."
UNREADABLE = "Nội dung gửi lên không phải JSON đúng mẫu, hoặc không phải chữ UTF-8."
NOT_HERE = "Không có địa chỉ này trong API. Xem /api/openapi.json."

# Sentences for the kinds of errors that pydantic knows; what a validator of ours says is kept as it is.
SENTENCES = {
    "missing": "Thiếu trường này.",
    "extra_forbidden": "Không có trường này. Hãy xem lại tên trường.",
    "string_too_long": "Dài quá {max_length} ký tự. Hãy ghi ngắn lại.",
    "string_too_short": "Cần ít nhất {min_length} ký tự.",
    "string_type": "Trường này phải là chữ.",
    "string_pattern_mismatch": "Không đúng mẫu.",
    "too_long": "Có quá {max_length} mục.",
    "too_short": "Cần ít nhất {min_length} mục.",
    "int_parsing": "Trường này phải là số nguyên.",
    "int_type": "Trường này phải là số nguyên.",
    "bool_parsing": "Trường này là true hoặc false.",
    "bool_type": "Trường này là true hoặc false.",
    "literal_error": "Chỉ nhận: {expected}.",
    "uuid_parsing": "Trường này phải là mã UUID.",
    "uuid_type": "Trường này phải là mã UUID.",
    "greater_than_equal": "Phải từ {ge} trở lên.",
    "less_than_equal": "Không quá {le}.",
    "sentence": "{sentence}",
}
DATES = "Ngày phải có dạng 2025-03-08."


def problem(status: int, detail: str, errors: dict[str, str] | None = None) -> HttpResponse:
    body: dict[str, Any] = {"type": "about:blank", "title": TITLES[status], "status": status, "detail": detail}
    if errors:
        body["errors"] = [{"path": path, "message": message} for path, message in errors.items()]
    response = HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type=MEDIA_TYPE)
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def install(api: NinjaAPI) -> None:
    """Every error of every operation is answered here."""
    # Any: Ninja declares that a handler may get the class of the error as well, which it never passes.
    handlers: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
        Refused: _refused,
        Invalid: _invalid,
        ValidationError: _does_not_fit,
        HttpError: _unreadable,
        Http404: _not_here,
        Exception: _unexpected,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)


def _refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    del request
    return problem(next(status for kind, status in STATUS if isinstance(refusal, kind)), refusal.message)


def _invalid(request: HttpRequest, invalid: Invalid) -> HttpResponse:
    del request
    return problem(422, WRONG_FIELDS, invalid.errors)


def _does_not_fit(request: HttpRequest, error: ValidationError) -> HttpResponse:
    del request
    return problem(422, WRONG_FIELDS, {_path(one["loc"]): sentence_for(one) for one in error.errors})


def _path(place: tuple[Any, ...]) -> str:
    """Where it is in what was sent: without ninja's own `body`, `data`, `query`."""
    parts = [str(part) for part in place]
    kept = parts[2:] if parts[:1] == ["body"] else parts[1:]
    return ".".join(kept) or parts[-1]


def sentence_for(error: dict[str, Any]) -> str:
    kind = error["type"]
    if kind.startswith("date"):
        return DATES
    text = SENTENCES.get(kind)
    return text.format(**error.get("ctx", {})) if text else "Giá trị chưa đúng."


def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    del request, error
    return problem(400, UNREADABLE)


def _not_here(request: HttpRequest, error: Http404) -> HttpResponse:
    del request, error
    return problem(404, NOT_HERE)


def _unexpected(request: HttpRequest, error: Exception) -> HttpResponse:
    log.error("api %s %s failed", request.method, request.path, exc_info=error)
    return problem(500, BROKEN)
