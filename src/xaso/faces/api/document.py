"""The API's document (OpenAPI 3.1), with what every operation shares: scopes, errors and the idempotency key."""

from typing import Any

from ninja import NinjaAPI
from ninja.operation import Operation

from xaso.core.api import KEY_HEADER
from xaso.faces.api.problems import MEDIA_TYPE

SUMMARY = """\
API cho hệ thống kết nối. Mỗi yêu cầu gửi `Authorization: Bearer <khoá>`; khoá chỉ làm được những việc (scope) đã cấp.
Lỗi trả về theo RFC 9457 (`application/problem+json`) với câu tiếng Việt. Yêu cầu tạo hồ sơ nên gửi kèm
`Idempotency-Key`: gửi lại cùng khoá và cùng nội dung thì nhận lại hồ sơ cũ. Danh sách trả từng trang `{items, next}`;
gửi `after=<next>` để lấy trang sau."""
_TEXT = {"type": "string"}
PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": _TEXT,
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": {**_TEXT, "description": "Câu tiếng Việt nói việc cần làm tiếp."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["path", "message"],
                "properties": {"path": _TEXT, "message": _TEXT},
            },
        },
    },
}
_ERROR = {
    "description": "Lỗi, theo RFC 9457.",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
_KEY = {
    "in": "header",
    "name": KEY_HEADER,
    "required": False,
    "description": "Khoá chống gửi trùng, do bên gọi tự đặt, mỗi hồ sơ một khoá.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 50},
}


class Api(NinjaAPI):
    """Ninja's API with a fuller document, built once."""

    _document: dict[str, Any] | None = None

    def get_openapi_schema(self, **kwargs: Any) -> Any:
        if self._document is None:
            document = super().get_openapi_schema(**kwargs)
            document["components"]["schemas"]["Problem"] = PROBLEM
            for operation in self._operations():
                for path in document["paths"].values():
                    for details in path.values():
                        if details["operationId"] == self._id_of(operation):
                            _complete(details, operation)
            self._document = document
        return self._document

    def _operations(self) -> list[Operation]:
        return [
            operation
            for router in self._get_bound_routers()
            for view in router.path_operations.values()
            for operation in view.operations
        ]

    def _id_of(self, operation: Operation) -> str:
        return operation.operation_id or self.get_openapi_operation_id(operation)


def _complete(details: dict[str, Any], operation: Operation) -> None:
    permission = getattr(operation.view_func, "permission", "")
    for scheme in details.get("security", []):
        for name in scheme:
            scheme[name] = [permission]
    details["responses"]["default"] = _ERROR
    if getattr(operation.view_func, "takes_key", False):
        details["parameters"] = [*details.get("parameters", []), _KEY]
