"""Writing: versions, two writers, uploads, comments, and who may not."""

import pytest

from xaso.core.audit.models import Entry
from xaso.kit.errors import Forbidden, Missing, Refused
from xaso.modules.outgoing.actions.drafting import (
    WrittenMeanwhile,
    add_annex,
    begin_draft,
    comment,
    remove_annex,
    save_draft,
    upload_draft,
    use_text,
)
from xaso.modules.outgoing.models import Version
from xaso.modules.outgoing.queries import documents, sheets
from xaso.modules.outgoing.tests.conftest import again, scan, words

pytestmark = pytest.mark.django_db


def test_a_draft_begins_with_its_first_version(begun, an):
    assert (begun.state, begun.kind, begun.year, begun.revision) == ("draft", "cong-van", 2024, 0)
    assert begun.owner_person_id == an.person_id
    assert [one.number for one in begun.versions.all()] == [1]
    assert begun.folded == "ra soat ho ngheo nam 2024"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"kind": "khac"}, "loại văn bản"),
        ({"subject": "  "}, "trích yếu"),
        ({"text": "a" * 200_001}, r"200\.000"),
        ({"urgency": "x"}, "mức độ khẩn"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_sentence(begun, an, hoa, changes, says):
    with pytest.raises(Refused, match=says):
        save_draft(an, begun, words=words(hoa, **changes), revision=0)


def test_others_may_not_write(ngu_kien, begun, tam, lan, hoa):
    for stranger in (tam, lan):
        with pytest.raises(Forbidden):
            begin_draft(stranger, ngu_kien, kind="cong-van", subject="x")
        with pytest.raises(Forbidden):
            save_draft(stranger, begun, words=words(hoa), revision=0)
        with pytest.raises(Missing):
            documents.document_for(stranger, begun.uuid)


def test_each_saving_that_changed_is_a_version(written, an, hoa):
    assert [one.number for one in written.versions.order_by("number")] == [1, 2]
    assert save_draft(an, written, words=words(hoa), revision=1).revision == 1
    assert Version.objects.filter(document=written).count() == 2
    save_draft(an, written, words=words(hoa, text="Khác"), revision=1)
    made = documents.comparison(written, 2, 3)
    assert (made.old.number, made.new.number, made.changes > 0) == (2, 3, True)
    assert made.new.fields["signer_id"] == hoa.account_id


def test_of_two_who_write_the_second_is_told_and_nothing_is_lost(begun, an, thu, hoa):
    other = again(begun)
    save_draft(an, begun, words=words(hoa, text="Bản một"), revision=0)
    with pytest.raises(WrittenMeanwhile, match="Người khác vừa lưu"):
        save_draft(thu, other, words=words(hoa, text="Bản hai"), revision=0)
    assert again(begun).text == "Bản một"


def test_the_signature_block_follows_the_signer(written, hoa):
    assert written.authority == ["TM. ỦY BAN NHÂN DÂN"]
    assert (written.signer_name, written.signer_title) == (hoa.name, "Chủ tịch")


def test_somebody_without_a_delegation_cannot_be_the_signer(begun, an, thu):
    with pytest.raises(Refused, match="chưa được giao ký"):
        save_draft(an, begun, words=words(thu), revision=0)
    with pytest.raises(Refused, match="không giữ chức danh"):
        save_draft(an, begun, words=words(an), revision=0)


def test_a_file_may_stand_instead_of_the_text(written, an):
    uploaded = upload_draft(an, written, received=scan(), revision=1)
    assert uploaded.draft_file.kind == "outgoing.draft"
    assert uploaded.versions.get(number=3).file == uploaded.draft_file
    assert sheets.pdf_of(uploaded).startswith(b"%PDF")
    with pytest.raises(WrittenMeanwhile):
        use_text(an, uploaded, revision=0)
    assert use_text(an, uploaded, revision=2).draft_file is None


def test_annexes_and_comments(written, an, thu, minh):
    annex = add_annex(an, written, received=scan())
    assert sheets.annexes_of(written) == [annex]
    remove_annex(an, written, annex=annex)
    assert sheets.annexes_of(written) == []
    comment(thu, written, text=" Cần thêm số liệu ")
    said = written.comments.get()
    assert (said.text, said.version, said.said_by) == ("Cần thêm số liệu", 2, thu.name)
    with pytest.raises(Refused, match="góp ý"):
        comment(thu, written, text=" ")
    with pytest.raises(Forbidden):
        comment(minh, written, text="Tôi không được")


def test_what_is_handed_in_is_not_written_on(at_leader, an, hoa):
    with pytest.raises(Refused, match="không còn ở bước dự thảo"):
        save_draft(an, at_leader, words=words(hoa, text="x"), revision=1)
    with pytest.raises(Refused, match="không còn ở bước dự thảo"):
        upload_draft(an, at_leader, received=scan(), revision=1)


def test_the_record_keeps_a_checksum_and_not_the_text(written):
    entry = Entry.objects.get(verb="outgoing.write")
    assert "rà soát" not in str(entry.details).lower()
    assert entry.details["words"].startswith("sha256:")
