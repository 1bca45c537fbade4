"""Importing a bank's statement: the second ear, for what the webhook missed. A file imported twice changes nothing."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.modules.payments.actions.bank import Movement, record
from xaso.modules.payments.models import BankTransaction, CollectingAccount
from xaso.modules.payments.rules.statements import Fault, Row, Unreadable, read_statement

MAX_BYTES = 2 * 1024 * 1024
MAX_ROWS = 5000


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What a file brought: new movements by outcome, known ones, and rows a person must look at."""

    added: int
    known: int
    outcomes: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


@action("payments.import_statement", "Nhập sao kê ngân hàng")
def import_statement(by: Actor, account: CollectingAccount, /, *, data: bytes) -> ImportReport:
    """Record every row of a CSV. Rows that cannot be read, or contradict what is kept, are reported by line."""
    if len(data) > MAX_BYTES:
        raise Refused("Tệp sao kê lớn hơn 2 MB. Hãy tải sao kê theo từng tuần hoặc từng ngày.")
    try:
        rows, faults = read_statement(data)
    except Unreadable as unreadable:
        raise Refused(str(unreadable)) from unreadable
    if len(rows) > MAX_ROWS:
        raise Refused(f"Sao kê có hơn {MAX_ROWS} dòng. Hãy tải sao kê theo từng tuần hoặc từng ngày.")
    digest = hashlib.sha256(data).hexdigest()
    outcomes: Counter[str] = Counter()
    known = 0
    for row in rows:
        try:
            recorded = record(by, account, _movement(account, row, digest))
        except Refused as refusal:
            faults.append(Fault(row.line, refusal.message))
            continue
        if recorded.is_new:
            outcomes[recorded.transaction.outcome] += 1
        else:
            known += 1
    faults.sort(key=lambda fault: fault.line)
    report = ImportReport(outcomes.total(), known, dict(outcomes), faults)
    note(added=report.added, known=known, faults=len(faults), file=digest)
    return report


def _movement(account: CollectingAccount, row: Row, digest: str) -> Movement:
    told = "".join(character for character in row.account if character.isalnum())
    if told and told != account.account_number:
        raise Refused(f"dòng này của tài khoản {told}, không phải {account.account_number}.")
    at = row.at.replace(tzinfo=clock.VIETNAM)
    if at > clock.now() and clock.local(at).date() > clock.today():
        raise Refused("ngày giao dịch ở tương lai; hãy kiểm tra lại tệp.")
    return Movement(row.ref, row.amount, row.content, at, BankTransaction.Source.STATEMENT, digest)
