"""What is found, by whom, in which order."""

from datetime import timedelta

import pytest

from xaso.core.access import ANONYMOUS, SYSTEM, Actor, Grant
from xaso.core.accounts.models import Person
from xaso.core.search.actions import forget, index_many
from xaso.core.search.feeds import Item
from xaso.core.search.models import Entry
from xaso.core.search.queries import NEWEST, find
from xaso.core.search.tests.filing import START, filed, thing
from xaso.kit.subject import ref

pytestmark = pytest.mark.django_db


def titles(by, words, **more):
    return [row.title for row in find(by, words, **more).rows]


@pytest.mark.parametrize(
    "typed",
    [
        "Nguyễn",
        "nguyen",
        "NGUYỄN",
        "Nguye\u0302\u0303n",
        "nguyễn thị",
        "thi nguyen",
        "ngu",
        "dat dai",
        "đất đai",
        "đat",
    ],
)
def test_words_are_found_with_and_without_marks_in_any_spelling(minh, typed):
    filed("Nguyễn Thị Lan xin cấp đất đai", minh.unit_path)
    assert titles(minh, typed)


@pytest.mark.parametrize(
    ("written", "typed"), [("hoà giải", "hòa"), ("hòa giải", "hoà"), ("thủy lợi", "thuỷ"), ("khỏe", "khoẻ")]
)
def test_both_placements_of_a_tone_are_one_word(minh, written, typed):
    filed(written, minh.unit_path)
    filed("hoa gia thuy khoe", minh.unit_path)
    page = find(minh, typed)
    assert next((row.title, row.tier) for row in page.rows) == (written, 0)


def test_what_is_written_exactly_so_comes_first(minh):
    filed("Mật ong", minh.unit_path, days=1)
    filed("Mất giấy tờ", minh.unit_path, days=2)
    filed("Mát mẻ", minh.unit_path, days=3)
    assert titles(minh, "mật") == ["Mật ong", "Mát mẻ", "Mất giấy tờ"]
    assert titles(minh, "mat") == ["Mát mẻ", "Mất giấy tờ", "Mật ong"]


def test_d_with_and_without_stroke(minh):
    filed("Đỗ Đức Đạt", minh.unit_path)
    assert titles(minh, "do duc dat")
    assert titles(minh, "đỗ đức đạt")


@pytest.mark.parametrize(
    "typed",
    ["12/QĐ-UBND", "12/qd-ubnd", "12/QĐ", "ubnd", "12", "QĐ-UBND", '"quyết định 12/QĐ-UBND"', "12 ubnd", "12/QD-ub"],
)
def test_numbers_of_documents_whole_and_in_part(minh, typed):
    filed("Quyết định 12/QĐ-UBND về đất", minh.unit_path)
    assert titles(minh, typed)


def test_signs_inside_a_number_hold_its_parts_together(minh):
    filed("Quyết định 12/QĐ-UBND", minh.unit_path)
    filed("12 người thuộc UBND và QĐ", minh.unit_path)
    assert titles(minh, "12/QĐ-UBND") == ["Quyết định 12/QĐ-UBND"]


@pytest.mark.parametrize("typed", ["H62.28.15-241216-00012", "h62.28.15-241216", "00012", "12", "241216-00012", "H62"])
def test_dossier_numbers_whole_and_in_part(minh, typed):
    filed("Hồ sơ H62.28.15-241216-00012", minh.unit_path)
    assert titles(minh, typed)


def test_all_words_must_be_there_and_only_the_last_may_be_half_typed(minh):
    filed("Cấp giấy khai sinh", minh.unit_path)
    assert titles(minh, "giay sin") == ["Cấp giấy khai sinh"]
    assert titles(minh, "gia sinh") == []
    assert titles(minh, "giấy tử") == []


def test_a_phrase_in_quotes_stands_side_by_side(minh):
    filed("khai sinh", minh.unit_path, days=2)
    filed("sinh ra rồi khai", minh.unit_path, days=1)
    assert titles(minh, '"khai sinh"') == ["khai sinh"]
    assert titles(minh, "“khai sinh”") == ["khai sinh"]
    assert len(titles(minh, "khai sinh")) == 2
    assert titles(minh, '"khai sin"') == []


def test_a_phrase_does_not_run_from_one_text_into_the_next(minh):
    filed("Giấy khai", minh.unit_path, "sinh sống tại xã", line="sinh quán")
    assert titles(minh, '"khai sinh"') == titles(minh, '"quan sinh"') == titles(minh, '"xa giay"') == []


def test_texts_are_searched_but_not_shown(minh):
    filed("Công văn", minh.unit_path, "Nội dung nói về mương thoát nước", line="Sở Xây dựng")
    [row] = find(minh, "muong thoat").rows
    assert (row.title, row.line) == ("Công văn", "Sở Xây dựng")


@pytest.mark.parametrize("typed", ["026185001234", "026 185 001 234", "0261.85001234"])
def test_a_personal_id_is_found_whole(minh, typed):
    filed("Nguyễn Thị Lan", minh.unit_path, whole=["026185001234"])
    assert bool(titles(minh, typed)) is (" " not in typed)


@pytest.mark.parametrize("typed", ["02618500123", "0261850", "26185001234", "001234"])
def test_a_part_of_a_personal_id_finds_nobody(minh, typed):
    filed("Nguyễn Thị Lan", minh.unit_path, whole=["026185001234"])
    assert titles(minh, typed) == []


@pytest.mark.parametrize(
    "typed",
    ['"', '""', "a", "*", "AND", "lan AND", "lan OR minh", "NEAR(lan minh)", "folded:lan", "lan*", "-lan", "^lan",
     "'; DROP TABLE", "(lan", "lan)", "lan & !minh", "lan | x:*", "\\", "%s %d {level}", "lan\x00minh", "ß", "ßtabc",
     "ßwabc", "😀", "x" * 5000, "a b " * 500, "“", '"lan', "lan:*", "<->", "漢字", "'", "''lan''"],
)  # fmt: skip
def test_hostile_words_ask_and_break_nothing(minh, typed):
    filed("Lan", minh.unit_path)
    find(minh, typed)
    assert titles(minh, "lan") == ["Lan"]


def test_tokens_of_ours_cannot_be_typed(minh):
    filed("Lan", minh.unit_path)
    token = next(word for word in Entry.objects.get().folded.split() if word.startswith("ßt"))
    assert titles(SYSTEM, token) == titles(SYSTEM, token[1:]) == []


class TestWhoSees:
    def test_an_officer_sees_the_own_unit_only(self, minh, tam):
        filed("Văn bản", minh.unit_path)
        assert titles(minh, "van ban") == ["Văn bản"]
        assert titles(tam, "van ban") == []

    def test_the_province_sees_its_tree(self, son, minh, tam):
        filed("Văn bản một", minh.unit_path)
        filed("Văn bản hai", tam.unit_path)
        filed("Văn bản tỉnh khác", "27.")
        filed("Văn bản mã gần", "2600.1.")
        assert set(titles(son, "van ban")) == {"Văn bản một", "Văn bản hai"}

    def test_a_unit_scope_is_exactly_that_unit(self, minh):
        filed("Văn bản thôn", minh.unit_path + "01.")
        filed("Văn bản tỉnh", "26.")
        assert titles(minh, "van ban") == []

    def test_everything_under_an_all_scope(self, kien):
        filed("Thủ tục", "", permission="procedures.view")
        filed("Thủ tục xã", "99.1.", permission="procedures.view")
        filed("Thủ tục mật", "", permission="reports.view")
        assert set(titles(kien, "thu tuc")) == {"Thủ tục", "Thủ tục xã"}

    def test_another_permission_hides(self, minh):
        filed("Văn bản", minh.unit_path, permission="audit.view")
        assert titles(minh, "van ban") == []

    def test_a_resident_sees_own_things(self, lan, nam):
        filed("Hồ sơ", "26.1.", owner=lan.person_id)
        assert titles(lan, "ho so") == ["Hồ sơ"]
        assert titles(nam, "ho so") == []

    def test_nobody_sees_nothing_and_the_system_everything(self, minh):
        filed("Văn bản", minh.unit_path)
        assert titles(ANONYMOUS, "van ban") == []
        assert titles(SYSTEM, "van ban") == ["Văn bản"]

    def test_a_machine_sees_what_its_key_allows(self, minh):
        filed("Văn bản", minh.unit_path)
        narrow = Actor("machine", 1, 1, "m", minh.grants, scopes=frozenset({"papers.view"}))
        wide = Actor("machine", 1, 1, "m", minh.grants, scopes=frozenset({"dossiers.view"}))
        assert titles(narrow, "van ban") == []
        assert titles(wide, "van ban") == ["Văn bản"]

    def test_somebody_with_two_posts_sees_both_units(self, minh, tam):
        filed("Văn bản một", minh.unit_path)
        filed("Văn bản hai", tam.unit_path)
        both = Actor("person", 1, 1, "x", (*minh.grants, *tam.grants))
        assert len(titles(both, "van ban")) == 2

    def test_a_role_of_no_kind_sees_nothing(self, minh):
        filed("Văn bản", minh.unit_path)
        assert titles(Actor("person", 1, 1, "x", (Grant("nobody", 1, minh.unit_path),)), "van ban") == []


class TestPages:
    def test_newest_first_page_by_page_each_once(self, minh):
        for day in range(25):
            filed(f"Văn bản {day:02}", minh.unit_path, days=day)
        seen, after = [], ""
        for _ in range(4):
            page = find(minh, "van ban", after, size=7)
            seen += [row.title for row in page.rows]
            after = page.after
        assert seen == [f"Văn bản {day:02}" for day in reversed(range(25))]
        assert after == ""

    def test_pages_go_on_from_exact_to_alike(self, minh):
        for day in range(6):
            filed(f"Mật {day}", minh.unit_path, days=day)
            filed(f"Mất {day}", minh.unit_path, days=day)
        seen, after = [], ""
        while True:
            page = find(minh, "mật", after, size=4)
            seen += [row.title for row in page.rows]
            if not (after := page.after):
                break
        assert seen == [*(f"Mật {day}" for day in reversed(range(6))), *(f"Mất {day}" for day in reversed(range(6)))]

    def test_what_lies_behind_thousands_of_newer_ones_is_found_too(self, minh):
        """PostgreSQL reads that many newest one by one and asks its index for the others."""
        old = [filed(f"Tuyển quân năm {year}", minh.unit_path, days=year) for year in range(3)]
        others = [Person(pk=10_000 + at) for at in range(NEWEST + 5)]
        day = START + timedelta(days=9)
        index_many([Item(one, "dossiers.view", minh.unit_path, f"Giấy mời {one.pk}", "", "/", day) for one in others])
        new = filed("Tuyển quân năm nay", minh.unit_path, days=10)
        first = find(minh, "tuyen quan", size=2)
        second = find(minh, "tuyen quan", first.after, size=2)
        assert [row.subject for row in [*first.rows, *second.rows]] == [new, *reversed(old)]
        assert second.after == ""

    @pytest.mark.parametrize(
        "after", ["x", "1", "2.5", "0.99999999999999999999", "0.9223372036854775808", "1.-", "0.5;"]
    )
    def test_a_bent_cursor_begins_anew(self, minh, after):
        filed("Mật", minh.unit_path)
        assert titles(minh, "mật", after=after) == ["Mật"]

    def test_one_statement_whatever_the_size(self, son, django_assert_num_queries):
        for day in range(30):
            filed(f"Mật {day}", f"26.252.{day}.", days=day)
        with django_assert_num_queries(1):
            find(son, "mật")

    def test_by_kind(self, minh):
        filed("Văn bản", minh.unit_path)
        assert titles(minh, "van", kind="accounts.Person") == ["Văn bản"]
        assert titles(minh, "van", kind="dossiers.Dossier") == []


class TestFiling:
    def test_anew_replaces(self, minh):
        one = thing()
        filed("Bản một", minh.unit_path, one=one)
        filed("Bản hai", minh.unit_path, one=one, days=5)
        assert titles(minh, "ban") == ["Bản hai"]
        assert titles(minh, "mot") == []

    def test_handed_to_another_unit(self, minh, tam):
        one = thing()
        filed("Bản", minh.unit_path, one=one)
        filed("Bản", tam.unit_path, one=one)
        assert titles(minh, "ban") == []
        assert titles(tam, "ban") == ["Bản"]

    def test_forgotten(self, minh):
        one = thing()
        filed("Bản", minh.unit_path, one=one)
        forget(one)
        assert titles(minh, "ban") == []
        forget(ref(one))

    def test_one_statement_and_nothing_written_twice(self, minh, django_assert_num_queries):
        one = thing()
        filed("Bản", minh.unit_path, one=one)
        with django_assert_num_queries(1):
            filed("Bản", minh.unit_path, one=one)
        assert Entry.objects.count() == 1

    def test_many_in_one_statement_the_last_word_counts(self, minh, django_assert_num_queries):
        things = [thing() for _ in range(5)]
        items = [
            Item(one, "dossiers.view", minh.unit_path, f"Bản {n}", "", "/x/", START)
            for n, one in enumerate([*things, things[0]])
        ]
        with django_assert_num_queries(1):
            index_many(items)
        assert set(titles(minh, "ban")) == {"Bản 1", "Bản 2", "Bản 3", "Bản 4", "Bản 5"}

    def test_a_permission_that_nobody_asks_for_is_a_mistake(self, minh):
        with pytest.raises(LookupError):
            filed("Bản", minh.unit_path, permission="dossiers.accept")

    def test_a_very_long_text_is_cut(self, minh):
        filed("Dài", minh.unit_path, "chữ số " * 200_000)
        assert len(Entry.objects.get().folded) < 60_000
        assert titles(minh, "chu so") == ["Dài"]
