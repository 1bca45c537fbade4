"""Reading a bank's CSV: whatever encoding, separator, heading lines and column names it uses. Pure.

A row that cannot be read is reported with its line and a sentence, never skipped in silence.
"""

import csv
import io
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from xaso.kit.fold import fold, tidy

ALIASES = {
    "at": ("ngay giao dich", "ngay hach toan", "ngay hieu luc", "thoi gian giao dich", "thoi gian", "ngay gd", "ngay",
           "transaction date", "posting date", "date", "transactiondate"),
    "ref": ("ma giao dich", "so tham chieu", "ma tham chieu", "so but toan", "so gd", "so giao dich", "so chung tu",
            "ma gd", "reference", "reference number", "reference no", "ref no", "transaction id", "referencecode"),
    "credit": ("ghi co", "so tien ghi co", "phat sinh co", "tien vao", "co", "credit", "credit amount"),
    "debit": ("ghi no", "so tien ghi no", "phat sinh no", "tien ra", "no", "debit", "debit amount"),
    "amount": ("so tien", "so tien giao dich", "phat sinh", "amount", "transaction amount"),
    "content": ("noi dung", "noi dung giao dich", "dien giai", "mo ta", "noi dung chi tiet", "description", "content",
                "details", "remark", "transaction description"),
    "account": ("so tai khoan", "tai khoan", "account number", "account"),
}  # fmt: skip
_COLUMN_OF = {alias: column for column, aliases in ALIASES.items() for alias in aliases}
_DAY_FORMS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d", "%Y/%m/%d", "%d/%m/%y")
_TIME_FORMS = (" %H:%M:%S", " %H:%M", "")


@dataclass(frozen=True, slots=True)
class Row:
    """One movement. `at` is the bank's wall clock, without a zone; `amount` is negative for money out."""

    line: int
    ref: str
    at: datetime
    amount: int
    content: str
    account: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    line: int
    sentence: str


class Unreadable(ValueError):
    """The file as a whole is not a statement we know. The message is for the person."""


def read_statement(data: bytes) -> tuple[list[Row], list[Fault]]:
    """Rows and faults in file order. Raises Unreadable."""
    text = decode(data)
    lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text)))
    start, columns = _header(lines)
    rows: list[Row] = []
    faults: list[Fault] = []
    for number, cells in enumerate(lines[start + 1 :], start=start + 2):
        if not any(cell.strip() for cell in cells):
            continue
        values = {column: tidy(cells[at]) for column, at in columns.items() if at < len(cells)}
        try:
            rows.append(_row(number, values))
        except ValueError as error:
            faults.append(Fault(number, str(error)))
    return rows, faults


def decode(data: bytes) -> str:
    """UTF-8 with or without a mark, UTF-16 with one, else the Vietnamese Windows page."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return unicodedata.normalize("NFC", data.decode("utf-16", "replace"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1258", "replace")
    return unicodedata.normalize("NFC", text)


def read_money(text: str) -> int:
    """1.234.000 · 1,234,000.00 · -50 000 đ → đồng. Raises ValueError with a sentence."""
    kept = re.sub(r"(?i)vnd|vnđ|đồng|đ|\s|\u00a0", "", text)
    shape = re.fullmatch(r"([+-]?)(\d{1,3}(?:[.,]\d{3})+|\d+)(?:[.,]0{1,2})?", kept)
    if shape is None:
        raise ValueError(f"số tiền “{text}” không đọc được; ghi như 1.234.000.")
    return int(shape[1] + re.sub(r"[.,]", "", shape[2]))


def read_moment(text: str) -> datetime:
    """31/12/2026 14:05:09, without a zone. Raises ValueError with a sentence."""
    kept = text.replace("T", " ").split("+")[0].strip()
    for day in _DAY_FORMS:
        for time in _TIME_FORMS:
            try:
                return datetime.strptime(kept, day + time)  # noqa: DTZ007 - a bank prints Vietnamese wall time
            except ValueError:
                continue
    raise ValueError(f"ngày “{text}” không đọc được; ghi như 31/12/2026 hoặc 31/12/2026 14:05.")


def _separator(text: str) -> str:
    sample = "\n".join(text.splitlines()[:40])
    return max(";,\t|", key=sample.count)


def _header(lines: list[list[str]]) -> tuple[int, dict[str, int]]:
    for number, cells in enumerate(lines[:40]):
        columns: dict[str, int] = {}
        for at, cell in enumerate(cells):
            name = re.sub(r"\(.*?\)|[^a-z ]", " ", fold(cell))
            column = _COLUMN_OF.get(re.sub(" +", " ", name).strip())
            if column:
                columns.setdefault(column, at)
        if {"at", "ref", "content"} <= columns.keys() and columns.keys() & {"amount", "credit", "debit"}:
            return number, columns
    raise Unreadable(
        "Không tìm thấy dòng tiêu đề của sao kê. Cần các cột: ngày giao dịch, mã giao dịch, số tiền (hoặc ghi có, "
        "ghi nợ), nội dung. Hãy tải lại sao kê dạng CSV từ ngân hàng."
    )


def _row(line: int, values: dict[str, str]) -> Row:
    if not values.get("ref"):
        raise ValueError("thiếu mã giao dịch; hãy chép mã từ ngân hàng rồi nhập lại dòng này.")
    amount = _amount(values)
    if amount == 0:
        raise ValueError("số tiền bằng 0; hãy kiểm tra lại dòng này.")
    at = read_moment(values.get("at", ""))
    return Row(line, values["ref"][:80], at, amount, values.get("content", "")[:500], values.get("account", ""))


def _amount(values: dict[str, str]) -> int:
    if values.get("amount"):
        return read_money(values["amount"])
    credit, debit = (read_money(values[side]) if values.get(side) else 0 for side in ("credit", "debit"))
    if credit and debit:
        raise ValueError("vừa có ghi có vừa có ghi nợ; hãy tách thành hai dòng.")
    return abs(credit) - abs(debit)
