"""The state of a simulator: what was asked for, what the holder did with it, and which trouble is ordered."""

import threading
import time
import uuid
from dataclasses import dataclass, field

from xaso.modules.signing.simulators.holders import Holder

WAITING, SIGNED, REFUSED, EXPIRED, FAILED = "waiting", "signed", "refused", "expired", "failed"


@dataclass(slots=True)
class Document:
    name: str
    title: str
    digest: bytes
    value: bytes = b""


@dataclass(slots=True)
class Transaction:
    """`name` is the caller's id, `code` the service's own."""

    name: str
    holder: Holder
    documents: list[Document]
    asked_at: float
    code: str = field(default_factory=lambda: str(uuid.uuid4()))
    state: str = WAITING


@dataclass(slots=True)
class Fault:
    """Trouble for the next questions whose path holds `path`: "cut" does the work and breaks the line, a number is
    answered as the HTTP status without doing anything."""

    path: str
    kind: str
    times: int


class Desk:
    """One lock for all: a simulator has few visitors."""

    def __init__(self, holders: list[Holder], *, patience: float = 240, agrees_after: float | None = None) -> None:
        self.holders = {holder.code: holder for holder in holders}
        self.patience = patience
        self.agrees_after = agrees_after
        self.transactions: dict[str, Transaction] = {}
        self.untold: list[Transaction] = []
        self.faults: list[Fault] = []
        self.signatures = 0
        self.lock = threading.RLock()
        self._ahead = 0.0

    def now(self) -> float:
        return time.time() + self._ahead

    def advance(self, seconds: float) -> None:
        self._ahead += seconds

    def open(self, name: str, holder: Holder, documents: list[Document]) -> Transaction:
        transaction = Transaction(name, holder, documents, self.now())
        self.transactions[name] = transaction
        return transaction

    def known(self, name: str) -> Transaction | None:
        """By either id, as it stands now."""
        self.pass_time()
        for transaction in self.transactions.values():
            if name in {transaction.name, transaction.code}:
                return transaction
        return None

    def pass_time(self) -> None:
        """What time alone decides."""
        for transaction in self.transactions.values():
            if transaction.state != WAITING:
                continue
            age = self.now() - transaction.asked_at
            if age >= self.patience:
                transaction.state = EXPIRED
                self.untold.append(transaction)
            elif self.agrees_after is not None and age >= self.agrees_after:
                self.confirm(transaction)

    def confirm(self, transaction: Transaction) -> None:
        """The holder agrees: every document of the transaction gets its value, once."""
        if transaction.state != WAITING:
            return
        for document in transaction.documents:
            document.value = transaction.holder.sign(document.digest)
            self.signatures += 1
        transaction.state = SIGNED
        self.untold.append(transaction)

    def decide(self, name: str, what: str) -> None:
        """What the holder does on the phone. No name: the transaction asked for last."""
        transaction = self.known(name) if name else next(reversed(self.transactions.values()), None)
        if transaction is None or transaction.state != WAITING:
            return
        if what == "confirm":
            self.confirm(transaction)
        else:
            transaction.state = {"refuse": REFUSED, "expire": EXPIRED, "fail": FAILED}[what]
            self.untold.append(transaction)

    def fault_for(self, path: str) -> str:
        for fault in self.faults:
            if fault.times > 0 and fault.path in path:
                fault.times -= 1
                return fault.kind
        return ""
