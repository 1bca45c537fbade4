"""One string that points at any row, so that files, clocks and payments attach to anything."""

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
