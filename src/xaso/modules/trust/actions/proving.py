"""What anybody holding a paper may check with its code."""

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.core.files.models import StoredFile
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import tidy
from xaso.modules.trust import queries
from xaso.modules.trust.models import Proof


@action("trust.publish_proof", "Cho tra cứu bằng mã")
def publish_proof(by: Actor, stored: StoredFile, /, *, title: str, unit: Unit, code: str = "") -> Proof:
    """The code under which everybody finds title, unit, checksum and signatures of this file. Asked again, the same.

    The title is public: it names the paper, never the person it is about. `code`: one that is printed on the paper.
    """
    title = tidy(title)
    if not title:
        raise Refused("Hãy ghi tên văn bản để người tra cứu nhận ra.")
    made, is_new = Proof.objects.get_or_create(
        stored=stored,
        defaults={
            "code": code or queries.new_code(),
            "unit": unit,
            "unit_path": unit.path,
            "sha256": stored.blob_id,
            "title": title[:300],
            "published_at": clock.now(),
        },
    )
    note(code=made.code, file=str(stored.uuid), is_new=is_new)
    return made


@action("trust.withdraw_proof", "Thôi cho tra cứu bằng mã")
def withdraw_proof(by: Actor, proof: Proof, /, *, reason: str) -> Proof:
    """The code stays and says that the paper was recalled: a paper in somebody's hand must not seem unknown."""
    reason = tidy(reason)
    if not reason:
        raise Refused("Hãy ghi lý do thu hồi văn bản.")
    changed = Proof.objects.filter(pk=proof.pk, withdrawn_at=None).update(
        withdrawn_at=clock.now(), withdrawn_reason=reason[:500]
    )
    if not changed:
        raise Refused("Văn bản này đã được thu hồi. Hãy tải lại trang.")
    proof.refresh_from_db()
    return proof
