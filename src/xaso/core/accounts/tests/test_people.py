from datetime import date

import pytest

from xaso.core.access import SYSTEM
from xaso.core.accounts import actions, queries
from xaso.core.accounts.actions import Profile
from xaso.core.accounts.models import Account, Person, Post
from xaso.core.accounts.queries import actor_of
from xaso.core.accounts.tests.cast import LONG_AGO
from xaso.core.audit.models import Entry
from xaso.kit.errors import Forbidden, Refused

pytestmark = pytest.mark.django_db
BORN = date(1985, 3, 8)


def account_of(actor) -> Account:
    return Account.objects.select_related("person").get(pk=actor.account_id)


@pytest.fixture
def newcomer():
    person = Person.objects.create(full_name="", folded_name="", phone="0987654321")
    account = Account(username="nd-1", person=person, phone="0987654321")
    account.set_unusable_password()
    account.save()
    return actor_of(account.pk)


def test_a_resident_completes_the_own_profile(newcomer):
    profile = Profile("  Nguyễn   Thị Đào ", "026185009999", BORN, "", "Thôn Ngoài", "dao@example.vn")
    person = actions.complete_profile(newcomer, account_of(newcomer), profile)
    assert (person.full_name, person.folded_name, person.sex) == ("Nguyễn Thị Đào", "nguyen thi dao", "female")
    entry = Entry.objects.get(verb="accounts.complete_profile")
    assert "personal_id" in entry.details["changed"]
    assert "026185009999" not in str(entry.details)


def test_an_id_of_eleven_digits_is_refused_and_nothing_changes(newcomer):
    with pytest.raises(Refused, match="bạn đã nhập 11"):
        actions.complete_profile(newcomer, account_of(newcomer), Profile("Đào", "02618500999", BORN))
    assert account_of(newcomer).person.full_name == ""


def test_an_id_of_another_account_cannot_be_claimed(newcomer, lan):
    with pytest.raises(Refused, match="tài khoản khác"):
        actions.complete_profile(newcomer, account_of(newcomer), Profile("Nguyễn Thị Lan", "026185001234", BORN))


def met_at_counter(phone: str) -> Person:
    return actions.know_person(Profile("Nguyễn Thị Đào", "026185009999", BORN), phone)


def test_a_person_met_at_the_counter_is_joined_when_phone_and_name_agree(newcomer):
    known = met_at_counter("0987654321")
    actions.complete_profile(newcomer, account_of(newcomer), Profile("Nguyễn Thị Đào", "026185009999", BORN))
    assert account_of(newcomer).person == known
    assert actor_of(newcomer.account_id).person_id == known.pk


@pytest.mark.parametrize(
    ("phone", "name"), [("0911111111", "Nguyễn Thị Đào"), ("0987654321", "Nguyễn Thị Mận"), ("", "Nguyễn Thị Đào")]
)
def test_knowing_somebodys_id_does_not_open_what_is_theirs(newcomer, phone, name):
    met_at_counter(phone)
    with pytest.raises(Refused, match="Bộ phận Một cửa"):
        actions.complete_profile(newcomer, account_of(newcomer), Profile(name, "026185009999", BORN))
    assert account_of(newcomer).person.personal_id is None


def test_a_declared_id_stays(lan):
    with pytest.raises(Refused, match="không đổi được"):
        actions.complete_profile(lan, account_of(lan), Profile("Nguyễn Thị Lan", "026185009999", BORN))
    with pytest.raises(Refused, match="không đổi được"):
        actions.complete_profile(lan, account_of(lan), Profile("Nguyễn Thị Lan", "", BORN))


def test_nobody_fills_anothers_profile(lan, nam):
    with pytest.raises(Forbidden):
        actions.complete_profile(nam, account_of(lan), Profile("X Y", "026185001234", BORN))


def test_a_person_is_known_once():
    first = met_at_counter("0987654321")
    again = actions.know_person(Profile("Tên Khác", "026185009999", BORN), "0911111111")
    assert first == again
    assert again.full_name == "Nguyễn Thị Đào"
    assert actions.know_person(Profile("Không Giấy")) != actions.know_person(Profile("Không Giấy"))


def test_a_password_is_set_once_and_changed_with_the_old_one(lan):
    account = account_of(lan)
    actions.change_password(lan, account, "", "mật khẩu thứ nhất")
    assert account.check_password("mật khẩu thứ nhất")
    with pytest.raises(Refused, match="hiện tại không đúng"):
        actions.change_password(lan, account, "sai", "mật khẩu thứ hai")
    actions.change_password(lan, account, "mật khẩu thứ nhất", "mật khẩu thứ hai")
    assert account_of(lan).check_password("mật khẩu thứ hai")
    assert not Entry.objects.filter(details__icontains="mật khẩu thứ").exists()


@pytest.mark.parametrize("weak", ["ngắn", "12345678901", "password123"])
def test_a_weak_password_is_refused(lan, weak):
    with pytest.raises(Refused):
        actions.change_password(lan, account_of(lan), "", weak)
    assert not account_of(lan).has_usable_password()


def test_ended_sessions_are_worth_nothing(lan):
    account = account_of(lan)
    assert actor_of(account.pk, epoch=account.session_epoch).is_signed_in
    old = account.session_epoch
    actions.end_sessions(lan, account)
    assert not actor_of(account.pk, epoch=old).is_signed_in
    assert actor_of(account.pk, epoch=account.session_epoch).is_signed_in


def test_closing_an_account_frees_the_phone_and_ends_its_keys(lan):
    account = account_of(lan)
    phone = account.phone
    actions.close_account(lan, account)
    assert not actor_of(account.pk).is_signed_in
    assert not Account.objects.filter(phone=phone).exists()
    assert Person.objects.filter(pk=account.person_id).exists()


def test_an_officer_in_post_cannot_close_the_account(minh):
    with pytest.raises(Refused, match="chức danh"):
        actions.close_account(minh, account_of(minh))


def test_a_token_ends_with_its_account(lan, ngu_kien):
    account = account_of(lan)
    post = Post.objects.create(
        account=account, unit=ngu_kien, unit_path=ngu_kien.path, role="partner", valid_from=LONG_AGO
    )
    _, key = actions.make_token(SYSTEM, ngu_kien, account=account, name="Máy", scopes=["dossiers.view"])
    assert queries.actor_of_token(key)
    actions.end_post(SYSTEM, post, last_day=date(2021, 1, 1))
    actions.close_account(lan, account)
    assert queries.actor_of_token(key) is None
