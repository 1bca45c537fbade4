"""A commune's paperwork over 2024: figures that wait, a spreadsheet, periodic reports, a plan with its tasks and money.

Numbers that no article tells are made up, and their source says so.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from django.db import transaction

from xaso.core.access import SYSTEM
from xaso.core.accounts.models import Post
from xaso.core.measures.periods import find_period
from xaso.demo.article_figures import Desk, at_nine, desk_of
from xaso.demo.scenario import Scenario
from xaso.kit.sure import sure
from xaso.modules.figures.actions import Given, apply_import, approve_figure, approve_import, declare_figure
from xaso.modules.figures.actions import preview_import as preview
from xaso.modules.figures.models import Declared, Import
from xaso.modules.packs.actions import note_restatements
from xaso.modules.reports.actions.signing import sign_report
from xaso.modules.reports.actions.writing import begin_report, mark_report_sent, submit_report, write_report
from xaso.modules.reports.models import Report
from xaso.modules.targets import actions as targets
from xaso.modules.targets.models import Plan, Task

NGU_KIEN, LIEN_CHAU = "09148", "09064"
MADE_UP = "Sổ theo dõi của xã; số minh hoạ"
OFFICE = "Bộ phận văn hoá - xã hội"
REPORT, PACK = "khcn-cds", "commune-15"
BUSINESSES = "business_households"
TEXTS = {
    "chi-dao": "Ban chỉ đạo họp định kỳ, giao việc cho từng thành viên; ban hành kế hoạch và phân công cán bộ đầu mối.",
    "ket-qua": "Bộ phận một cửa hướng dẫn người dân nộp hồ sơ trực tuyến, số hoá giấy tờ khi tiếp nhận, trả kết quả "
    "bản điện tử. Số liệu của kỳ ở các bảng dưới đây.",
    "kho-khan": "Người lớn tuổi còn ngại nộp hồ sơ trực tuyến; máy quét của bộ phận một cửa đã cũ.",
    "ky-toi": "Tiếp tục hướng dẫn nộp hồ sơ tại thôn; tập huấn cho tổ công nghệ số cộng đồng.",
    "kien-nghi": "Đề nghị Sở mở thêm lớp tập huấn cho thành viên tổ công nghệ số cộng đồng.",
}


def play_paperwork(scenario: Scenario) -> None:
    """Each part once: what is there already is left as people made it."""
    parts: list[tuple[str, Callable[[Desk], None]]] = [
        (LIEN_CHAU, _businesses), (LIEN_CHAU, _counted), (NGU_KIEN, _waiting), (LIEN_CHAU, _imported),
        (NGU_KIEN, _imported), (NGU_KIEN, _reports_of_ngu_kien), (LIEN_CHAU, _report_of_lien_chau), (LIEN_CHAU, _plan),
    ]  # fmt: skip
    for code, play in parts:
        desk = desk_of(scenario, code)
        with transaction.atomic():
            play(desk)


def _given(number: int, day: date | None = None, *, source: str = MADE_UP) -> Given:
    return Given(number=Decimal(number), as_of=day, source=source, supplier=OFFICE)


def _declare(desk: Desk, key: str, period: str, given: Given) -> Declared:
    return declare_figure(desk.focal, desk.unit, key=key, period=sure(find_period(period)), given=given)


def _businesses(desk: Desk) -> None:
    """Approved before the report of the first quarter is signed."""
    if Declared.objects.filter(unit_path=desk.unit.path, key=BUSINESSES).exists():
        return
    with at_nine(date(2024, 4, 1)):
        approve_figure(desk.leader, _declare(desk, BUSINESSES, "2024-Q1", _given(214, date(2024, 3, 31))))


def _counted(desk: Desk) -> None:
    """What the targets of the year are judged by; the rest stays missing."""
    if Declared.objects.filter(unit_path=desk.unit.path, key="households").exists():
        return
    counts = {
        "households": 2740, "households_fibre": 1781, "business_households_qr": 126, "eid_eligible": 5400,
        "eid_activated": 4212, "people_15": 7020, "people_payment_account": 4633,
    }  # fmt: skip
    day = date(2024, 11, 30)
    with at_nine(date(2024, 12, 3)):
        for key, number in counts.items():
            approve_figure(desk.leader, _declare(desk, key, "2024-11", _given(number, day)))


def _waiting(desk: Desk) -> None:
    """The leader has not looked at these yet."""
    if Declared.objects.filter(unit_path=desk.unit.path, key="households").exists():
        return
    with at_nine(date(2024, 12, 12)):
        _declare(desk, "population", "2024-11", _given(8912, date(2024, 11, 30)))
        _declare(desk, "households", "2024-11", _given(2386, date(2024, 11, 30)))
        _declare(desk, BUSINESSES, "2024-11", _given(198, date(2024, 11, 30)))


def _imported(desk: Desk) -> None:
    """One sheet for the third quarter: taken and approved in Liên Châu, waiting for approval in Ngũ Kiên."""
    if Import.objects.filter(unit=desk.unit).exists():
        return
    lines = {"broadcasts": 36, "cnscd_sessions": 22, "news_items": 14, "antifraud_campaigns": 3}
    rows = ["Khoá;Số liệu;Đơn vị tính;Giá trị;Nguồn;Bên cung cấp"]
    rows += [f"{key};;;{number};{MADE_UP.replace(';', ',')};{OFFICE}" for key, number in lines.items()]
    with at_nine(date(2024, 10, 3)):
        batch = preview(
            desk.focal, desk.unit, period=sure(find_period("2024-Q3")), name="so-lieu-quy-3-2024.csv",
            data="\n".join(rows).encode(),
        )  # fmt: skip
        apply_import(desk.focal, batch)
    if desk.unit.code == LIEN_CHAU:
        with at_nine(date(2024, 10, 4)):
            approve_import(desk.leader, batch)


def _reports_of_ngu_kien(desk: Desk) -> None:
    """Two sent, one waiting for the signature, that of the year being written."""
    if Report.objects.filter(unit=desk.unit).exists():
        return
    _signed(desk, "2024-Q1", date(2024, 4, 8))
    _signed(desk, "2024-H1", date(2024, 7, 8))
    with at_nine(date(2024, 10, 7)):
        submit_report(desk.focal, _written(desk, "2024-9M"))
    with at_nine(date(2024, 12, 13)):
        report = begin_report(desk.focal, desk.unit, kind=REPORT, period="2024")
        write_report(desk.focal, report, texts={"chi-dao": TEXTS["chi-dao"]}, revision=report.revision)


def _report_of_lien_chau(desk: Desk) -> None:
    """After the signature the tax office's list gives another number of businesses: the pack keeps what was signed."""
    if Report.objects.filter(unit=desk.unit).exists():
        return
    report = _signed(desk, "2024-Q1", date(2024, 4, 9))
    with at_nine(date(2024, 5, 20)):
        source = "Đối chiếu với Chi cục Thuế; số minh hoạ"
        approve_figure(
            desk.leader, _declare(desk, BUSINESSES, "2024-Q1", _given(221, date(2024, 3, 31), source=source))
        )
        note_restatements(SYSTEM, sure(report.pack))


def _written(desk: Desk, period: str) -> Report:
    report = begin_report(desk.focal, desk.unit, kind=REPORT, period=period)
    return write_report(desk.focal, report, texts=TEXTS, revision=report.revision)


def _signed(desk: Desk, period: str, day: date) -> Report:
    with at_nine(day):
        report = submit_report(desk.focal, _written(desk, period))
        report = sign_report(desk.leader, report)
        return mark_report_sent(desk.focal, report, to="Sở Khoa học và Công nghệ", on=day)


VALUES = {3: 90, 4: 98, 5: 40, 6: 30, 8: 95, 9: 80, 11: 70, 12: 60, 13: 50, 15: 70}
"""What the pack leaves to the commune; made up."""


def _plan(desk: Desk) -> None:
    if Plan.objects.filter(unit=desk.unit, pack=PACK).exists():
        return
    paper = targets.Paper("12/KH-UBND", date(2024, 1, 22), f"UBND {desk.unit}")
    given = targets.PlanGiven(
        "Kế hoạch chuyển đổi số xã Liên Châu năm 2024 (minh hoạ)", 2024, 2024, paper, PACK,
        {number: Decimal(value) for number, value in VALUES.items()},
    )  # fmt: skip
    with at_nine(date(2024, 1, 22)):
        plan = targets.make_plan(desk.focal, desk.unit, given=given)
        targets.approve_plan(desk.leader, plan, paper=paper)
        # Three nobody answers for yet: the page of the plan says so.
        for target in plan.targets.filter(number__lte=12):
            targets.name_head(desk.leader, target, post=Post.objects.get(unit=desk.unit, role="leader"))
    _work(desk, plan)
    _meeting(desk, plan)
    _money(desk, plan)


def _work(desk: Desk, plan: Plan) -> None:
    """Given out in February; two go on, one is done, one is kept up, one is late."""
    posts = {one.role: one for one in Post.objects.filter(unit=desk.unit).select_related("account__person")}
    with at_nine(date(2024, 2, 1)):
        for number in (1, 2, 4, 6, 7, 8):
            targets.assign(desk.leader, _task(plan, number), responsible=posts["handler"])
        for number, role, due in ((3, "reception", date(2024, 12, 31)), (5, "reception", date(2024, 12, 31)),
                                  (10, "focal", date(2024, 4, 30)), (9, "focal", date(2024, 9, 30)),
                                  (13, "focal", date(2024, 11, 30))):  # fmt: skip
            targets.assign(desk.leader, _task(plan, number), responsible=posts[role], due_on=due)
    _tell(desk, plan, 10, date(2024, 3, 19), "14/14 thôn đã có tổ công nghệ số cộng đồng.", None)
    with at_nine(date(2024, 4, 2)):
        targets.keep_up(desk.focal, _task(plan, 10), text="Duy trì hoạt động của các tổ.")
    _tell(desk, plan, 5, date(2024, 6, 14), "Đã hướng dẫn tại 9/14 thôn.", 60)
    _tell(desk, plan, 9, date(2024, 9, 20), "Cán bộ đã dự lớp bồi dưỡng của huyện.", None)
    _tell(desk, plan, 3, date(2024, 10, 10), "Số hoá ngay khi tiếp nhận ở mọi lĩnh vực, trừ đất đai.", 85)
    _tell(desk, plan, 13, date(2024, 11, 4), "Đã vận động xong chợ xã, còn các hộ ở thôn.", 55)


def _task(plan: Plan, number: int) -> Task:
    """The first task of the pack's target."""
    return sure(Task.objects.select_related("unit").filter(plan=plan, targets__number=number).order_by("pk").first())


def _tell(desk: Desk, plan: Plan, number: int, day: date, text: str, percent: int | None) -> None:
    """`percent` None: done."""
    with at_nine(day):
        if percent is None:
            targets.finish(desk.focal, _task(plan, number), text=text)
        else:
            targets.report_progress(desk.focal, _task(plan, number), text=text, percent=percent)


def _meeting(desk: Desk, plan: Plan) -> None:
    given = targets.ConclusionGiven(
        "Họp ban chỉ đạo chuyển đổi số quý III", date(2024, 10, 15), "45/TB-UBND", date(2024, 10, 16), desk.leader.name
    )
    focal = Post.objects.select_related("account__person").get(unit=desk.unit, account_id=desk.focal.account_id)
    qr = plan.targets.get(number=13)
    tasks = [
        targets.TaskGiven("Lập danh sách hộ kinh doanh chưa có mã QR theo từng thôn", targets=(qr,), responsible=focal,
                          due_on=date(2024, 11, 15)),
        targets.TaskGiven("Báo cáo phương án thay máy quét của bộ phận một cửa", is_condition=True, responsible=focal,
                          due_on=date(2024, 12, 31)),
    ]  # fmt: skip
    with at_nine(date(2024, 10, 16)):
        conclusion = targets.record_conclusion(desk.focal, desk.unit, given=given, tasks=tasks, plan=plan)
    with at_nine(date(2024, 11, 13)):
        task = Task.objects.select_related("unit").get(conclusion=conclusion, is_condition=False)
        targets.finish(desk.focal, task, text="Đã lập danh sách 95 hộ chưa có mã QR (số minh hoạ).")


def _money(desk: Desk, plan: Plan) -> None:
    lines = (
        ("Máy quét và máy tính cho bộ phận một cửa", 45_000_000, date(2024, 5, 16), 28_500_000, "Mua hai máy quét"),
        ("Tập huấn tổ công nghệ số cộng đồng", 20_000_000, date(2024, 9, 18), 12_400_000, "Hai buổi tập huấn tại xã"),
    )
    for name, planned, day, amount, text in lines:
        with at_nine(date(2024, 2, 5)):
            given = targets.LineGiven(name, "Ngân sách xã", planned, "Dự toán 2024; số minh hoạ")
            line = targets.add_budget_line(desk.focal, plan, given=given)
        with at_nine(day):
            spent = targets.SpendingGiven(amount, day, text, f"Phiếu chi ngày {day:%d/%m/%Y}")
            targets.record_spending(desk.focal, line, given=spent)
