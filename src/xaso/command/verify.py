"""`xaso verify`: is the audit chain whole, is every file what it was, and does each module find itself in order?"""

import time

from django.db import connection

from xaso.command.preparing import require_tables
from xaso.command.words import complain, decimal, say
from xaso.core.audit import lock
from xaso.core.audit.actions import verify
from xaso.core.files.models import Blob
from xaso.core.files.verify import verify_files
from xaso.core.measures.counting import faults
from xaso.core.measures.models import Cell
from xaso.kit.module import Module, modules


def run(arguments: list[str]) -> int:
    del arguments
    require_tables()
    whole = [_chain(), _files(), _cells(), *(_module(one) for one in modules() if one.checks)]
    return 0 if all(whole) else 1


def _chain() -> bool:
    started = time.monotonic()
    verdict = verify()
    took = decimal(time.monotonic() - started)
    if not lock.is_installed(connection):
        complain("Khoá chống sửa nhật ký trong cơ sở dữ liệu đã bị gỡ.")
        say("  Đặt lại: “xaso manage migrate audit 0001” rồi “xaso manage migrate audit”; sau đó kiểm tra lại.")
        return False
    if verdict.broken:
        complain(verdict.broken)
        say(
            f"  {verdict.checked} dòng trước đó còn nguyên. Đừng sửa gì; sao chép dữ liệu ra nơi khác rồi báo quản trị."
        )
        return False
    say(f"✓ Nhật ký nguyên vẹn: {verdict.checked} dòng ({took} giây).")
    say(f"  Dấu cuối chuỗi: {verdict.head}")
    return True


def _files() -> bool:
    started = time.monotonic()
    damaged = verify_files()
    for sentence in damaged:
        complain(sentence)
    if damaged:
        return False
    say(f"✓ Mọi tệp đúng mã kiểm: {Blob.objects.count()} tệp ({decimal(time.monotonic() - started)} giây).")
    return True


def _cells() -> bool:
    started = time.monotonic()
    wrong = list(faults())
    for sentence in wrong:
        complain(sentence)
    if not wrong:
        say(f"✓ Ô số liệu bằng số đếm lại: {Cell.objects.count()} ô ({decimal(time.monotonic() - started)} giây).")
    return not wrong


def _module(module: Module) -> bool:
    faults = [sentence for check in module.checks for sentence in check()]
    for sentence in faults:
        complain(sentence)
    if not faults:
        say(f"✓ {module.title}: đúng như đã ghi.")
    return not faults
