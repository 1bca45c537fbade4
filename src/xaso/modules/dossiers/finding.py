"""How a dossier is found in the search over everything: by its number, procedure, applicant, and the result's number.

Residents have no entries of their own: who may see a resident's dossiers finds the resident through them, and nobody
else does. The personal id and the phone are found only when typed whole.
"""

from django.urls import reverse

from xaso.core.search.feeds import Feed, Item
from xaso.modules.dossiers.models import Dossier, Result
from xaso.modules.procedures.queries import version


def item_of(dossier: Dossier) -> Item:
    return Item(
        thing=dossier,
        permission="dossiers.view",
        unit_path=dossier.unit_path,
        title=str(dossier),
        line=f"{dossier.applicant_name} – {version(dossier.version_id).name}",
        url=reverse("desk-dossiers:show", args=[dossier.uuid]),
        moment=dossier.submitted_at,
        texts=[dossier.content, _result_number(dossier)],
        owner_person_id=dossier.owner_person_id,
        whole=[dossier.applicant_id, dossier.applicant_phone],
    )


def _result_number(dossier: Dossier) -> str:
    """Asked for only where there may be one."""
    if dossier.delivery_state == Dossier.Delivery.NONE:
        return ""
    found = Result.objects.filter(dossier=dossier).values_list("number", flat=True).first()
    return found or ""


FEED = Feed("dossiers.Dossier", "Hồ sơ", Dossier.objects.all, item_of, permissions=("dossiers.view",))
