"""What becomes of a result when its file was signed."""

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.core.files import actions as files
from xaso.core.files.models import StoredFile
from xaso.kit import clock
from xaso.modules.dossiers.models import Dossier, Result
from xaso.modules.trust.actions import publish_proof

MOMENTS = {"person": "person_signed_at", "agency": "agency_signed_at"}


@action("dossiers.keep_signed", "Nhận kết quả đã ký số")
def keep_signed(by: Actor, dossier: Dossier, /, *, unsigned: StoredFile, signed: StoredFile, role: str) -> Dossier:
    """The signed file takes the place of the one that was laid before the signer; a file that is no result stays apart.

    With the agency's signature it is complete: whoever holds it may look it up by its code (NĐ 30/2020, Điều 5).
    """
    result = Result.objects.filter(dossier=dossier, file=unsigned).first()
    if result is None:
        return dossier
    files.give_to(signed, unsigned.owner_person_id)
    changes = {"file": signed, MOMENTS[role]: clock.now()}
    if role == "agency":
        changes["proof_code"] = publish_proof(by, signed, title=str(dossier.procedure.name), unit=dossier.unit).code
    Result.objects.filter(pk=result.pk, file=unsigned).update(**changes)
    note(file=str(signed.uuid), role=role)
    return dossier
