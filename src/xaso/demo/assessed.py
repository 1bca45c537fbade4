"""Two assessment rounds as people would have gone through them: 2023, which is out, and 2024, under way."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from random import Random

from django.db import transaction

from xaso.core.access import Actor
from xaso.core.units.models import Unit
from xaso.core.units.queries import unit_by_code
from xaso.demo.article_figures import Desk, at_nine, desk_of
from xaso.demo.people import make_province_officers
from xaso.demo.scenario import Scenario
from xaso.modules.assessments import actions
from xaso.modules.assessments.actions.rounds import Plan
from xaso.modules.assessments.actions.scoring import General
from xaso.modules.assessments.models import Appeal, Assessment, Item, Round
from xaso.modules.indicators import queries as indicators

SET = "dti-xa"
PROVINCE, LIEN_CHAU, HUONG_DAO, NGU_KIEN, TRUNG_NHI = "26", "09064", "08881", "09148", "08740"
SHARES = [Decimal(one) for one in ("0.5", "0.6", "0.7", "0.75", "0.8", "0.9", "1", "1")]
WEAKER = {HUONG_DAO: SHARES[:5], TRUNG_NHI: SHARES[:7]}
WHY = (
    "Xã tự chấm theo hồ sơ lưu tại bộ phận văn hoá - xã hội; số liệu minh hoạ.",
    "Chấm theo sổ theo dõi của xã, có danh sách kèm theo; số liệu minh hoạ.",
    "Theo văn bản đã ban hành trong năm; số liệu minh hoạ.",
)
COMPUTED = "Theo số liệu hệ thống tính từ hồ sơ một cửa trong năm."


@dataclass(slots=True)
class Stand:
    """A round with everybody who works on it."""

    scenario: Scenario
    province: dict[str, Actor]
    cycle: Round

    def take(self, code: str) -> tuple[Desk, Assessment]:
        """A commune's desk and its assessment as it is now."""
        rows = Assessment.objects.select_related("round", "unit")
        return desk_of(self.scenario, code), rows.get(round=self.cycle, unit__code=code)

    def item(self, code: str, component: str) -> Item:
        rows = Item.objects.select_related("assessment__round", "assessment__unit")
        return rows.get(assessment__round=self.cycle, assessment__unit__code=code, code=component)


def play_assessments(scenario: Scenario) -> None:
    """Each round once: one that is there is left as people made it."""
    unit = unit_by_code(PROVINCE, date(2024, 1, 8))
    officers = make_province_officers(scenario, unit, Random(PROVINCE))  # noqa: S311 - made-up people, not secrets
    for plan, opened_on, course in ((_plan_2023(), date(2024, 1, 8), _finished_round),
                                    (_plan_2024(), date(2024, 12, 2), _running_round)):  # fmt: skip
        if not Round.objects.filter(unit=unit, set_code=SET, year=plan.year).exists():
            _play(scenario, unit, officers, plan, opened_on, course)


def _play(
    scenario: Scenario, unit: Unit, officers: dict[str, Actor], plan: Plan, day: date, course: Callable[[Stand], None]
) -> None:
    with transaction.atomic():
        with at_nine(day):
            cycle = actions.open_round(officers["province"], unit, plan=plan)
        course(Stand(scenario, officers, cycle))


def _plan_2023() -> Plan:
    return _plan(2023, date(2024, 1, 31), date(2024, 3, 15), date(2024, 4, 1))


def _plan_2024() -> Plan:
    return _plan(2024, date(2025, 1, 20), date(2025, 2, 28), date(2025, 3, 31))


def _plan(year: int, self_score_until: date, review_until: date, publish_on: date) -> Plan:
    key = indicators.set_named(SET, date(year, 12, 31)).uuid
    return Plan(year, key, f"Đánh giá chuyển đổi số cấp xã năm {year}", self_score_until, review_until, publish_on)


def _finished_round(stand: Stand) -> None:
    """Liên Châu has to mend two components first; Hướng Đạo complains; nobody else has reported."""
    _submit(stand, LIEN_CHAU, date(2024, 1, 22))
    _return(stand, LIEN_CHAU, date(2024, 2, 5))
    _mend(stand, LIEN_CHAU, date(2024, 2, 19))
    _approve(stand, LIEN_CHAU, date(2024, 2, 27))
    _submit(stand, HUONG_DAO, date(2024, 1, 25))
    _approve(stand, HUONG_DAO, date(2024, 2, 28))
    with at_nine(date(2024, 4, 1)):
        actions.publish_round(stand.province["province"], stand.cycle)
    desk, assessment = stand.take(HUONG_DAO)
    with at_nine(date(2024, 4, 4)):
        reason = "Xã đã có biên bản kiểm tra mạng nội bộ, đề nghị chấm lại thành phần 3.2."
        complaint = actions.appeal(desk.leader, assessment, codes=["3.2"], reason=reason)
    with at_nine(date(2024, 4, 10)):
        complaint = Appeal.objects.select_related("assessment__round", "assessment__unit").get(pk=complaint.pk)
        answer = "Biên bản lập sau ngày 31/12/2023 nên không tính cho năm đánh giá."
        actions.answer_appeal(stand.province["council"], complaint, is_upheld=False, answer=answer)


def _running_round(stand: Stand) -> None:
    """One of each: still writing, handed in, under review, sent back."""
    _score(stand, NGU_KIEN, date(2024, 12, 5), count=24)
    _submit(stand, LIEN_CHAU, date(2024, 12, 11))
    _submit(stand, TRUNG_NHI, date(2024, 12, 6))
    _begin_review(stand, TRUNG_NHI, date(2024, 12, 10))
    _submit(stand, HUONG_DAO, date(2024, 12, 6))
    _return(stand, HUONG_DAO, date(2024, 12, 12))


def _score(stand: Stand, code: str, day: date, count: int | None = None) -> None:
    """The focal officer: what the figures give stands, the rest is judged with a reason."""
    desk, assessment = stand.take(code)
    rng = Random(f"{code} {stand.cycle.year}")  # noqa: S311 - made-up points, not secrets
    with at_nine(day):
        actions.describe_unit(desk.focal, assessment, given=_general(desk, rng))
        actions.take_computed(desk.focal, assessment)
        for item in list(_scored(stand, code))[:count]:
            points = item.computed if item.computed is not None else _part(item, rng.choice(WEAKER.get(code, SHARES)))
            why = rng.choice(WHY) if item.computed is None else COMPUTED
            actions.self_score_item(desk.focal, item, points=points, note=why)
        for component, number, title in _documents(stand.cycle.year):
            actions.add_proof(desk.focal, stand.item(code, component), title=title, number=number)


def _part(item: Item, share: Decimal) -> Decimal:
    """Never above the component's own points, which may end in hundredths."""
    return (item.max * share).quantize(Decimal("0.1"), ROUND_DOWN)


def _scored(stand: Stand, code: str) -> Iterable[Item]:
    rows = Item.objects.select_related("assessment__round", "assessment__unit")
    return rows.filter(assessment__round=stand.cycle, assessment__unit__code=code, is_scored=True)


def _general(desk: Desk, rng: Random) -> General:
    return General(
        address=f"UBND {desk.unit.get_kind_display()} {desk.unit.name}",
        officials=rng.randint(18, 23),
        enterprises=rng.randint(12, 40),
        inhabitants=rng.randint(6000, 11000),
        contact_name=desk.focal.name,
        contact_title="Công chức văn hoá - xã hội",
        contact_phone="0900000000",
        contact_email="",
    )


def _documents(year: int) -> list[tuple[str, str, str]]:
    return [
        ("1.1", f"05/QĐ-UBND/{year}", "Quyết định kiện toàn ban chỉ đạo chuyển đổi số"),
        ("2.2", f"12/KH-UBND/{year}", f"Kế hoạch chuyển đổi số năm {year}"),
    ]


def _submit(stand: Stand, code: str, day: date) -> None:
    """Scored by the focal officer, signed by the leader the same day."""
    _score(stand, code, day)
    desk, assessment = stand.take(code)
    with at_nine(day):
        actions.finish_self_score(desk.focal, assessment)
        actions.submit(desk.leader, assessment)


def _return(stand: Stand, code: str, day: date) -> None:
    """Two components are not taken as they are."""
    _, assessment = stand.take(code)
    with at_nine(day):
        actions.start_review(stand.province["appraiser"], assessment)
        for component, why in (("1.3", "Chưa nêu số cuộc họp do người đứng đầu chủ trì."),
                               ("4.3", "Thiếu quyết định thành lập tổ ở từng thôn.")):  # fmt: skip
            actions.decline_item(stand.province["appraiser"], stand.item(code, component), reason=why)
        reason = "Đề nghị bổ sung hai thành phần rồi nộp lại."
        actions.return_to_unit(stand.province["appraiser"], assessment, reason=reason)


def _mend(stand: Stand, code: str, day: date) -> None:
    desk, _ = stand.take(code)
    with at_nine(day):
        for component, title in (("1.3", "Sổ họp ban chỉ đạo"), ("4.3", "Danh sách tổ công nghệ số cộng đồng")):
            item = stand.item(code, component)
            actions.add_proof(desk.focal, item, title=title, number="17/BC-UBND")
            points = _part(item, Decimal("0.8"))
            actions.self_score_item(desk.focal, item, points=points, note=f"Đã bổ sung: {title.lower()}.")
        _, assessment = stand.take(code)
        actions.finish_self_score(desk.focal, assessment)
        actions.submit(desk.leader, assessment)


def _begin_review(stand: Stand, code: str, day: date) -> None:
    """The first half is agreed to; one component is valued lower than the commune did."""
    appraiser = stand.province["appraiser"]
    _, assessment = stand.take(code)
    with at_nine(day):
        actions.start_review(appraiser, assessment)
        item = stand.item(code, "3.1")
        actions.score_item(appraiser, item, points=Decimal(7), note="Tính lại theo danh sách máy tính đã bàn giao.")
        codes = [one.code for one in _scored(stand, code)]
        actions.agree_items(appraiser, assessment, codes=codes[: len(codes) // 2])


def _approve(stand: Stand, code: str, day: date) -> None:
    """Reviewed to the end, then decided on by the council two weeks later."""
    appraiser, council = stand.province["appraiser"], stand.province["council"]
    _, assessment = stand.take(code)
    with at_nine(day):
        actions.start_review(appraiser, assessment)
        item = stand.item(code, "3.2")
        actions.score_item(appraiser, item, points=Decimal(5), note="Mạng nội bộ chưa nối tới mọi phòng làm việc.")
        actions.agree_items(appraiser, assessment, codes=[one.code for one in _scored(stand, code)])
        actions.finish_review(appraiser, assessment)
    with at_nine(date(2024, 3, 13)):
        item = stand.item(code, "2.1")
        actions.adjust_item(council, item, points=Decimal(10), note="Chương trình của Đảng uỷ ban hành giữa năm.")
        _, assessment = stand.take(code)
        actions.approve(council, assessment)
