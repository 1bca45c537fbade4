"""Turns one record of a public list of procedures into a version, and says what stops it from being used."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from xaso.modules.procedures.definitions import CODE, ImportDefaults, Version
from xaso.modules.procedures.rules.cases import needs_review
from xaso.modules.procedures.rules.identity import clean_text

MAX_NAME = 1_000
UNITS = {"giờ": "hour", "ngày làm việc": "workday", "ngày": "day", "tháng": "month"}
CHANNELS = ("online", "counter", "post")


class BadRecordError(Exception):
    """The record cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Imported:
    code: str
    name: str
    field: str
    subjects: list[str]
    source: str
    digest: str
    reasons: list[str]
    facts: list[dict[str, str]]  # times per channel as the source gives them, for the officer who settles
    fee_unknown: bool
    definition: dict[str, Any]
    mark: str = "to_verify"


def digest_of(value: Any) -> str:
    """A checksum that does not depend on the order of keys."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def read_record(record: Any, defaults: ImportDefaults, valid_from: date) -> Imported:
    """Raises BadRecordError with a sentence."""
    code, name, field, channels = _checked(record)
    facts = [_fact(c) for c in channels]
    reasons = needs_review(facts)
    fee = _fee(channels)
    definition = {
        "valid_from": valid_from.isoformat(),
        "legal_basis": _texts(record.get("legal_basis"))[:60],
        "cases": [_case(facts, reasons)],
        "fees": [fee],
        "online_level": "full" if any(c["channel"] == "online" for c in channels) else "info",
        "channels": [c for c in CHANNELS if any(one["channel"] == c for one in channels)],
        "result": _result(record),
        **_handling(record, defaults),
    }
    return Imported(
        code=code,
        name=name[:1].upper() + name[1:],
        field=field,
        subjects=[s for s in clean_text(record.get("subjects")).split(", ") if s][:20],
        source=clean_text(record.get("source"))[:300],
        digest=digest_of(record),
        reasons=reasons,
        facts=facts,
        fee_unknown=fee["status"] == "unknown",
        definition=Version.model_validate(definition).dump(),
    )


def _checked(record: Any) -> tuple[str, str, str, list[dict[str, Any]]]:
    if not isinstance(record, dict):
        raise BadRecordError("dòng này không phải một bản ghi.")
    code, name, field = (clean_text(record.get(key)) for key in ("code", "name", "field"))
    if not re.fullmatch(CODE, code):
        raise BadRecordError("mã thủ tục không đúng mẫu 1.234567.")
    if not 3 <= len(name) <= MAX_NAME or not 0 < len(field) <= 200:
        raise BadRecordError(f"tên phải từ 3 đến {MAX_NAME} ký tự và phải có lĩnh vực.")
    channels = record.get("channels")
    if not isinstance(channels, list) or not channels or not all(_is_channel(c) for c in channels):
        raise BadRecordError("thiếu hình thức nộp hoặc hình thức nộp không đúng.")
    return code, name, field, channels


def _handling(record: Mapping[str, Any], defaults: ImportDefaults) -> dict[str, Any]:
    """Where it is handled; what is ours goes the plain way through the office."""
    route = _route(record, defaults)
    if route["kind"] != "owner":
        return {"route": route}
    return {
        "route": route,
        "steps": [step.model_dump(by_alias=True) for step in defaults.steps],
        "form": [section.model_dump(by_alias=True, exclude_defaults=True) for section in defaults.form],
    }


def _is_channel(value: Any) -> bool:
    return isinstance(value, dict) and value.get("channel") in CHANNELS


def _fact(channel: Mapping[str, Any]) -> dict[str, str]:
    return {
        "channel": channel["channel"],
        "amount": clean_text(channel.get("time_amount"))[:10],
        "unit": clean_text(channel.get("time_unit"))[:30],
    }


def _limit(fact: Mapping[str, str]) -> dict[str, Any] | None:
    unit = UNITS.get(fact["unit"].lower())
    if unit is None or not fact["amount"].isascii() or not fact["amount"].isdigit():
        return None
    amount = int(fact["amount"])
    return {"amount": amount, "unit": unit} if 1 <= amount <= 1000 else None


def _case(facts: list[dict[str, str]], reasons: list[str]) -> dict[str, Any]:
    case: dict[str, Any] = {"key": "thuong", "label": "Thông thường", "limit_mark": "to_verify"}
    limit = _limit(facts[0])
    if limit and not reasons:
        case["limit"] = limit
    return case


def _fee(channels: list[dict[str, Any]]) -> dict[str, Any]:
    """A figure is taken over; "free" without a source is unknown, never 0."""
    amounts: dict[str, int] = {}
    for channel in channels:
        for raw in _texts(channel.get("fees_vnd")):
            digits = re.sub(r"[.\s]", "", raw)
            if digits.isascii() and digits.isdigit() and 0 < int(digits) < 10_000_000_000:
                amounts[channel["channel"]] = max(int(digits), amounts.get(channel["channel"], 0))
    base = {"key": "phi", "label": "Phí, lệ phí", "mark": "to_verify"}
    if not amounts:
        return {**base, "status": "unknown"}
    return {**base, "status": "known", "by_channel": amounts}


def _texts(value: Any) -> list[str]:
    found = [clean_text(one) for one in value] if isinstance(value, list) else []
    return [text for text in found if 0 < len(text) <= 200]


def _result(record: Mapping[str, Any]) -> dict[str, Any]:
    codes = _texts(record.get("result_codes"))
    if not codes:
        return {"kind": "notice", "name": "Văn bản trả lời"}
    return {"kind": "document", "name": "Kết quả giải quyết", "code": codes[0]}


def _route(record: Mapping[str, Any], defaults: ImportDefaults) -> dict[str, Any]:
    decision = clean_text(record.get("decision"))
    for one in defaults.authorities:
        if one.decision_has in decision:
            source = clean_text(record.get("source"))
            url = source if source.startswith("https://") and " " not in source else ""
            return {"kind": "other", "authority": one.authority, "address": one.address, "url": url}
    return {"kind": "owner"}
