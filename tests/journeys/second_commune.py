"""A second XãSố: a process of its own with its own database and files, that reads orders and answers in JSON lines.

It knows nothing of the first one but the axis. Started by `test_letter_between_two.py` with XASO_DATA and XASO_AXIS_….
"""

import json
import os
import sys
from datetime import date

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xaso.config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402 - Django first

from xaso.core.access import Actor  # noqa: E402
from xaso.core.accounts.models import Account, Person, Post  # noqa: E402
from xaso.core.accounts.queries import actor_of  # noqa: E402
from xaso.core.files.queries import files_of  # noqa: E402
from xaso.core.outbox.actions import deliver_all  # noqa: E402
from xaso.core.units.models import Unit  # noqa: E402
from xaso.kit.fold import fold  # noqa: E402
from xaso.modules.exchange import jobs  # noqa: E402
from xaso.modules.exchange.tests.issuing import bring_out  # noqa: E402
from xaso.modules.incoming import actions as incoming  # noqa: E402
from xaso.modules.incoming.models import Document as Incoming  # noqa: E402
from xaso.modules.outgoing.actions.drafting import Words, save_draft  # noqa: E402
from xaso.modules.outgoing.actions.issuing import add_recipient  # noqa: E402
from xaso.modules.outgoing.queries import content_of, documents  # noqa: E402

LONG_AGO = date(2020, 1, 1)


def officer(unit: Unit, role: str, name: str) -> Actor:
    person = Person.objects.create(full_name=name, folded_name=fold(name), birth_on=date(1985, 1, 1))
    account = Account(username=role, person=person)
    account.set_unusable_password()
    account.save()
    Post.objects.create(account=account, unit=unit, unit_path=unit.path, role=role, valid_from=LONG_AGO)
    return actor_of(account.pk)


class Commune:
    """Xã Liên Châu and its people."""

    def __init__(self) -> None:
        call_command("migrate", verbosity=0)
        parent, path = None, ""
        for code, name, kind, agency in (
            ("26", "Vĩnh Phúc", "province", "H62"),
            ("252", "Vĩnh Tường", "district", "H62.28"),
            ("09055", "Liên Châu", "commune", os.environ["XASO_AXIS_ORGAN"]),
        ):
            path = f"{path}{code}."
            parent = Unit.objects.create(
                code=code, name=name, kind=kind, parent=parent, path=path, valid_from=LONG_AGO, agency_code=agency
            )
        self.unit = parent
        self.clerk = officer(self.unit, "clerk", "Đào Thị Thuỷ")
        self.leader = officer(self.unit, "leader", "Phan Văn Bình")
        self.handler = officer(self.unit, "handler", "Lưu Thị Hà")
        jobs.sync_register()

    def turn(self) -> dict:
        deliver_all()
        jobs.ask_every_axis()
        deliver_all()
        found = Incoming.objects.order_by("id")
        return {
            "incoming": [
                {"code": one.signed_as, "subject": one.subject, "state": one.state, "sender": one.sender,
                 "sha256": [file.blob_id for file in files_of(one.ref)]}
                for one in found
            ]
        }  # fmt: skip

    def answer(self) -> dict:
        """Into the book, shown, given to the handler, taken, answered, signed, numbered, issued."""
        arrived = Incoming.objects.get()
        given = incoming.Registration(
            book="chung", issuer=arrived.sender, subject=arrived.subject, number=arrived.doc_number,
            symbol=arrived.symbol, dated_on=arrived.dated_on, kind=arrived.kind,
        )  # fmt: skip
        arrived = incoming.register(self.clerk, arrived, given=given, show=True)
        lead = Post.objects.select_related("account__person").get(account=self.handler.account_id)
        wanted = incoming.Remark("Giao Văn phòng trả lời.", lead, due=incoming.Due(3))
        arrived = incoming.take(self.handler, incoming.remark(self.leader, arrived, given=wanted))
        draft = incoming.draft_answer(self.handler, arrived, kind="cong-van", subject="Trả lời việc phối hợp")
        draft = documents.document(draft.uuid)
        said = Words(kind="cong-van", subject="Trả lời việc phối hợp", text="Xã đồng ý phối hợp.", department="VP",
                     addressees=(arrived.sender,), signer_id=self.leader.account_id)  # fmt: skip
        draft = save_draft(self.handler, draft, words=said, revision=draft.revision)
        add_recipient(
            self.handler, draft, name=arrived.sender, channel="edxml", organ_code=arrived.sender_code
        )  # fmt: skip
        issued = bring_out(draft, self.handler, self.leader, self.clerk)
        return {"code": issued.code, "answers": issued.answers, "bytes": len(content_of(issued.file))} | self.turn()


def main() -> None:
    commune = Commune()
    orders = {"turn": commune.turn, "answer": commune.answer}
    sys.stdout.write(json.dumps({"ready": commune.unit.name}) + "\n")
    sys.stdout.flush()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(orders[line.strip()]()) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
