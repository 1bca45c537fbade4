"""What the sender does afterwards. The page has made sure that it is the sender: signed in, or with the code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.crypto import constant_time_compare

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.core.files.actions import Received
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.modules.feedback.actions.moving import (
    Words,
    change,
    end_parts,
    happened,
    move,
    paragraph,
    put_in_search,
)
from xaso.modules.feedback.actions.receiving import add_photos, started
from xaso.modules.feedback.actions.telling import tell_officers
from xaso.modules.feedback.actions.timing import begin, go_on
from xaso.modules.feedback.definitions import desk
from xaso.modules.feedback.models import Report
from xaso.modules.feedback.queries.people import confirm_code, person_of, watchers_of
from xaso.modules.feedback.queries.reports import named_ids
from xaso.modules.feedback.rules import moves
from xaso.modules.feedback.rules.moves import State

WRONG_CODE = "Mã chưa đúng. Hãy xem lại tin nhắn: mã gồm 6 chữ số."
NOT_WAITING = "Phản ánh này không chờ bổ sung. Hãy tải lại trang để xem tình trạng mới."
NO_WORDS = "Hãy viết điều cần bổ sung."
WHY_REOPEN = "Hãy ghi vì sao ông/bà chưa đồng ý với trả lời."
RATE_FIRST = "Chỉ đánh giá được sau khi xã trả lời."
RATED = "Ông/bà đã đánh giá trả lời này. Cảm ơn ông/bà."
WHY_UNHAPPY = "Hãy ghi vì sao ông/bà không hài lòng, để xã sửa."
RECEIVED_AS_TWIN = "Phản ánh này đã gộp vào một phản ánh khác, nên mở lại tại phản ánh đó."


@action("feedback.confirm_phone", "Xác nhận số điện thoại của người phản ánh")
def confirm_phone(by: Actor, report: Report, /, *, typed: Words) -> Report:
    """The code that was sent to the phone. From here on the report counts."""
    digits = "".join(c for c in typed.text if c.isdecimal())
    if not constant_time_compare(digits, confirm_code(report)):
        raise Refused(WRONG_CODE)
    now = clock.now()
    move(report, "confirm_phone", phone_confirmed_at=now, received_at=now)
    return started(by, report)


@action("feedback.give_more", "Bổ sung phản ánh")
def give_more(by: Actor, report: Report, /, *, more: Words, photos: Sequence[Received] = ()) -> Report:
    """What the officer asked for. The clock runs again from where it stood."""
    if report.state != State.WAITING:
        raise Refused(NOT_WAITING)
    text = paragraph(more.text, NO_WORDS, 2000)
    _back_to_work(by, report, "give_more", "Người dân bổ sung", text)
    if photos:
        add_photos(by, report, photos=photos)
    person = person_of(report.lead_person_id)
    if person:
        tell_officers(by, report, [person], "feedback.supplemented")
    return report


@action("feedback.go_on_without", "Hết hạn bổ sung, làm tiếp với điều đã biết")
def go_on_without(by: Actor, report: Report, /) -> Report:
    """Nobody answered in time: the officer decides with what is known."""
    if report.state != State.WAITING:
        raise Refused(NOT_WAITING)
    return _back_to_work(by, report, "go_on_without", "Hết hạn bổ sung, xử lý với thông tin đã có", "")


def _back_to_work(by: Actor, report: Report, verb: str, label: str, text: str) -> Report:
    state = moves.after_supplement(had_lead=report.lead_id is not None, was_accepted=report.triaged_at is not None)
    due_at = go_on(report, clock.now())
    change(report, state=state.value, due_at=due_at, supplement_due_at=None)
    happened(by, report, verb, label, text, told=True)
    return report


@action("feedback.rate", "Đánh giá kết quả trả lời")
def rate(by: Actor, report: Report, /, *, stars: int, why: Words) -> Report:
    """Once for an answer. Whoever is not happy says why."""
    if report.state not in moves.DONE:
        raise Refused(RATE_FIRST)
    if report.satisfaction is not None:
        raise Refused(RATED)
    if stars not in Report.Satisfaction.values:
        raise Refused("Hãy chọn một mức hài lòng.")
    text = paragraph(why.text, WHY_UNHAPPY, 1000) if why.text.strip() or stars == Report.Satisfaction.UNHAPPY else ""
    change(report, satisfaction=stars, satisfaction_why=text)
    happened(by, report, "rate", f"Đánh giá: {report.get_satisfaction_display().lower()}", text, told=True)
    note(stars=stars)
    return report


@action("feedback.reopen", "Đề nghị xem lại trả lời")
def reopen(by: Actor, report: Report, /, *, why: Words) -> Report:
    """Once, with a reason. A new round with a clock of its own; the old answer stays in the timeline."""
    now = clock.now()
    if sentence := moves.why_not_reopen(report.state, report.rounds, report.answered_at, now, desk().reopen_days):
        raise Refused(sentence)
    text = paragraph(why.text, WHY_REOPEN, 2000)
    earlier, was = report.lead, report.rounds
    report.rounds = was + 1
    begin(report, now)
    values: dict[str, Any] = {
        "rounds": report.rounds, "due_at": report.due_at, "lead": None, "lead_person_id": None, "lead_name": "",
        "answer": "", "answered_at": None, "answered_by": "", "on_time": None, "ended_at": None, "extended_at": None,
        "publish_due_at": None, "satisfaction": None, "satisfaction_why": "", "public_answer": "",
    }  # fmt: skip
    report.rounds = was  # what this caller saw, for the comparison
    move(report, "reopen", **values)
    end_parts(report)
    happened(by, report, "reopen", "Người dân đề nghị xem lại", text, told=True)
    put_in_search(report)
    people = watchers_of(report.unit_path, "feedback.assign", named_ids(report))
    if earlier and earlier.account.person not in people:
        people.append(earlier.account.person)
    tell_officers(by, report, people, "feedback.reopened")
    return report


@action("feedback.withdraw_consent", "Rút đồng ý công khai")
def withdraw_consent(by: Actor, report: Report, /) -> Report:
    """From this moment nobody else reads it. It goes on being handled."""
    if not report.may_publish and not report.is_public:
        raise Refused("Phản ánh này không công khai.")
    hidden = {"public_text": "", "public_answer": "", "published_at": None, "publish_due_at": None}
    change(report, may_publish=False, shown=Report.Shown.KEPT, **hidden)
    report.photos.update(is_public=False)
    happened(by, report, "withdraw_consent", "Người gửi rút đồng ý công khai", told=True)
    return report
