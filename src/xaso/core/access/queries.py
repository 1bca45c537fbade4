"""Lists and single things, filtered by the same answer that shows the buttons."""

from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from xaso.core.access.actor import Actor
from xaso.kit.errors import Forbidden

M = TypeVar("M", bound=Model)

FORBIDDEN = "Tài khoản của bạn không được giao việc này. Hãy liên hệ người quản trị của đơn vị nếu cần."


def visible(by: Actor, permission: str, queryset: QuerySet[M]) -> QuerySet[M]:
    """Rows of the queryset that `by` has the permission on.

    The model has a `unit_path` column; a model with owners names the column in `ACCESS_OWNER_FIELD`.
    """
    if by.kind == "system":
        return queryset
    allowed = Q(pk__in=[])
    for scope, grant in by.scopes_of(permission):
        if scope == "all":
            return queryset
        allowed |= _within(queryset.model, scope, grant.unit_path, by.person_id)
    return queryset.filter(allowed)


def _within(model: Any, scope: str, path: str, person_id: int | None) -> Q:
    if scope == "own":
        owner = getattr(model, "ACCESS_OWNER_FIELD", "")
        return Q(**{owner: person_id}) if owner and person_id is not None else Q(pk__in=[])
    if scope == "unit":
        return Q(unit_path=path)
    return under(path)


def under(path: str) -> Q:
    """Everything of a unit and below it, as one index range: paths end with a dot, and "/" follows "."."""
    return Q(unit_path__gte=path, unit_path__lt=path[:-1] + "/")


def require(by: Actor, permission: str, thing: Any) -> None:
    """Raises Forbidden unless `by` may do this to this thing."""
    if not by.may(permission, on=thing):
        raise Forbidden(FORBIDDEN)
