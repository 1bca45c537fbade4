"""The chain of tokens: one access token for everybody, refreshed by one worker at a time.

A refresh token works once, so two refreshes at once would break the chain. Whoever needs a new pair takes the account's
lease under the row's lock, asks Zalo without any lock (SQLite would stand still for everybody), and saves both tokens
over the pair it started from. The others wait and read again.
"""

from __future__ import annotations

import time

from xaso.core.access import SYSTEM
from xaso.kit import clock
from xaso.modules.zalo import queries
from xaso.modules.zalo.actions import accounts
from xaso.modules.zalo.models import Account
from xaso.modules.zalo.providers import ChainBroken, NotSet, ZaloFailed, openapi
from xaso.modules.zalo.rules import USABLE_FOR
from xaso.modules.zalo.sealing import Unreadable, opened

PATIENCE = 40.0
PULSE = 0.1
CHAIN_BROKEN = -14020
BROKEN = "Chuỗi mã truy cập Zalo đã đứt. Một người phải cấp quyền lại ở trang Zalo."
OTHER_KEY = "Khoá mã hoá đã đổi nên không mở được mã truy cập Zalo đã lưu. Một người phải cấp quyền lại ở trang Zalo."
BUSY = "Một tiến trình khác đang làm mới mã truy cập Zalo. Hệ thống sẽ tự thử lại."


def access_token(account: Account, stale: str = "") -> str:
    """A token that works now; `stale` is one that Zalo has just turned away. Raises ZaloFailed."""
    held = queries.account_with(account.pk)
    return _usable(held, stale) or refresh(held, stale)


def refresh(account: Account, stale: str = "") -> str:
    """The next pair, by this worker or by another one meanwhile. Raises ZaloFailed, ChainBroken."""
    started, until = account.generation, time.monotonic() + PATIENCE
    while True:
        held = queries.account_with(account.pk)
        if held.state != Account.State.CONNECTED:
            raise ChainBroken(held.error or BROKEN, CHAIN_BROKEN)
        if held.generation != started and (token := _usable(held, stale)):
            return token
        if accounts.begin_refresh(SYSTEM, held, generation=held.generation):
            return _turn(held)
        if time.monotonic() > until:
            raise ZaloFailed(BUSY, again=True)
        time.sleep(PULSE)


def _usable(held: Account, stale: str) -> str:
    if held.state != Account.State.CONNECTED or held.access_until is None:
        return ""
    if held.access_until <= clock.machine_now() + USABLE_FOR:
        return ""
    token = _opened(held, held.access_sealed)
    return "" if token == stale else token


def _turn(held: Account) -> str:
    """One question to Zalo under the lease. Whatever comes of it is on record before anybody hears of it."""
    generation = held.generation
    try:
        tokens = openapi.refreshed(_opened(held, held.refresh_sealed))
    except ChainBroken as broken:
        return _broken(held, str(broken))
    except ZaloFailed as failure:
        accounts.record_trouble(SYSTEM, held, generation=generation, error=str(failure))
        raise
    except NotSet as missing:
        accounts.record_trouble(SYSTEM, held, generation=generation, error=str(missing))
        raise ZaloFailed(str(missing), again=True) from missing
    if accounts.save_tokens(SYSTEM, held, tokens=tokens, generation=generation):
        return tokens.access
    return _opened(queries.account_with(held.pk), queries.account_with(held.pk).access_sealed)


def _broken(held: Account, why: str) -> str:
    """Unless somebody else saved a pair meanwhile: then theirs is the chain."""
    now = queries.account_with(held.pk)
    if now.generation != held.generation and (token := _usable(now, "")):
        return token
    accounts.break_chain(SYSTEM, held, generation=held.generation, why=why)
    raise ChainBroken(why, CHAIN_BROKEN)


def _opened(held: Account, sealed: str) -> str:
    try:
        return opened(sealed)
    except Unreadable as error:
        accounts.break_chain(SYSTEM, held, generation=held.generation, why=OTHER_KEY)
        raise ChainBroken(OTHER_KEY, CHAIN_BROKEN) from error
