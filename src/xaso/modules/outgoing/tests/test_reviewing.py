"""From hand to hand: submit, pass on, approve, return, check; the layout's faults and the clerk's override."""

import pytest

from xaso.kit.errors import Forbidden, Refused
from xaso.modules.outgoing.actions.drafting import save_draft
from xaso.modules.outgoing.actions.reviewing import (
    approve,
    override_format,
    pass_check,
    pass_on,
    prepare,
    return_draft,
    submit,
)
from xaso.modules.outgoing.queries import sheets
from xaso.modules.outgoing.queries.sheets import Checked
from xaso.modules.outgoing.tests.conftest import again, words

pytestmark = pytest.mark.django_db


class Wrong:
    """A fault as the format check tells it."""

    code, sentence, where, severity = "margin", "Lề trái 10 mm, phải từ 30 đến 35 mm.", "trang 1", "must"


def test_the_way_over_the_head_and_the_leader(addressed, an, thu, hoa):
    handed = submit(an, addressed, to="head", checked=sheets.checked(addressed))
    assert handed.state == "at_head"
    passed = pass_on(thu, handed, note_text="Đã xem")
    assert passed.state == "at_leader"
    with pytest.raises(Refused, match="chờ lãnh đạo"):
        approve(thu, passed)
    assert approve(hoa, passed).state == "checking"


def test_a_head_may_approve_what_is_handed_to_the_head(addressed, an, thu):
    assert approve(thu, submit(an, addressed, to="head", checked=sheets.checked(addressed))).state == "checking"


def test_what_is_empty_or_has_no_signer_is_not_handed_in(begun, an, hoa):
    with pytest.raises(Refused, match="chưa có nội dung"):
        submit(an, begun, to="head", checked=Checked(0, ()))
    unsigned = save_draft(an, begun, words=words(hoa, signer_id=None), revision=0)
    with pytest.raises(Refused, match="Chưa chọn người ký"):
        submit(an, unsigned, to="head", checked=Checked(1, ()))
    with pytest.raises(Refused, match="chọn trình"):
        submit(an, unsigned, to="khac", checked=Checked(1, ()))


def test_what_must_be_mended_stops_it_until_the_clerk_answers_for_it(addressed, an, van):
    wrong = Checked(addressed.revision, (Wrong,))
    with pytest.raises(Refused, match="Lề trái 10 mm"):
        submit(an, addressed, to="leader", checked=wrong)
    with pytest.raises(Forbidden):
        override_format(an, addressed, reason="Mẫu của tỉnh")
    with pytest.raises(Refused, match="lý do"):
        override_format(van, addressed, reason=" ")
    overruled = override_format(van, addressed, reason="Mẫu của tỉnh")
    assert submit(an, overruled, to="leader", checked=wrong).state == "at_leader"


def test_an_override_is_for_one_text_only(addressed, an, van, hoa):
    overruled = override_format(van, addressed, reason="Mẫu của tỉnh")
    changed = save_draft(an, overruled, words=words(hoa, text="Khác"), revision=overruled.revision)
    assert changed.format_reason == ""


def test_a_check_of_an_older_text_does_not_count(addressed, an):
    with pytest.raises(Refused, match="vừa được người khác"):
        submit(an, addressed, to="leader", checked=Checked(0, ()))


@pytest.mark.parametrize("stage", ["at_leader", "checking", "to_sign"])
def test_it_is_sent_back_with_a_reason(stage, request, hoa, van, an):
    document = request.getfixturevalue(stage)
    reader = van if stage == "checking" else hoa
    with pytest.raises(Refused, match="lý do"):
        return_draft(reader, document, reason=" ")
    with pytest.raises(Forbidden):
        return_draft(an, document, reason="x")
    returned = return_draft(reader, document, reason="Thiếu số liệu")
    assert (returned.state, returned.return_reason, returned.sheet) == ("draft", "Thiếu số liệu", None)


def test_of_two_readers_the_second_is_told(at_leader, hoa):
    other = again(at_leader)
    approve(hoa, at_leader)
    with pytest.raises(Refused, match="vừa được người khác chuyển bước"):
        return_draft(hoa, other, reason="Muộn")


def test_the_checked_sheet_has_its_places(to_sign):
    assert to_sign.sheet.kind == "outgoing.sheet"
    assert set(to_sign.boxes) == {"so", "ngay", "ky_ca_nhan", "ky_co_quan"}
    assert to_sign.pages == 1


def test_only_the_clerk_checks(checking, hoa, an):
    for other in (hoa, an):
        with pytest.raises(Forbidden):
            pass_check(other, checking, prepared=prepare(checking))
