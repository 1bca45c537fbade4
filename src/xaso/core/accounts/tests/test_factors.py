from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import time_machine

from xaso.core.accounts import actions, queries
from xaso.core.accounts.models import Account, SecondFactor
from xaso.core.accounts.tests.authenticator import Authenticator
from xaso.core.audit.models import Entry
from xaso.kit.errors import Forbidden, Refused

MORNING = datetime(2026, 11, 23, 1, 0, 5, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def account(minh) -> Account:
    return Account.objects.get(pk=minh.account_id)


def code_at(factor: SecondFactor, moment: datetime) -> str:
    return pyotp.TOTP(queries.authenticator_secret(factor)).at(moment)


@pytest.fixture
def app(minh, account) -> SecondFactor:
    """A confirmed authenticator app, confirmed a minute before MORNING."""
    before = MORNING - timedelta(minutes=1)
    with time_machine.travel(before, tick=False):
        factor = actions.enrol_totp(minh, account)
        actions.confirm_totp(minh, account, code_at(factor, before))
    return factor


def test_an_app_counts_only_after_a_right_code(minh, account):
    with time_machine.travel(MORNING, tick=False):
        factor = actions.enrol_totp(minh, account)
        assert not queries.needs_second_factor(account)
        with pytest.raises(Refused, match="chưa đúng"):
            actions.confirm_totp(minh, account, "000000" if code_at(factor, MORNING) != "000000" else "111111")
        assert not queries.needs_second_factor(account)
        actions.confirm_totp(minh, account, code_at(factor, MORNING))
    assert queries.needs_second_factor(account)


def test_a_totp_code_works_once_and_an_older_one_not_after_it(minh, account, app):
    with time_machine.travel(MORNING, tick=False):
        actions.use_totp(minh, account, code_at(app, MORNING))
        with pytest.raises(Refused, match="đã dùng"):
            actions.use_totp(minh, account, code_at(app, MORNING))
        with pytest.raises(Refused):
            actions.use_totp(minh, account, code_at(app, MORNING - timedelta(seconds=30)))


def test_a_clock_may_be_half_a_minute_off_but_not_more(minh, account, app):
    with time_machine.travel(MORNING, tick=False):
        with pytest.raises(Refused):
            actions.use_totp(minh, account, code_at(app, MORNING + timedelta(seconds=65)))
        actions.use_totp(minh, account, code_at(app, MORNING + timedelta(seconds=30)))


def test_the_code_that_confirmed_the_app_does_not_sign_in(minh, account):
    with time_machine.travel(MORNING, tick=False):
        factor = actions.enrol_totp(minh, account)
        actions.confirm_totp(minh, account, code_at(factor, MORNING))
        with pytest.raises(Refused):
            actions.use_totp(minh, account, code_at(factor, MORNING))


def test_guessing_codes_shuts_the_door(minh, account, app):
    with time_machine.travel(MORNING, tick=False):
        for _ in range(5):
            with pytest.raises(Refused, match="không đúng"):
                actions.use_totp(minh, account, "12345")
        with pytest.raises(Refused, match="Đã thử quá nhiều"):
            actions.use_totp(minh, account, code_at(app, MORNING))


def test_somebody_elses_factors_cannot_be_touched(minh, hoa, account, app):
    for attempt in (
        lambda: actions.enrol_totp(hoa, account),
        lambda: actions.use_totp(hoa, account, "123456"),
        lambda: actions.make_recovery_codes(hoa, account),
        lambda: actions.remove_factor(hoa, account, app),
    ):
        with pytest.raises(Forbidden):
            attempt()
    own = Account.objects.get(pk=hoa.account_id)
    with pytest.raises(Refused, match="không thuộc"):
        actions.remove_factor(hoa, own, app)


def test_recovery_codes_work_once_each_and_new_ones_end_the_old(minh, account, app):
    codes = actions.make_recovery_codes(minh, account)
    assert len(set(codes)) == 10
    actions.use_recovery_code(minh, account, codes[0].upper())
    with pytest.raises(Refused, match="đã dùng"):
        actions.use_recovery_code(minh, account, codes[0])
    assert queries.security_of(account).recovery_left == 9
    newer = actions.make_recovery_codes(minh, account)
    with pytest.raises(Refused):
        actions.use_recovery_code(minh, account, codes[1])
    actions.use_recovery_code(minh, account, newer[0])
    kept = str(list(SecondFactor.objects.values_list("data", flat=True))) + str(list(Entry.objects.values("details")))
    assert newer[1] not in kept


def test_a_required_last_factor_stays(minh, account, app):
    Account.objects.filter(pk=account.pk).update(second_factor_required=True)
    account.refresh_from_db()
    with pytest.raises(Refused, match="yêu cầu"):
        actions.remove_factor(minh, account, app)
    Account.objects.filter(pk=account.pk).update(second_factor_required=False)
    account.refresh_from_db()
    actions.make_recovery_codes(minh, account)
    actions.remove_factor(minh, account, app)
    assert not SecondFactor.objects.filter(account=account).exists()


@pytest.fixture
def key(minh, account) -> Authenticator:
    device = Authenticator()
    options, state = actions.begin_passkey(account)
    actions.enrol_passkey(minh, account, state, device.create(options), name="Máy bàn")
    return device


def test_a_passkey_signs_in(minh, account, key):
    options, state = actions.begin_passkey_use(account)
    actions.use_passkey(minh, account, state, key.get(options))
    assert queries.needs_second_factor(account)


def test_a_passkey_answer_is_good_for_its_own_challenge_only(minh, account, key):
    options, state = actions.begin_passkey_use(account)
    answer = key.get(options)
    actions.use_passkey(minh, account, state, answer)
    _, later = actions.begin_passkey_use(account)
    with pytest.raises(Refused):
        actions.use_passkey(minh, account, later, answer)
    with pytest.raises(Refused):
        actions.use_passkey(minh, account, {}, answer)


def test_a_replayed_answer_with_its_old_challenge_is_stopped_by_the_counter(minh, account, key):
    options, state = actions.begin_passkey_use(account)
    answer = key.get(options)
    actions.use_passkey(minh, account, state, answer)
    with pytest.raises(Refused):
        actions.use_passkey(minh, account, state, answer)


def test_a_copied_passkey_shows_by_its_counter(minh, account, key):
    options, state = actions.begin_passkey_use(account)
    actions.use_passkey(minh, account, state, key.get(options))
    key.counter = 0
    options, state = actions.begin_passkey_use(account)
    with pytest.raises(Refused):
        actions.use_passkey(minh, account, state, key.get(options))


def test_a_passkey_answer_from_another_site_is_refused(minh, account, key):
    options, state = actions.begin_passkey_use(account)
    key.origin = "https://localhost.evil.example"
    with pytest.raises(Refused):
        actions.use_passkey(minh, account, state, key.get(options))


def test_another_key_with_the_same_name_is_refused(minh, account, key):
    thief = Authenticator()
    options, state = actions.begin_passkey_use(account)
    with pytest.raises(Refused):
        actions.use_passkey(minh, account, state, thief.get(options))


@pytest.mark.parametrize("answer", [{}, {"id": "x"}, {"id": "x", "rawId": 5, "response": []}, {"response": {"a": 1}}])
def test_nonsense_instead_of_a_passkey_is_refused(minh, account, key, answer):
    _, state = actions.begin_passkey_use(account)
    with pytest.raises(Refused):
        actions.use_passkey(minh, account, state, answer)
    _, state = actions.begin_passkey(account)
    with pytest.raises(Refused):
        actions.enrol_passkey(minh, account, state, answer)
