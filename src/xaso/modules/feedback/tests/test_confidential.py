"""A report about an official's conduct: who may read it, who may not, and who decides when the head is named."""

import pytest

from xaso.core.search.models import Entry
from xaso.kit.errors import Missing, Refused
from xaso.modules.feedback import actions
from xaso.modules.feedback.models import Named
from xaso.modules.feedback.queries.reports import found, seen
from xaso.modules.feedback.tests.factories import ANSWER, assigned, post, sent
from xaso.modules.notifications.models import Message

pytestmark = pytest.mark.django_db


def told(template):
    return Message.objects.filter(template=template)


def test_of_a_confidential_report_only_who_may_learns(ngu_kien, minh, an, thu, hoa, son):
    report = sent(ngu_kien, category="can-bo", text="Ông Lê Văn Minh ở bộ phận một cửa vòi tiền", official="")
    assert list(report.named.values_list("person_id", flat=True)) == [minh.person_id]
    assert (report.is_confidential, report.may_publish) == (True, False)
    assert list(seen(hoa)) == [report]
    assert not any(seen(one).exists() for one in (minh, an, thu))
    assert {one.person_id for one in told("feedback.confided")} == {hoa.person_id}
    assert "vòi tiền" not in told("feedback.confided").get().body
    for one in (minh, thu):
        with pytest.raises(Missing):
            actions.accept(one, report)
    with pytest.raises(Refused, match="bị phản ánh"):
        actions.accept(hoa, report, lead=post(minh))
    report.refresh_from_db()
    actions.accept(hoa, report, lead=post(an))
    assert list(seen(an)) == [report]
    actions.answer(an, report, said=actions.Words("Xã đã kiểm tra và nhắc nhở."))
    assert report.publish_due_at is None
    with pytest.raises(Refused, match="xử lý kín"):
        actions.publish(hoa, report, text="Cán bộ vòi tiền")


def test_a_leader_who_is_named_sees_nothing_and_those_above_do(ngu_kien, hoa, minh, an, son):
    report = sent(ngu_kien, category="can-bo", official="Vu Thi Hoa", text="Lãnh đạo xã không tiếp dân theo lịch")
    assert not seen(hoa).exists()
    with pytest.raises(Missing):
        found(hoa, report.uuid)
    with pytest.raises(Missing):
        actions.refuse(hoa, report, why="no-fact")
    assert {one.person_id for one in told("feedback.confided")} == {son.person_id}
    actions.accept(son, report, lead=post(an))
    assert report.lead_name == "Phạm Thị An"


def test_it_turns_out_to_be_about_the_officer_who_leads_it(ngu_kien, minh, an, thu, hoa):
    report = actions.take(an, assigned(ngu_kien, minh, an))
    actions.confide(hoa, report, officials=[post(an)])
    assert (report.state, report.is_confidential, report.lead) == ("accepted", True, None)
    assert not seen(an).exists()
    assert not Entry.objects.filter(subject=report.ref).exists()
    assert Named.objects.get().name == "Phạm Thị An"
    with pytest.raises(Refused):
        actions.answer(an, report, said=actions.Words(ANSWER))
