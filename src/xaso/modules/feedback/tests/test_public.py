"""Only what an officer approved is read by everybody, and nothing of anybody in it."""

from datetime import date, datetime

import pytest
from django.db import IntegrityError, transaction

from xaso.core.access import ANONYMOUS
from xaso.kit import clock
from xaso.kit.errors import Forbidden, Refused
from xaso.modules.feedback import actions
from xaso.modules.feedback.models import Report
from xaso.modules.feedback.photos import receive_photo
from xaso.modules.feedback.queries.public import public_of, public_report, quarter_before, statistics
from xaso.modules.feedback.tests.factories import answered, assigned, given, photo, sent

pytestmark = pytest.mark.django_db
CLEAN = "Đèn đường trước nhà văn hoá hỏng một tuần."


def test_without_a_word_of_an_officer_nothing_is_public(ngu_kien, minh, an):
    answered(ngu_kien, minh, an)
    assert not public_of(ngu_kien).exists()


def test_it_is_published_with_the_approved_words_and_photos(ngu_kien, minh, an, hoa):
    report = answered(ngu_kien, minh, an, photos=[receive_photo(photo()), receive_photo(photo(size=(40, 40)))])
    first, second = report.photos.order_by("id")
    actions.publish(hoa, report, text=CLEAN, answer="Đã thay bóng.", photos=[first.uuid])
    shown = public_report(report.uuid)
    assert (shown.public_text, shown.public_answer) == (CLEAN, "Đã thay bóng.")
    assert list(report.photos.filter(is_public=True)) == [first]
    actions.publish(hoa, report, text=CLEAN, photos=[second.uuid])
    assert list(report.photos.filter(is_public=True)) == [second]


@pytest.mark.parametrize("words", ["Gọi 0912 345 699", "nguyen van dan báo", "CCCD 026085001234", "a@b.vn"])
def test_words_with_personal_data_are_refused(ngu_kien, minh, an, hoa, words):
    report = answered(ngu_kien, minh, an)
    with pytest.raises(Refused, match="dữ liệu cá nhân"):
        actions.publish(hoa, report, text=f"{CLEAN} {words}")
    with pytest.raises(Refused, match="dữ liệu cá nhân"):
        actions.publish(hoa, report, text=CLEAN, answer=words)
    assert not public_of(ngu_kien).exists()


def test_the_place_is_checked_too_when_it_is_shown(ngu_kien, minh, an, hoa):
    report = answered(ngu_kien, minh, an, place="Cạnh nhà ông Nguyễn Văn Dân")
    actions.publish(hoa, report, text=CLEAN)
    with pytest.raises(Refused, match="họ tên"):
        actions.publish(hoa, report, text=CLEAN, shows_place=True)


def test_without_consent_nothing_is_published_and_consent_is_taken_back(ngu_kien, minh, an, hoa):
    private = answered(ngu_kien, minh, an, may_publish=False)
    assert private.publish_due_at is None
    with pytest.raises(Refused, match="không đồng ý"):
        actions.publish(hoa, private, text=CLEAN)
    report = answered(ngu_kien, minh, an, photos=[receive_photo(photo())])
    actions.publish(hoa, report, text=CLEAN, photos=[report.photos.get().uuid])
    actions.withdraw_consent(ANONYMOUS, report)
    assert not public_of(ngu_kien).exists()
    assert not report.photos.filter(is_public=True).exists()
    assert report.public_text == ""
    with pytest.raises(Refused, match="không công khai"):
        actions.withdraw_consent(ANONYMOUS, report)


def test_keeping_it_private_is_a_decision_with_a_reason(ngu_kien, minh, an, hoa):
    report = answered(ngu_kien, minh, an)
    assert report.publish_due_at is not None
    with pytest.raises(Refused, match="lý do"):
        actions.keep_private(hoa, report, reason=" ")
    actions.keep_private(hoa, report, reason="Chuyện riêng của một nhà.")
    assert (report.shown, report.publish_due_at) == ("kept", None)


def test_who_handles_it_does_not_publish_it(ngu_kien, minh, an):
    report = answered(ngu_kien, minh, an)
    with pytest.raises(Forbidden):
        actions.publish(an, report, text=CLEAN)


def test_an_open_one_is_public_without_an_answer(ngu_kien, minh, an, hoa):
    report = assigned(ngu_kien, minh, an)
    actions.publish(hoa, report, text=CLEAN, answer="Sắp xong")
    assert report.public_answer == ""
    fresh = sent(ngu_kien)
    with pytest.raises(Refused, match="sau khi đã tiếp nhận"):
        actions.publish(hoa, fresh, text=CLEAN)


def test_the_database_itself_publishes_nothing_confidential(ngu_kien):
    report = sent(ngu_kien, category="can-bo", text="Cán bộ nói năng khó nghe")
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(shown="public", public_text="x", may_publish=True)


def test_small_numbers_are_not_told(ngu_kien, minh, monday):
    monday.move_to(datetime(2026, 2, 9, 9, tzinfo=clock.VIETNAM))
    for _ in range(3):
        actions.take_in(minh, ngu_kien, given=_counter("rac"))
    for _ in range(7):
        actions.take_in(minh, ngu_kien, given=_counter("den"))
    found = statistics(ngu_kien, date(2026, 4, 2))
    assert found.title == "quý 1 năm 2026"
    cells = {cell.label: (cell.received, cell.answered, cell.on_time) for cell in found.rows}
    assert cells["Rác, môi trường"] == ("<5", "…", "–")
    assert cells["Đèn, điện chiếu sáng"] == ("7", "0", "–")
    assert found.whole is None


def _counter(category):
    return given(channel="counter", category=category)


def test_the_last_finished_quarter():
    assert quarter_before(date(2026, 1, 5)) == (date(2025, 10, 1), date(2026, 1, 1), "quý 4 năm 2025")
    assert quarter_before(date(2026, 6, 30)) == (date(2026, 1, 1), date(2026, 4, 1), "quý 1 năm 2026")
