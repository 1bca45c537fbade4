"""The table of first tests in the domain notes (§9.2), row by row where no other test says it yet.

Clock rows stand in `core/deadlines/tests`, supplements, apology and look-up in `modules/dossiers/tests`, a limit
without a unit in `modules/procedures/tests/test_desk.py`, the import of the same dossier in `test_mirror.py`.
"""

import ast
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
import time_machine

from tests.architecture.source import PACKAGE, python_files, tree
from xaso.core.access import SYSTEM
from xaso.core.accounts.models import Post
from xaso.core.accounts.queries import actor_of
from xaso.core.accounts.tests.cast import LONG_AGO, make_account
from xaso.core.deadlines.models import Clock
from xaso.core.measures.periods import period_of
from xaso.core.outbox.actions import deliver_all
from xaso.core.units.models import Succession, Unit
from xaso.kit import clock, subject
from xaso.modules.dossiers import figures
from xaso.modules.dossiers.actions import closing, processing, reception
from xaso.modules.dossiers.jobs import hand_over_after_mergers
from xaso.modules.dossiers.models import Dossier
from xaso.modules.dossiers.tests.factories import COPY, PERMIT, filed, finished, received, submitted, uploaded
from xaso.modules.papers.models import PrintedPaper
from xaso.modules.payments.actions import take_cash
from xaso.modules.payments.queries import open_charge
from xaso.modules.procedures.actions import load_procedures
from xaso.modules.procedures.queries import current, version

pytestmark = pytest.mark.django_db
MONDAY = datetime(2024, 3, 4, 9, 0, tzinfo=clock.VIETNAM)
FIRST_OF_APRIL = datetime(2024, 4, 1, 9, 0, tzinfo=clock.VIETNAM)


@pytest.fixture(autouse=True)
def _monday(catalogue):
    with time_machine.travel(MONDAY, tick=False):
        yield


def officer(key, unit, role, since=LONG_AGO):
    account = make_account(key)
    Post.objects.create(account=account, unit=unit, unit_path=unit.path, role=role, valid_from=since)
    return actor_of(account.pk)


@pytest.fixture
def merged(district, ngu_kien, lien_chau):
    """Ngũ Kiên and Liên Châu become Vĩnh An on 1 April."""

    def merge():
        vinh_an = Unit.objects.create(
            code="08900", name="Vĩnh An", kind="commune", parent=district, path="26.252.08900.",
            valid_from=FIRST_OF_APRIL.date(), agency_code="H62.28.99",
        )  # fmt: skip
        for unit in (ngu_kien, lien_chau):
            unit.valid_to = FIRST_OF_APRIL.date() - timedelta(days=1)
            unit.save()
            Succession.objects.create(
                predecessor=unit, successor=vinh_an, kind="merge", effective_on=FIRST_OF_APRIL.date()
            )
        assert hand_over_after_mergers() > 0
        assert hand_over_after_mergers() == 0
        return vinh_an

    return merge


def test_after_a_merger_with_dossiers_pending(merged, son, minh, an, thu, hoa, van, tam, ngu_kien, lien_chau):
    done = finished(ngu_kien, minh, an, thu, hoa, van)
    reception_of_a = [received(minh, ngu_kien) for _ in range(3)]
    pending = [*reception_of_a, received(tam, lien_chau), submitted(SYSTEM, lien_chau), done]
    closing.withdraw_dossier(minh, closed := received(minh, ngu_kien))
    march = period_of("2024-03")
    before = {name: figures.totals(SYSTEM, unit, march) for name, unit in (("A", ngu_kien), ("B", lien_chau))}
    kept = {one.pk: (one.number, one.due_at, one.received_by_unit_id) for one in Dossier.objects.all()}
    clocks = list(Clock.objects.order_by("pk").values())
    with time_machine.travel(FIRST_OF_APRIL, tick=False):
        vinh_an = merged()
        after = {
            name: figures.totals(SYSTEM, unit, march)
            for name, unit in (("A", ngu_kien), ("B", lien_chau), ("C", vinh_an))
        }
    assert {one.pk: (one.number, one.due_at, one.received_by_unit_id) for one in Dossier.objects.all()} == kept
    assert list(Clock.objects.order_by("pk").values()) == clocks
    assert {one.unit for one in Dossier.objects.filter(pk__in=[one.pk for one in pending])} == {vinh_an}
    closed.refresh_from_db()
    assert closed.unit == ngu_kien
    for figure in ("received", "judged_legal", "on_time_legal", "done", "open", "ready", "self", "paper"):
        assert sum(one[figure] for one in after.values()) == sum(one[figure] for one in before.values()), figure
    assert (after["A"]["received"], after["B"]["received"], after["C"]["received"]) == (1, 0, 5)


def opens(browser, path):
    answer = browser.get(path)
    return answer.status_code == 200 and answer.getvalue().startswith(b"%PDF")


def test_the_successor_can_finish_what_it_took_over(merged, minh, tam, ngu_kien, lien_chau, browser_of):
    """Its officers open the papers and the files, take the unpaid fee and answer the waiting question."""
    with_fee = received(minh, ngu_kien, COPY)
    charge = open_charge(subject.ref(with_fee))
    file = uploaded(minh)
    permit = filed()
    first = next(iter(permit.papers))
    permit = replace(permit, papers={**permit.papers, first: replace(permit.papers[first], upload=file.uuid)})
    with_file = reception.receive_dossier(minh, ngu_kien, filed=permit, forward=True)
    asked = processing.consult(
        SYSTEM, received(tam, lien_chau), asked=ngu_kien, question="Đất có tranh chấp không?",
        answer_by=MONDAY + timedelta(days=60),
    )  # fmt: skip
    deliver_all()
    with time_machine.travel(FIRST_OF_APRIL, tick=False):
        vinh_an = merged()
        receiver = officer("nam", vinh_an, "reception", FIRST_OF_APRIL.date())
        handler = officer("kien", vinh_an, "handler", FIRST_OF_APRIL.date())
        browser = browser_of(receiver)
        assert browser.get(f"/desk/dossiers/{with_file.uuid}/").status_code == 200
        assert opens(browser, f"/tep/{file.uuid}/")
        slip = PrintedPaper.objects.get(subject=subject.ref(with_fee), code="mau-01")
        assert opens(browser, f"/desk/papers/{slip.uuid}.pdf")
        assert slip.unit == ngu_kien
        charge.refresh_from_db()
        assert take_cash(receiver, charge, amount=charge.due, idempotency_key="sau-sap-nhap").unit_path == vinh_an.path
        asked.refresh_from_db()
        assert processing.answer_consultation(handler, asked, answer="Không.").answered_by
    slips = PrintedPaper.objects.values_list("unit_path", flat=True)
    assert set(slips) == {vinh_an.path}


def test_a_dossier_stays_with_the_version_it_began_with(settings, tmp_path, minh, an, ngu_kien):
    """v2, twice as long and with other papers, comes into force in the middle."""
    [shipped] = (settings.CONTENT_DIRS[0] / "procedures").glob(f"*/{PERMIT}.yaml")
    dossier = received(minh, ngu_kien)
    pinned, number, due, papers = dossier.version_id, dossier.number, dossier.due_at, dossier.papers.count()
    limit = version(pinned).limit(version(pinned).case(dossier.case_key), "counter").amount
    text = shipped.read_text(encoding="utf-8")
    assert f"amount: {limit:g}" in text
    place = tmp_path / "procedures" / shipped.parent.name
    place.mkdir(parents=True)
    (place / shipped.name).write_text(text.replace(f"amount: {limit:g}", f"amount: {limit * 2:g}"), encoding="utf-8")
    (tmp_path / "procedures" / "life-events.yaml").symlink_to(shipped.parents[1] / "life-events.yaml")
    real, settings.CONTENT_DIRS = settings.CONTENT_DIRS, [tmp_path]
    assert load_procedures(SYSTEM).changed == [PERMIT]
    settings.CONTENT_DIRS = real
    assert current(PERMIT, date(2024, 3, 4)).id != pinned
    processing.request_supplement(an, dossier, items=["Bản vẽ"], reason="Thiếu")
    processing.resume_dossier(minh, dossier)
    dossier.refresh_from_db()
    assert (dossier.version_id, dossier.number, dossier.due_at) == (pinned, number, due)
    assert dossier.papers.count() == papers
    assert received(minh, ngu_kien).due_at > due


# Everything that may say something to a person. A dossier's turns and the course of a report speak to residents; the
# others remind officials.
SPEAKERS = {
    "notify": {
        "modules/dossiers/actions/telling.py",
        "modules/assessments/actions/telling.py",
        "modules/reports/actions/reminding.py",
        "modules/targets/actions/reminding.py",
        "modules/targets/actions/working.py",
        "modules/incoming/actions/telling.py",
        "modules/outgoing/actions/issuing.py",
        "modules/signing/actions/register.py",
        "modules/signing/actions/requests.py",
        "modules/feedback/actions/telling.py",
        "modules/social/actions/telling.py",
        "modules/speakers/actions/alarming.py",
    },
    "tell": {
        "modules/dossiers/handlers.py",
        "modules/assessments/handlers.py",
        "modules/incoming/actions/telling.py",
        "modules/exchange/actions/receiving.py",
        "modules/feedback/actions/closing.py",
        "modules/feedback/actions/triaging.py",
        "modules/feedback/actions/working.py",
        "modules/zalo/simulators/oa.py",
    },
}
# Templates that carry a free remark of an officer, and the form each goes out with.
WITH_A_REMARK = {
    "dossiers.declined": "mau-03",
    "dossiers.supplement_asked": "mau-02",
    "dossiers.stopped": "mau-05",
    "dossiers.withdrawn": "mau-05",
    "dossiers.apologised": "mau-04",
    "dossiers.duty_asked": "",
}


def calls(name):
    for file in python_files():
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == name:
                yield str(file.relative_to(PACKAGE)), node


@pytest.mark.parametrize("name", sorted(SPEAKERS))
def test_nobody_else_speaks_to_residents(name):
    """There is no way to write to a resident about papers outside Mẫu 02: the speakers are these and no others."""
    assert {file for file, _ in calls(name)} == SPEAKERS[name]


def test_an_officers_words_go_out_only_with_a_form():
    spoken = {}
    for _, node in calls("DossierTold"):
        words = {one.arg: one.value for one in node.keywords}
        if "note" in words and isinstance(words.get("template"), ast.Constant):
            spoken[words["template"].value] = getattr(words.get("paper"), "value", "")
    assert spoken == WITH_A_REMARK


def test_papers_are_asked_for_in_two_places_and_both_are_form_02():
    asking = [
        node for _, node in calls("DossierTold")
        if any(one.arg == "template" and getattr(one.value, "value", "") == "dossiers.supplement_asked"
               for one in node.keywords)
    ]  # fmt: skip
    assert len(asking) == 2
    assert all(any(one.arg == "paper" and one.value.value == "mau-02" for one in node.keywords) for node in asking)
