"""Documents of the communes at work: every stage is there, once, and the figures count them."""

import pytest

from xaso.core.audit import actions as audit
from xaso.core.measures.periods import this
from xaso.demo.letters import letters, play_letters
from xaso.demo.play import play_province
from xaso.modules.figures import queries as figures
from xaso.modules.incoming.models import Document as Arrived
from xaso.modules.outgoing.models import Document
from xaso.modules.signing.models import Certificate
from xaso.modules.workfiles.models import Item

pytestmark = pytest.mark.long


def test_documents_stand_at_every_stage_and_a_second_load_changes_nothing(small_province, scenario):
    play_province(scenario)
    play_letters(scenario)
    busy = [plan for plan in scenario.communes if plan.open_now]
    unit = next(unit for unit in small_province.values() if unit.code == busy[0].code)
    states = list(Arrived.objects.filter(unit=unit).values_list("state", flat=True))
    assert len(states) == len(letters()["incoming"])
    assert {"waiting", "shown", "working", "done"} <= set(states)
    sent = Document.objects.filter(unit=unit)
    assert sorted(sent.values_list("state", flat=True)) == ["at_leader", "draft", "issued", "issued"]
    assert sorted(sent.exclude(number=None).values_list("number", flat=True)) == [1, 2]
    assert Arrived.objects.get(unit=unit, doc_number="46").outcome == "answered"
    assert Item.objects.filter(work_file__unit=unit).count() == 1
    assert audit.verify().broken == ""
    value = figures.value("documents_backlog", unit, this("month"))
    assert (value.number, value.origin) == (Arrived.objects.filter(unit=unit, ended_at=None).count(), "computed")
    before = [model.objects.count() for model in (Arrived, Document, Certificate)]
    play_letters(scenario)
    assert [model.objects.count() for model in (Arrived, Document, Certificate)] == before
