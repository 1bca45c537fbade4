"""The rows that the actions would write for a course. A test plays the same courses through the actions: equal rows."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from xaso.core.deadlines import rules as time_rules
from xaso.core.deadlines.calendar import calendar_for, cut_off_for
from xaso.demo.course import Course, Who, checksum, compact, price_of
from xaso.demo.office import day_of, office_of, stamp, whole
from xaso.demo.play import DEMO_FEE, SORRY
from xaso.demo.sheets import Row, Sheets
from xaso.modules.dossiers.rules import SECRET_LENGTH, State
from xaso.modules.payments.rules.references import SERIALS, reference_for

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
MISSING, WHY = "Bản chính giấy tờ kèm theo", "Giấy tờ kèm theo mờ, không đọc được"
ANSWER, NOTICE = "Đã nộp bản rõ hơn", "TB-2024/KV1"
REASONS = {State.DECLINED: "Hồ sơ không thuộc thẩm quyền", State.WITHDRAWN: "Người nộp đổi ý",
           State.STOPPED: "Không đủ điều kiện giải quyết"}  # fmt: skip
BASIS, HANDED_HOW = "Cán bộ một cửa", "CCCD"
SYSTEM = Who("system", None, "Hệ thống", "system", "")
FEE_BASIS = "Biểu phí minh hoạ"
SETTLED = compact(
    [
        {"label": "Phí, lệ phí", "kind": "charge", "quantity": 1, "unit_amount": DEMO_FEE, "amount": DEMO_FEE,
         "note": FEE_BASIS}
    ]
)  # fmt: skip
NO_UPLOADS = checksum({})
PRICES = {pages: checksum(price_of(pages)) for pages in range(1, 5)}


class Folder:
    """One dossier while its rows are made."""

    def __init__(self, sheets: Sheets, course: Course, number: str | None, serial: int) -> None:
        self.sheets, self.course, self.number, self.serial = sheets, course, number, serial
        self.place, self.pattern, self.person = course.place, course.pattern, course.person
        self.path, self.officers = self.place.path, self.place.officers
        self.id = sheets.ids["dossiers.Dossier"]
        self.ref = f"dossiers.Dossier:{self.id}"
        self.step_key, self.step_role, self.finished_at = "", "reception", 0
        self.verdicts: tuple[bool | None, bool | None, bool | None] = (None, None, None)
        self.open_step: Row = []
        self.clock: Row = []
        self.charge: Row = []
        self.result: Row = []
        self.office = office_of(self.path, course.accepted_at or course.filed_at)
        self.due_at = self.due_legal = course.due_at

    def fill(self) -> None:
        course, officers = self.course, self.officers
        row = self._reserve()
        if course.channel == "online":
            self._submit()
        else:
            self._receive()
        if course.state == State.DECLINED:
            self._end(officers["reception"], "decline", "Từ chối tiếp nhận", course.ended_at)
        if course.asked_at:
            self._supplement()
        if course.apologised_at:
            self._apologise()
        if course.is_finished:
            self._attach()
        for position, at in enumerate(course.done_at):
            self._finish_turn(position, at)
        self._leave()
        row[1:] = self._values()

    def _reserve(self) -> Row:
        """Its place among the dossiers; the values come last, when everything has happened."""
        return self.sheets.put("dossiers.Dossier")

    def _leave(self) -> None:
        """What ends or halts the work."""
        course, officers = self.course, self.officers
        if course.state == State.DUTY:
            self._wait_for_duty()
        elif course.state == State.WITHDRAWN:
            self._end(officers["reception"], "withdraw", "Công dân rút hồ sơ", course.ended_at)
        elif course.state == State.STOPPED:
            self._end(officers["handler"], "stop", "Dừng giải quyết hồ sơ", course.ended_at)
        if course.paid_at:
            self._pay()
        if course.returned_at:
            self._return()

    def _log(self, at: int, by: Who, verb: str, details: str = "{}", within: str = "") -> None:
        self.sheets.entry(at, self.path, by, f"dossiers.{verb}", self.ref, details, within)

    # Filing and reception

    def _submit(self) -> None:
        course = self.course
        by = self.person.who if course.is_self else self.officers["reception"]
        claims = self._papers(by, course.filed_at)
        if not course.is_self:
            at = stamp(course.filed_at)
            self.sheets.put("dossiers.Party", self.id, "helper", by.name, "", "", by.account_id, BASIS, at)
        self._happened(by, "submit", "Nộp hồ sơ", course.filed_at)
        filed = sum(required for _, _, required, _ in self.pattern.papers)
        self._log(course.filed_at, by, "submit", compact(claims | self._filed() | {"papers": filed}))
        if not course.is_accepted:
            return
        clerk, forward = self.officers["reception"], course.state != State.ACCEPTED
        details = {"price": PRICES[course.pages], "forward": forward, "number": self.number}
        self._log(course.accepted_at, clerk, "accept", compact(details))
        if forward:
            self._log(course.accepted_at, clerk, "forward", within="dossiers.accept")
        self._begin()

    def _receive(self) -> None:
        course, clerk = self.course, self.officers["reception"]
        claims = self._papers(clerk, course.accepted_at)
        forward = course.state != State.ACCEPTED
        details = {"price": PRICES[course.pages], "forward": forward, "number": self.number}
        self._log(course.accepted_at, clerk, "receive", compact(claims | self._filed() | details))
        self._begin()

    def _filed(self) -> dict[str, Any]:
        filing = "self" if self.course.is_self else "assisted"
        return {"filed": self.pattern.checksum, "procedure": self.pattern.version.code, "filing": filing}

    def _papers(self, by: Who, at: int) -> dict[str, str]:
        """Data of the State, a scan, or only a tick; what is optional was not handed in."""
        claims: dict[str, str] = {}
        for key, name, required, from_data in self.pattern.papers:
            is_data = required and self.course.is_digitised and from_data
            file, given = None, required and not is_data
            if given and self.course.is_digitised:
                file, claim = self._upload(by, at, key)
                claims |= claim
            self.sheets.put(
                "dossiers.SubmittedPaper", self.id, key, name, required, given, int(given), 0, file,
                by.account_id if file else None, stamp(at) if file else None, is_data, False, "",
            )  # fmt: skip
        return claims

    def _upload(self, by: Who, at: int, kind: str) -> tuple[int, dict[str, str]]:
        """A file and the entry of its upload. The second is what the claim of it notes."""
        sheets, saved = self.sheets, self.sheets.sheet.saved
        uuid = sheets.uuid()
        row = sheets.put(
            "files.StoredFile", uuid, saved.sha256, self.ref, self.path, self.person.id, kind, saved.name,
            saved.media_type, self.sheets.sheet.pages, False, None, by.account_id, stamp(at), None,
        )  # fmt: skip
        dashed = f"{uuid[:8]}-{uuid[8:12]}-{uuid[12:16]}-{uuid[16:20]}-{uuid[20:]}"
        claim = {f"file {dashed}": saved.sha256}
        details = compact(claim | {"kind": kind, "received": sheets.received})
        sheets.entry(at, by.unit_path, by, "files.upload", f"files.StoredFile:{row[0]}", details)
        return row[0], claim

    def _begin(self) -> None:
        course, at = self.course, self.course.accepted_at
        self._count_time()
        if course.fee.total:
            self._charge(course.fee.lines, course.fee.total, course.fee.collect_at, at)
        self._happened(self.officers["reception"], "receive", "Tiếp nhận hồ sơ", at)
        self._begin_turn(0, at)

    def _count_time(self) -> None:
        limit, at, due = self.course.limit, stamp(self.course.accepted_at), stamp(self.due_at)
        near = self.office.near(self.course.accepted_at, self.due_at)
        self.clock = self.sheets.put(
            "deadlines.Clock", self.ref, self.path, "dossier", "running", at, at, limit.amount, limit.unit or "",
            limit.same_day, due, due, due, near and stamp(near), None, "", None, "", None, None, None, None, None,
        )  # fmt: skip

    def _charge(self, lines: str, total: int, collect_at: str, at: int) -> None:
        sheets, person = self.sheets, self.person
        self.charge = sheets.put(
            "payments.Charge", sheets.uuid(), self.ref, self.place.id, self.path, person.full_name, person.id, lines,
            total, 0, 0, collect_at, "open", reference_for(sheets.rng.randrange(SERIALS)), stamp(at), None, None, "", "",  # noqa: E501
        )  # fmt: skip

    # The work

    def _happened(self, by: Who, kind: str, label: str, at: int, note: str = "") -> None:
        moment = stamp(at)
        self.sheets.put(
            "dossiers.Step", self.id, kind, label, kind, "", by.account_id, by.name, moment, None, moment, "done", note
        )

    def _begin_turn(self, position: int, at: int) -> None:
        turn = self.pattern.turns[position]
        due = self.office_at(at).part(at, self.due_at, turn.share)
        self.step_key, self.step_role = turn.key, turn.role
        self.open_step = self.sheets.put(
            "dossiers.Step", self.id, turn.key, turn.label, turn.kind, turn.role, None, "", stamp(at),
            stamp(due) if due is not None else None, None, "", "",
        )  # fmt: skip

    def office_at(self, at: int) -> Any:
        return office_of(self.path, at)

    def _end_turn(self, by: Who, at: int, outcome: str, note: str = "") -> None:
        self.open_step[6:8] = by.account_id, by.name
        self.open_step[10:13] = stamp(at), outcome, note

    def _finish_turn(self, position: int, at: int) -> None:
        turn = self.pattern.turns[position]
        by = self.officers[turn.role]
        if turn.role == "leader":
            self._log(at, by, "sign_result")
            self._log(at, by, "finish_step", '{"remark":""}', within="dossiers.sign_result")
            self._decided(by, at)
        else:
            self._log(at, by, "finish_step")
        self._end_turn(by, at, "done")
        if position + 1 < len(self.pattern.turns):
            self._begin_turn(position + 1, at)
        else:
            self._stop_clock(at, "finished")
            self.finished_at, self.step_key, self.step_role = at, "return", "reception"

    def _result(self) -> Row:
        if not self.result:
            self.result = self.sheets.put("dossiers.Result", self.id, None, "", "", None, "", "", None, None, None, "")
        return self.result

    def _decided(self, by: Who, at: int) -> None:
        self._result()[4:6] = by.name, stamp(at)

    def _attach(self) -> None:
        at, by = self.course.done_at[0], self.officers["handler"]
        file, claim = self._upload(by, at, "result")
        self._result()[2] = file
        [key] = claim
        self._log(at, by, "attach_result", compact(claim | {"upload": key.removeprefix("file ")}))

    def _supplement(self) -> None:
        course, by, at = self.course, self.officers["handler"], stamp(self.course.asked_at)
        answered = course.answered_at and stamp(course.answered_at)
        self.sheets.put(
            "dossiers.Supplement", self.id, compact([MISSING]), WHY, at, by.name, None, answered or None,
            ANSWER if answered else "", False, "",
        )  # fmt: skip
        resumed = stamp(course.resumed_at) if course.resumed_at else None
        self.sheets.put("deadlines.Pause", self.clock[0], "supplement", at, resumed, "mau-02", "")
        self._happened(by, "supplement", "Yêu cầu bổ sung giấy tờ", course.asked_at, WHY)
        self._log(course.asked_at, by, "request_supplement", compact({"items": [MISSING], "reason": WHY}))
        self.clock[4] = "paused"
        if answered:
            self._answer()

    def _answer(self) -> None:
        course, clerk = self.course, self.officers["reception"]
        self._happened(clerk, "answer", "Người dân đã bổ sung", course.answered_at, ANSWER)
        details = compact({"uploads": NO_UPLOADS, "answer": ANSWER})
        self._log(course.answered_at, clerk, "answer_supplement", details)
        at = course.resumed_at
        self.due_at = self.due_legal = self.office_at(at).due(at, course.limit)
        near = self.office_at(at).near(at, self.due_at)
        self.clock[4], self.clock[6] = "running", stamp(at)
        self.clock[11:14] = stamp(self.due_at), stamp(self.due_at), near and stamp(near)
        self._happened(clerk, "resume", "Nhận đủ giấy tờ bổ sung", at)
        self._log(at, clerk, "resume")

    def _apologise(self) -> None:
        """Mẫu 04: a later promise. The legal date stays."""
        course, by, at = self.course, self.officers["handler"], stamp(self.course.apologised_at)
        promised, counted_from = course.promised_at, course.resumed_at or course.accepted_at
        near = self.office_at(counted_from).near(counted_from, promised)
        self.clock[12:14] = stamp(promised), near and stamp(near)
        self.clock[16:18] = at, SORRY
        self.sheets.put("dossiers.Apology", self.id, SORRY, stamp(self.due_at), stamp(promised), at, by.name, "")
        self.due_at = promised
        self._happened(by, "apology", "Xin lỗi và hẹn lại ngày trả", course.apologised_at, SORRY)
        self._log(course.apologised_at, by, "apologise", compact({"reason": SORRY, "new_due": str(whole(promised))}))

    def _wait_for_duty(self) -> None:
        at, by = self.course.ended_at, self.officers["handler"]
        self.clock[4] = "paused"
        self.sheets.put("deadlines.Pause", self.clock[0], "finance", stamp(at), None, NOTICE, "")
        self._happened(by, "duty", "Chờ thực hiện nghĩa vụ tài chính", at, NOTICE)
        self._log(at, by, "request_duty", compact({"notice": NOTICE}))

    # Its end

    def _stop_clock(self, at: int, outcome: str) -> None:
        course = self.course
        on_time_766 = at <= course.due_at
        if course.resumed_at:
            on_time_766 = at <= self._due_with_wait()
        self.verdicts = (at <= self.due_legal, at <= self.due_at, on_time_766)
        self.clock[4] = "stopped" if outcome == "stopped" else "finished"
        self.clock[14:16] = stamp(at), outcome
        self.clock[20:23] = self.verdicts

    def _due_with_wait(self) -> int:
        """QĐ 766 forgives the waiting of one supplement; the law counts anew."""
        course = self.course
        day = day_of(course.accepted_at)
        wait = time_rules.Wait(whole(course.asked_at), whole(course.resumed_at))
        calendar, cut_off = calendar_for(self.path, day), cut_off_for(self.path, day)
        due = time_rules.due(whole(course.accepted_at), course.limit, calendar, cut_off, (wait,))
        return round(due.astimezone(UTC).timestamp()) * 1_000_000

    def _end(self, by: Who, verb: str, label: str, at: int) -> None:
        reason = REASONS[State(self.course.state)]
        self.finished_at, self.step_key, self.step_role = at, "", ""
        if self.clock:
            self._stop_clock(at, "stopped")
            self._end_turn(by, at, verb, reason)
        self._happened(by, verb, label, at, reason)
        if self.charge:
            self.charge[12], self.charge[18] = "cancelled", label
        self._log(at, by, verb, compact({"reason": reason}))

    def _settle_fee(self) -> None:
        """A person says how much, where the catalogue does not."""
        at, clerk = self.course.paid_at, self.officers["reception"]
        self._happened(clerk, "fee", f"Xác định mức thu: {DEMO_FEE:,} đồng".replace(",", "."), at, FEE_BASIS)
        self._charge(SETTLED, DEMO_FEE, "return", at)
        self._log(at, clerk, "set_fee", compact({"amount": DEMO_FEE, "basis": FEE_BASIS}))

    def _pay(self) -> None:
        course, cashier, total = self.course, self.officers["cashier"], self.course.total
        if course.is_fee_unknown:
            self._settle_fee()
        at, charge = stamp(course.paid_at), self.charge[0]
        self.charge[9], self.charge[12], self.charge[16] = total, "paid", at
        key, day = f"demo:{charge}", day_of(course.paid_at)
        payment = self.sheets.put(
            "payments.Payment", charge, self.path, "cash", total, at, day.isoformat(), cashier.account_id, cashier.name,
            None, key,
        )  # fmt: skip
        paid = compact([{"method": "cash", "amount": total, "at": whole(course.paid_at).isoformat()}])
        self.sheets.put(
            "payments.Receipt", self.sheets.uuid(), self.place.id, self.path, day.year, self.serial, charge, total,
            self.charge[7], paid, at, cashier.name, None, "", "", None,
        )  # fmt: skip
        details = compact({"amount": total, "idempotency_key": key})
        self.sheets.entry(
            course.paid_at, self.path, cashier, "payments.take_cash", f"payments.Payment:{payment[0]}", details
        )
        self._log(course.paid_at, SYSTEM, "mark_fee")

    def _return(self) -> None:
        at, clerk = self.course.returned_at, self.officers["reception"]
        self.step_key = self.step_role = ""
        self._result()[6:9] = self.person.full_name, HANDED_HOW, stamp(at)
        self._happened(clerk, "return", "Trả kết quả", at, HANDED_HOW)
        self._log(at, clerk, "return_result", compact({"handed_how": HANDED_HOW}))

    def _values(self) -> list[Any]:
        """Columns of the dossier after its id."""
        course, person, pattern, sheets = self.course, self.person, self.pattern, self.sheets
        online = course.channel == "online"
        by = person.who if online and course.is_self else self.officers["reception"]
        accepted = course.is_accepted
        paid = "paid" if course.paid_at else course.fee.payment_state
        delivery = "delivered" if course.returned_at else "ready" if course.is_finished else "none"
        return [
            sheets.uuid(), self.number, "".join(sheets.rng.choices(LETTERS, k=SECRET_LENGTH)),
            pattern.version.procedure_id, pattern.version.id, pattern.case_key, self.place.id, self.path, self.place.id,
            None, course.state, paid if accepted else "none", delivery, "local", course.channel,
            "self" if course.is_self else "assisted", "online" if online else "counter", person.id, person.full_name,
            person.personal_id, person.birth_on, person.sex, person.phone, "", person.address, "",
            pattern.answers_of(person), person.tokens, self.step_key, self.step_role, None, stamp(course.filed_at),
            stamp(course.accepted_at) if accepted else None, stamp(self.due_at) if accepted else None,
            stamp(self.finished_at) if self.finished_at else None,
            stamp(course.returned_at) if course.returned_at else None, *self.verdicts, int(bool(course.asked_at)),
            stamp(course.answered_at) if course.answered_at else None, False,
            stamp(course.apologised_at) if course.apologised_at else None, None, "", None, by.account_id,
        ]  # fmt: skip
