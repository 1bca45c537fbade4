from datetime import timedelta

import pytest
import time_machine

from xaso.core.access import ANONYMOUS
from xaso.core.accounts import actions, queries, rules
from xaso.core.accounts.models import Account, Attempt, OneTimeCode, Person
from xaso.core.accounts.tests.cast import make_account
from xaso.core.audit.models import Entry
from xaso.core.outbox.models import Delivery
from xaso.kit import clock
from xaso.kit.errors import Refused

PHONE = "0987654321"
pytestmark = pytest.mark.django_db


def digits(code: OneTimeCode) -> str:
    return rules.code_for(queries.secret(), str(code.uuid))


def wrong(code: OneTimeCode) -> str:
    return f"{(int(digits(code)) + 1) % 1_000_000:06d}"


def test_a_first_sign_in_makes_the_person_and_the_account():
    code = actions.request_code(ANONYMOUS, "+84 987 654 321")
    account = actions.sign_in_with_code(ANONYMOUS, PHONE, digits(code))
    assert account.phone == PHONE
    assert account.person.phone == PHONE
    again = actions.request_code(ANONYMOUS, PHONE)
    assert actions.sign_in_with_code(ANONYMOUS, PHONE, digits(again)) == account
    assert Person.objects.count() == 1


def test_a_code_works_once():
    code = actions.request_code(ANONYMOUS, PHONE)
    actions.sign_in_with_code(ANONYMOUS, PHONE, digits(code))
    with pytest.raises(Refused, match="đã dùng"):
        actions.sign_in_with_code(ANONYMOUS, PHONE, digits(code))


def test_a_code_dies_after_five_minutes():
    code = actions.request_code(ANONYMOUS, PHONE)
    assert queries.code_of(str(code.uuid)) == digits(code)
    with time_machine.travel(clock.now() + timedelta(minutes=5, seconds=1), tick=False):
        assert queries.code_of(str(code.uuid)) is None
        with pytest.raises(Refused, match="hết hạn"):
            actions.sign_in_with_code(ANONYMOUS, PHONE, digits(code))
    assert not Account.objects.exists()


def test_the_fifth_wrong_try_kills_the_code_and_the_tries_stay_counted():
    code = actions.request_code(ANONYMOUS, PHONE)
    for left in (4, 3, 2, 1):
        with pytest.raises(Refused, match=f"còn {left} lần"):
            actions.sign_in_with_code(ANONYMOUS, PHONE, wrong(code))
    with pytest.raises(Refused, match="gửi mã mới"):
        actions.sign_in_with_code(ANONYMOUS, PHONE, wrong(code))
    with pytest.raises(Refused, match="quá 5 lần"):
        actions.sign_in_with_code(ANONYMOUS, PHONE, digits(code))
    assert OneTimeCode.objects.get().tries == 5


def test_a_new_code_ends_the_earlier_one():
    first = actions.request_code(ANONYMOUS, PHONE)
    second = actions.request_code(ANONYMOUS, PHONE)
    with pytest.raises(Refused, match="không đúng"):
        actions.sign_in_with_code(ANONYMOUS, PHONE, digits(first))
    assert actions.sign_in_with_code(ANONYMOUS, PHONE, digits(second)).phone == PHONE


def test_anothers_code_opens_nothing():
    mine = actions.request_code(ANONYMOUS, "0911111111")
    actions.request_code(ANONYMOUS, PHONE)
    with pytest.raises(Refused):
        actions.sign_in_with_code(ANONYMOUS, PHONE, digits(mine))
    with pytest.raises(Refused, match="Chưa có mã"):
        actions.sign_in_with_code(ANONYMOUS, "0922222222", digits(mine))


def test_codes_to_one_phone_and_from_one_address_are_limited():
    for _ in range(5):
        actions.request_code(ANONYMOUS, PHONE, address="10.0.0.1")
    with pytest.raises(Refused, match="Đã thử quá nhiều"):
        actions.request_code(ANONYMOUS, PHONE, address="10.0.0.2")
    Attempt.objects.bulk_create(
        Attempt(door="code.address", key="10.0.0.9", at=clock.now()) for _ in range(rules.LIMITS["code.address"].most)
    )
    with pytest.raises(Refused, match="Đã thử quá nhiều"):
        actions.request_code(ANONYMOUS, "0922222222", address="10.0.0.9")
    with time_machine.travel(clock.now() + timedelta(hours=1, seconds=1), tick=False):
        actions.request_code(ANONYMOUS, PHONE, address="10.0.0.1")


def test_guessing_from_one_address_over_many_phones_is_stopped():
    for number in range(60):
        Attempt.objects.create(door="code_try.address", key="10.0.0.1", at=clock.now() - timedelta(seconds=number))
    code = actions.request_code(ANONYMOUS, PHONE)
    with pytest.raises(Refused, match="Đã thử quá nhiều"):
        actions.sign_in_with_code(ANONYMOUS, PHONE, digits(code), address="10.0.0.1")


def test_neither_audit_nor_outbox_ever_holds_a_code():
    code = actions.request_code(ANONYMOUS, PHONE)
    actions.sign_in_with_code(ANONYMOUS, PHONE, digits(code))
    assert Delivery.objects.filter(event="accounts.CodeRequested").count() == 1
    kept = [str(row) for row in Entry.objects.values_list("details", "subject")]
    kept += [str(row) for row in Delivery.objects.values_list("payload", flat=True)]
    assert len(kept) >= 3
    assert not [row for row in kept if digits(code) in row]


@pytest.fixture
def officer():
    account = make_account("minh")
    account.set_password("một mật khẩu dài")
    account.save()
    return account


def test_the_right_password_signs_in_by_username_or_phone(officer):
    assert actions.sign_in_with_password(ANONYMOUS, " Minh ", "một mật khẩu dài") == officer
    assert actions.sign_in_with_password(ANONYMOUS, officer.phone, "một mật khẩu dài") == officer


@pytest.mark.parametrize("name", ["minh", "nobody", ""])
def test_a_wrong_password_and_an_unknown_name_get_the_same_sentence(officer, name):
    with pytest.raises(Refused, match="Tên đăng nhập hoặc mật khẩu không đúng"):
        actions.sign_in_with_password(ANONYMOUS, name, "sai rồi sai rồi")


def test_an_account_without_a_password_cannot_be_entered_with_one():
    make_account("lan")
    for password in ("", "!", "lan"):
        with pytest.raises(Refused):
            actions.sign_in_with_password(ANONYMOUS, "lan", password)


def test_five_wrong_passwords_shut_the_account_for_a_while_even_for_the_right_one(officer):
    for _ in range(5):
        with pytest.raises(Refused, match="không đúng"):
            actions.sign_in_with_password(ANONYMOUS, "minh", "sai")
    with pytest.raises(Refused, match="Đã thử quá nhiều"):
        actions.sign_in_with_password(ANONYMOUS, "minh", "một mật khẩu dài")
    with time_machine.travel(clock.now() + timedelta(minutes=15, seconds=1), tick=False):
        assert actions.sign_in_with_password(ANONYMOUS, "minh", "một mật khẩu dài") == officer


def test_one_address_cannot_try_many_names():
    for number in range(30):
        Attempt.objects.create(door="password.address", key="10.0.0.1", at=clock.now() - timedelta(seconds=number))
    with pytest.raises(Refused, match="Đã thử quá nhiều"):
        actions.sign_in_with_password(ANONYMOUS, "someone", "x", address="10.0.0.1")


def test_a_closed_account_stays_outside(officer):
    Account.objects.filter(pk=officer.pk).update(is_active=False)
    with pytest.raises(Refused):
        actions.sign_in_with_password(ANONYMOUS, "minh", "một mật khẩu dài")
    code = actions.request_code(ANONYMOUS, officer.phone)
    with pytest.raises(Refused, match="đã đóng"):
        actions.sign_in_with_code(ANONYMOUS, officer.phone, digits(code))
    assert not queries.actor_of(officer.pk).is_signed_in


def test_passwords_are_kept_as_scrypt_and_never_in_the_audit(officer):
    actions.sign_in_with_password(ANONYMOUS, "minh", "một mật khẩu dài")
    assert officer.password.startswith("scrypt$")
    assert not Entry.objects.filter(details__icontains="mật khẩu dài").exists()


def test_an_outside_identity_is_one_account():
    first = actions.sign_in_with_identity(ANONYMOUS, "sub-1", "Trần  Thị Mai", provider="test")
    assert first.person.full_name == "Trần Thị Mai"
    assert actions.sign_in_with_identity(ANONYMOUS, "sub-1", provider="test") == first
    assert actions.sign_in_with_identity(ANONYMOUS, "sub-1", provider="other") != first
    assert not Entry.objects.filter(details__icontains="sub-1").exists()


def test_demo_sign_in_is_shut_outside_demo(settings):
    account = make_account("minh")
    Person.objects.filter(pk=account.person_id).update(is_demo=True)
    account.refresh_from_db()
    with pytest.raises(Refused):
        actions.sign_in_as_demo(ANONYMOUS, account)
    settings.DEMO = True
    assert actions.sign_in_as_demo(ANONYMOUS, account) == account
    with pytest.raises(Refused):
        actions.sign_in_as_demo(ANONYMOUS, make_account("hoa"))


def test_a_guarded_question_shuts_after_its_tries_and_success_costs_nothing():
    for succeeded in (True, False, True, False):
        with queries.guarded("look_up", "10.0.0.1", 2) as door:
            door.succeeded = succeeded
    with pytest.raises(Refused, match="15 phút"), queries.guarded("look_up", "10.0.0.1", 2):
        pytest.fail("the door was open")
    with queries.guarded("look_up", "10.0.0.2", 2) as door:
        door.succeeded = True
