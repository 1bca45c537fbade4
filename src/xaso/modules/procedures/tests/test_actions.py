"""Loading, importing, settling, hiding: what changes, what stays, what is refused."""

import json
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command

from xaso.core.access import SYSTEM
from xaso.kit.errors import Forbidden, Refused
from xaso.modules.procedures import queries
from xaso.modules.procedures.actions import (
    SettledCase,
    SettledFee,
    import_procedures,
    load_procedures,
    set_visibility,
    settle_review,
)
from xaso.modules.procedures.models import ImportRun, Procedure, ProcedureVersion
from xaso.modules.procedures.tests.test_content import GOOD, content

pytestmark = pytest.mark.django_db
REAL = Path(__file__).resolve().parents[6] / "shared" / "data" / "procedures_commune.jsonl"
needs_real = pytest.mark.skipif(not REAL.exists(), reason="the list of real procedures is not part of the project")


def record(code="9.100001", **more):
    return {
        "code": code,
        "name": "thủ tục nhập",
        "field": "Thử",
        "decision": "1/QĐ-BTP",
        "subjects": "Công dân Việt Nam",
        "channels": [
            {"channel": "counter", "time_amount": "3", "time_unit": "ngày", "fees_vnd": [], "free_text": True}
        ],
        "result_codes": [],
        "legal_basis": [],
        "source": "https://vidu.vn/1",
    } | more


def times(*pairs):
    return [
        {"channel": channel, "time_amount": amount, "time_unit": unit, "fees_vnd": []}
        for channel, (amount, unit) in zip(("online", "counter", "post"), pairs, strict=False)
    ]


@pytest.fixture
def list_of(tmp_path):
    def write(*rows):
        file = tmp_path / "danh-muc.jsonl"
        lines = [row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows]
        file.write_bytes(b"\n".join(lines))
        return file

    return write


@pytest.fixture
def waiting(list_of):
    import_procedures(SYSTEM, list_of(record(channels=times(("5", ""), ("5", "")))))
    return Procedure.objects.get()


@needs_real
def test_the_real_list_is_imported_once():
    first = import_procedures(SYSTEM, REAL)
    assert (first.new, first.changed, first.unchanged, first.errors) == (282, 0, 0, [])
    assert {reason: len(codes) for reason, codes in first.reasons.items()} == {
        "limit_without_unit": 46,
        "limit_missing": 22,
        "limit_differs_by_channel": 31,
    }
    assert first.waiting == Procedure.objects.filter(needs_review=True).count() == 99
    second = import_procedures(SYSTEM, REAL)
    assert (second.new, second.changed, second.unchanged, second.waiting) == (0, 0, 282, 99)
    assert ProcedureVersion.objects.count() == 282
    assert ImportRun.objects.count() == 2
    known = [
        p.code
        for p in Procedure.objects.all()
        if queries.current(p.code, date(2026, 8, 1)).definition.fees[0].status == "known"
    ]
    assert known == ["2.001263"]


@needs_real
def test_content_settles_what_the_list_leaves_open(capsys):
    load_procedures(SYSTEM)
    report = import_procedures(SYSTEM, REAL)
    assert len(report.reasons["limit_without_unit"]) == 46
    assert report.waiting < 99
    assert (report.new + report.declared, report.changed, report.unchanged) == (282, 0, report.declared)
    assert queries.current("1.001193").source == "content"
    call_command("import_procedures", str(REAL))
    assert "không đổi 282" in capsys.readouterr().out


def test_the_real_content_loads_twice(django_assert_max_num_queries):
    first = load_procedures(SYSTEM)
    assert len(first.new) >= 97
    versions = ProcedureVersion.objects.count()
    second = load_procedures(SYSTEM)
    assert (second.new, second.changed, second.unchanged) == ([], [], len(first.new))
    assert ProcedureVersion.objects.count() == versions
    assert queries.receivable("1.001193", date(2022, 6, 1))


def test_a_changed_file_becomes_a_new_version(tmp_path, settings):
    settings.CONTENT_DIRS = [content(tmp_path, GOOD)]
    load_procedures(SYSTEM)
    old = queries.current("9.000001")
    content(tmp_path, GOOD.replace("amount: 3", "amount: 5"))
    assert load_procedures(SYSTEM).changed == ["9.000001"]
    new = queries.current("9.000001")
    assert new.definition.cases[0].limit.amount == 5
    assert queries.version(old.id).definition.cases[0].limit.amount == 3
    assert queries.changes(old, new) == [("cases.thuong.limit.amount", 3, 5)]


def test_declared_without_a_limit_waits(tmp_path, settings):
    settings.CONTENT_DIRS = [content(tmp_path, GOOD.replace("        limit: {amount: 3, unit: workday}\n", ""))]
    assert load_procedures(SYSTEM).waiting == ["9.000001"]
    assert not queries.receivable("9.000001")
    settle_review(SYSTEM, queries.by_code("9.000001"), cases=[SettledCase("Thường", 3, "workday")], reason="QĐ 1")
    assert queries.receivable("9.000001")
    assert load_procedures(SYSTEM).unchanged == 1
    assert queries.receivable("9.000001")


def test_a_list_never_overrides_content(tmp_path, settings, list_of):
    content(tmp_path, GOOD)
    settings.CONTENT_DIRS = [*settings.CONTENT_DIRS, tmp_path]
    (tmp_path / "procedures" / "life-events.yaml").unlink()
    content_file = tmp_path / "procedures" / "thu" / "9.000001.yaml"
    content_file.write_text(GOOD.replace("[thu]", "[]"), encoding="utf-8")
    load_procedures(SYSTEM)
    report = import_procedures(SYSTEM, list_of(record("9.000001", channels=times(("", "")))))
    assert (report.changed, report.unchanged, report.declared, report.waiting) == (0, 1, 1, 0)
    assert queries.current("9.000001").name == "Thủ tục thử"


def test_what_an_imported_version_says(list_of):
    import_procedures(SYSTEM, list_of(record(name="đăng ký thử", channels=times(("3", "ngày làm việc")))))
    one = queries.current("9.100001", date(2026, 8, 1))
    assert one.name == "Đăng ký thử"
    assert (one.definition.cases[0].limit.amount, one.definition.cases[0].limit.unit) == (3, "workday")
    assert (one.mark, one.definition.fees[0].status) == ("to_verify", "unknown")
    assert one.quote(one.definition.cases[0], "online", {}, (), date(2026, 8, 1)).total is None
    assert queries.receivable("9.100001", date(2026, 8, 1))
    assert not queries.receivable("9.100001", date(2024, 8, 1))


def test_police_procedures_are_shown_with_their_authority(list_of):
    import_procedures(SYSTEM, list_of(record(decision="9354/QĐ-BCA-C06")))
    assert queries.current("9.100001", date(2026, 8, 1)).definition.route.authority == "Công an xã, phường"
    assert "cơ quan khác" in queries.why_not_receivable("9.100001", date(2026, 8, 1))


def test_a_changed_record_becomes_a_new_version(list_of):
    import_procedures(SYSTEM, list_of(record()))
    report = import_procedures(SYSTEM, list_of(record(channels=times(("", "")))))
    assert (report.new, report.changed, report.waiting) == (0, 1, 1)
    assert ProcedureVersion.objects.count() == 2
    assert not queries.receivable("9.100001", date(2026, 8, 1))


def test_hostile_lines_are_told_and_skipped(list_of):
    file = list_of(
        b"{not json",
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"code": "' + b"9" * 400_000 + b'"}',
        record(name="x" * 10_000),
        record(code="abc"),
        record(channels=[]),
        record(channels="online"),
        record(channels=[{"channel": "telepathy"}]),
        [1, 2],
        record(name="<script>alert(1)</script>", legal_basis=[1, None, "Luật"], result_codes="x"),
        record(),
    )
    report = import_procedures(SYSTEM, file)
    assert report.new == 1
    assert [line for line, _ in report.errors] == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12]
    assert "dòng 11" in report.errors[-1][1]
    assert all(sentence.endswith(".") for _, sentence in report.errors)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(Refused, match="Không tìm thấy tệp"):
        import_procedures(SYSTEM, tmp_path / "khong-co.jsonl")


def test_only_the_catalogue_role_may(minh, hoa, kien, waiting, list_of):
    for person in (minh, hoa):
        with pytest.raises(Forbidden):
            settle_review(person, waiting, cases=[SettledCase("Thường", 5, "day")], reason="QĐ 1")
        with pytest.raises(Forbidden):
            import_procedures(person, list_of(record()))
        with pytest.raises(Forbidden):
            load_procedures(person)
    version = settle_review(kien, waiting, cases=[SettledCase("Thường", 5, "day")], reason="QĐ 1")
    assert version.settled_by_id == kien.account_id


def test_an_officer_settles_time_and_fee(kien, waiting):
    day = date(2026, 8, 1)
    assert "đang chờ" in queries.why_not_receivable("9.100001", day)
    before = queries.current("9.100001", day)
    settle_review(
        kien,
        waiting,
        cases=[SettledCase("Thông thường", 5, "workday"), SettledCase("Vùng xa", 8, "workday")],
        fee=SettledFee("known", 8_000, "NQ 12"),
        reason="Đã xem quyết định công bố",
    )
    after = queries.current("9.100001", day)
    assert queries.receivable("9.100001", day)
    assert [(c.label, c.limit.amount, c.by_officer) for c in after.definition.cases] == [
        ("Thông thường", 5, False),
        ("Vùng xa", 8, True),
    ]
    assert after.quote(after.definition.cases[0], "online", {}, (), day).total == 8_000
    assert queries.version(before.id).definition.cases[0].limit is None
    with pytest.raises(Refused, match="không còn chờ"):
        settle_review(kien, waiting, cases=[SettledCase("Thường", 5, "day")], reason="QĐ 1")


@pytest.mark.parametrize(
    ("cases", "fee", "reason"),
    [
        ([], None, "QĐ"),
        ([SettledCase("A", 5, "day")], None, " "),
        ([SettledCase("A", 0, "day")], None, "QĐ"),
        ([SettledCase("A", 5, "week")], None, "QĐ"),
        ([SettledCase("A", 5, "day")], SettledFee("free"), "QĐ"),
        ([SettledCase("A", 5, "day")], SettledFee("known", 0), "QĐ"),
    ],
)
def test_a_wrong_settlement_is_refused(kien, waiting, cases, fee, reason):
    with pytest.raises(Refused):
        settle_review(kien, waiting, cases=cases, fee=fee, reason=reason)
    waiting.refresh_from_db()
    assert waiting.needs_review


def test_hide_and_show(kien, list_of):
    day = date(2026, 8, 1)
    import_procedures(SYSTEM, list_of(record()))
    row = queries.by_code("9.100001")
    set_visibility(kien, row, visible=False, reason="Bãi bỏ")
    assert not queries.receivable("9.100001", day)
    assert queries.search("thủ tục nhập").total == 0
    with pytest.raises(Refused):
        set_visibility(kien, row, visible=False, reason="Bãi bỏ")
    set_visibility(kien, row, visible=True, reason="Nhầm")
    assert queries.receivable("9.100001", day)
