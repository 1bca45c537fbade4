"""The same dossier of another system sent twice is one dossier; it keeps its number, and nobody decides it here."""

from datetime import datetime, timedelta

import pytest
import time_machine

from xaso.core.access import SYSTEM
from xaso.core.accounts.models import Account, Post
from xaso.core.accounts.queries import actor_of
from xaso.core.accounts.tests.cast import LONG_AGO, make_account
from xaso.core.audit.actions import verify
from xaso.core.numbering.tests.together import all_at_once
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.modules.dossiers.actions import at_once, closing, payment, processing, reception
from xaso.modules.dossiers.actions.filing import Applicant, Filing
from xaso.modules.dossiers.actions.mirroring import Foreign, mirror
from xaso.modules.dossiers.models import Dossier, ExternalRef
from xaso.modules.dossiers.rules import State
from xaso.modules.dossiers.screens.deciding import verbs_for
from xaso.modules.dossiers.tests.calling import Machine
from xaso.modules.dossiers.tests.factories import PERMIT, received
from xaso.modules.procedures.queries import current

pytestmark = pytest.mark.django_db
MONDAY = datetime(2024, 3, 4, 9, 0, tzinfo=clock.VIETNAM)
PUT = "/api/v1/dossiers/mirror/dvcqg/G09.20-20240304-0092637"
BODY = {
    "version": 1, "procedure": PERMIT, "number": "G09.20-20240304-0092637", "state": 4, "content": "Nhà ở",
    "applicant": {"full_name": "Nguyễn Thị Lan", "personal_id": "026185001234"},
    "submitted_at": "2024-03-01T08:00:00+07:00", "accepted_at": "2024-03-01T09:00:00+07:00",
    "due_at": "2024-03-20T17:00:00+07:00",
}  # fmt: skip
DONE = {
    "version": 2,
    "state": 10,
    "finished_at": "2024-03-04T08:00:00+07:00",
    "returned_at": "2024-03-04T08:30:00+07:00",
}


@pytest.fixture(autouse=True)
def _monday(catalogue):
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def partner(ngu_kien):
    account = make_account("nam")
    Post.objects.create(account=account, unit=ngu_kien, unit_path=ngu_kien.path, role="partner", valid_from=LONG_AGO)
    return actor_of(account.pk)


@pytest.fixture
def portal(partner):
    machine = Machine(partner)

    def put(path=PUT, **more):
        return machine.client.put(path, BODY | more, content_type="application/json")

    return put


def foreign(**more):
    values = {
        "source": "dvcqg", "external_id": "A-1", "version": 1, "number": "A-1", "state": State.PROCESSING,
        "filed": Filing(version=current(PERMIT), applicant=Applicant("Nguyễn Thị Lan", "026185001234"), answers={}),
        "channel": "online", "submitted_at": MONDAY, "accepted_at": MONDAY, "due_at": MONDAY + timedelta(days=5),
    } | more  # fmt: skip
    return Foreign(**values)


def test_the_same_dossier_imported_twice_is_one(portal):
    first, second = portal(), portal()
    assert (first.status_code, second.status_code) == (201, 200), first.content.decode()
    assert first.json()["uuid"] == second.json()["uuid"]
    dossier = Dossier.objects.get()
    assert (dossier.number, dossier.state, dossier.is_mirror) == (BODY["number"], 4, True)
    assert dossier.due_at == datetime(2024, 3, 20, 17, tzinfo=clock.VIETNAM)
    assert dossier.owner_person.personal_id == "026185001234"
    assert dossier.steps.count() == 1
    assert not verify().broken


def test_a_newer_version_moves_it_on_and_an_older_one_that_comes_late_does_not(portal):
    portal()
    assert portal(**DONE).json()["state"] == 10
    late = portal(version=1)
    assert (late.status_code, late.json()["state"]) == (200, 10)
    dossier = Dossier.objects.get()
    assert (dossier.on_time_legal, dossier.delivery_state, dossier.number) == (True, "delivered", BODY["number"])
    assert [step.label for step in dossier.steps.order_by("pk")] == [
        "Đang xử lý (theo dvcqg)", "Đã trả kết quả (theo dvcqg)",
    ]  # fmt: skip


def test_a_number_that_is_taken_is_kept_beside_and_ours_is_not_touched(portal, minh, ngu_kien):
    ours = received(minh, ngu_kien)
    assert portal(number=ours.number).status_code == 201
    theirs = Dossier.objects.get(sync_state="mirror")
    assert theirs.number is None
    assert ExternalRef.objects.get(source="dvcqg:number", dossier=theirs).external_id == ours.number
    ours.refresh_from_db()
    assert ours.number.startswith("H62.28.15-240304-")


def test_mirrored_dossiers_take_no_number_of_ours(portal, minh, ngu_kien):
    portal()
    assert received(minh, ngu_kien).number == "H62.28.15-240304-0001"


@pytest.mark.parametrize(
    ("state", "turn"),
    [
        (State.SUBMITTED, lambda d: reception.accept_dossier(SYSTEM, d)),
        (State.SUBMITTED, lambda d: reception.decline_dossier(SYSTEM, d, reason="x")),
        (State.ACCEPTED, lambda d: reception.forward_dossier(SYSTEM, d)),
        (State.PROCESSING, lambda d: processing.finish_step(SYSTEM, d)),
        (State.PROCESSING, lambda d: processing.sign_result(SYSTEM, d)),
        (State.PROCESSING, lambda d: processing.request_supplement(SYSTEM, d, items=["x"], reason="x")),
        (State.PROCESSING, lambda d: processing.request_duty(SYSTEM, d, notice="x")),
        (State.PROCESSING, lambda d: processing.apologise(SYSTEM, d, reason="x", new_due=MONDAY + timedelta(days=9))),
        (State.PROCESSING, lambda d: closing.stop_dossier(SYSTEM, d, reason="x")),
        (State.PROCESSING, lambda d: closing.withdraw_dossier(SYSTEM, d)),
        (State.SUPPLEMENT, lambda d: processing.resume_dossier(SYSTEM, d)),
        (State.SUPPLEMENT, lambda d: processing.answer_supplement(SYSTEM, d, uploads={}, answer="x")),
        (State.DUTY, lambda d: processing.confirm_duty(SYSTEM, d, proof="x")),
        (State.FINISHED, lambda d: closing.return_result(SYSTEM, d)),
        (State.PROCESSING, lambda d: payment.set_fee(SYSTEM, d, amount=8000, basis="x")),
        (State.PROCESSING, lambda d: at_once.complete_at_once(SYSTEM, d)),
    ],
)
def test_nobody_decides_it_here(ngu_kien, state, turn):
    ended = MONDAY if state == State.FINISHED else None
    dossier = mirror(SYSTEM, ngu_kien, foreign(state=state, finished_at=ended))
    with pytest.raises(Refused, match="hệ thống khác"):
        turn(dossier)
    dossier.refresh_from_db()
    assert (dossier.state, dossier.steps.count()) == (state, 1)


def test_an_absent_officers_work_passes_on_without_what_another_system_holds(ngu_kien, minh, an, thu):
    theirs = mirror(SYSTEM, ngu_kien, foreign())
    ours = received(minh, ngu_kien)
    absent, stand_in = Account.objects.get(pk=an.account_id), Account.objects.get(pk=minh.account_id)
    Dossier.objects.filter(pk__in=[theirs.pk, ours.pk]).update(assignee=absent)
    assert processing.substitute(thu, ngu_kien, absent=absent, stand_in=stand_in) == 1
    theirs.refresh_from_db()
    ours.refresh_from_db()
    assert (theirs.assignee, ours.assignee) == (absent, stand_in)
    assert theirs.steps.count() == 1


def test_the_desk_shows_it_without_buttons(ngu_kien, minh, an, browser_of):
    dossier = mirror(SYSTEM, ngu_kien, foreign())
    assert verbs_for(an, dossier) == verbs_for(minh, dossier) == []
    assert browser_of(minh).get(f"/desk/dossiers/{dossier.uuid}/").status_code == 200


def test_what_is_ours_is_not_taken_over_and_what_is_theirs_stays_in_its_unit(portal, minh, tam, ngu_kien, lien_chau):
    ours = received(minh, ngu_kien)
    ExternalRef.objects.create(dossier=ours, source="dvcqg", external_id="O-1", version="1")
    taken = portal("/api/v1/dossiers/mirror/dvcqg/O-1", **DONE)
    assert (taken.status_code, "do xã xử lý" in taken.json()["detail"]) == (409, True)
    theirs = mirror(SYSTEM, lien_chau, foreign(external_id="L-1", number="L-1"))
    assert portal("/api/v1/dossiers/mirror/dvcqg/L-1", **DONE).status_code == 403
    for dossier in (ours, theirs):
        dossier.refresh_from_db()
        assert dossier.state != 10


def test_only_a_connected_system_may(minh, tam, portal, lien_chau):
    assert Machine(minh).client.put(PUT, BODY, content_type="application/json").status_code == 403
    assert portal(unit=lien_chau.code).status_code == 403
    assert not Dossier.objects.exists()


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        ("accepted_at", {"accepted_at": None}),
        ("finished_at", {"finished_at": "2024-03-02T08:00:00+07:00"}),
        ("finished_at", {"state": 9}),
        ("accepted_at", {"accepted_at": "2024-02-01T08:00:00+07:00"}),
        ("submitted_at", {"submitted_at": "2124-02-01T08:00:00+07:00"}),
        ("submitted_at", {"submitted_at": "2024-03-01T08:00:00"}),
        ("procedure", {"procedure": "9.999999"}),
        ("state", {"state": 11}),
        ("version", {"version": -1}),
        ("number", {"number": "<b>1</b>"}),
        ("applicant.full_name", {"applicant": {"full_name": "x" * 10_000}}),
        ("unit", {"unit": "00000"}),
    ],
)
def test_what_contradicts_itself_is_named(portal, path, wrong):
    answer = portal(**wrong)
    if path == "procedure":
        assert answer.status_code in {404, 422}
    else:
        assert answer.status_code == 422, answer.content.decode()
        assert path in {one["path"] for one in answer.json()["errors"]}
    assert not Dossier.objects.exists()


@pytest.mark.parametrize("source", ["DVC", "a b", "a:number", "x" * 40])
def test_a_source_is_a_short_plain_name(portal, source):
    assert portal(f"/api/v1/dossiers/mirror/{source}/1").status_code in {404, 422}


def test_a_procedure_of_another_system_is_not_received_here(minh, ngu_kien):
    """Route `mirror` in the catalogue: the counter is told where it is received."""
    from xaso.modules.procedures.models import ProcedureVersion
    from xaso.modules.procedures.queries import forget, why_not_receivable

    ProcedureVersion.objects.filter(procedure__code=PERMIT).update(route="mirror")
    _rebuild()
    assert "hệ thống khác" in why_not_receivable(PERMIT)
    forget()
    _rebuild()


def _rebuild():
    from uuid import uuid4

    from xaso.modules.procedures.models import CatalogueStamp
    from xaso.modules.procedures.queries import forget

    CatalogueStamp.objects.update(value=uuid4())
    forget()


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_eight_messages_at_once_make_one_dossier(ngu_kien):
    with time_machine.travel(MONDAY, tick=True):
        made = all_at_once(lambda at: mirror(SYSTEM, ngu_kien, foreign(version=at, state=State.PROCESSING)), range(8))
    assert not [one for one in made if isinstance(one, Exception)]
    assert len({one.pk for one in made}) == 1
    assert ExternalRef.objects.get().version == "7"
