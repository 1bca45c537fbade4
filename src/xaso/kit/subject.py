"""One string that points at any row, so that files, clocks and payments attach to anything."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db.models import Model

from xaso.kit.errors import Missing


def ref(thing: Model) -> str:
    """`dossiers.Dossier:42`."""
    return f"{thing._meta.label}:{thing.pk}"


def resolve(reference: str) -> Any:
    """The row behind a reference. Raises Missing when it is gone."""
    label, _, pk = reference.rpartition(":")
    found = apps.get_model(label)._default_manager.filter(pk=pk).first()
    if found is None:
        raise Missing("Không tìm thấy nội dung này. Có thể đường dẫn đã cũ; hãy quay lại danh sách và chọn lại.")
    return found


def names(references: Iterable[str]) -> dict[str, str]:
    """What each thing calls itself, by its reference; one statement per model. What is gone, or has no name of its own,
    is left out."""
    wanted: dict[str, list[str]] = {}
    for reference in references:
        label, _, pk = reference.rpartition(":")
        if pk.isdecimal():
            wanted.setdefault(label, []).append(pk)
    known = {model._meta.label: model for model in apps.get_models() if model.__str__ is not Model.__str__}
    return {
        ref(thing): str(thing)
        for label, pks in wanted.items()
        if label in known
        for thing in known[label]._default_manager.filter(pk__in=pks)
    }
