from datetime import date, timedelta

import pytest
import time_machine

from xaso.core.access import SYSTEM
from xaso.core.accounts import actions, queries
from xaso.core.accounts.models import Account, Post
from xaso.core.accounts.queries import actor_of, actor_of_token
from xaso.core.accounts.tests.cast import LONG_AGO, make_account
from xaso.core.audit.models import Entry
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Forbidden, Refused

pytestmark = pytest.mark.django_db
NOON = "2026-11-23 05:00:00+00:00"
TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _a_day():
    with time_machine.travel(NOON, tick=False):
        yield


def account_of(actor) -> Account:
    return Account.objects.select_related("person").get(pk=actor.account_id)


def test_a_post_counts_from_its_first_day_to_its_last(quan, lan, ngu_kien):
    account = account_of(lan)
    first, last = TODAY + timedelta(days=1), TODAY + timedelta(days=3)
    actions.appoint(quan, ngu_kien, account=account, role="reception", valid_from=first, valid_to=last)
    seen = []
    for days in range(5):
        with time_machine.travel(clock.now() + timedelta(days=days), tick=False):
            seen.append(actor_of(account.pk).may("dossiers.accept"))
    assert seen == [False, True, True, True, False]


def test_the_day_turns_in_vietnam(quan, lan, ngu_kien):
    account = account_of(lan)
    actions.appoint(quan, ngu_kien, account=account, role="reception", valid_from=TODAY, valid_to=TODAY)
    with time_machine.travel("2026-11-23 16:59:59+00:00", tick=False):
        assert actor_of(account.pk).is_officer
    with time_machine.travel("2026-11-23 17:00:01+00:00", tick=False):
        assert not actor_of(account.pk).is_officer


def test_no_rights_are_left_in_a_unit_that_has_ended(minh, ngu_kien):
    Unit.objects.filter(pk=ngu_kien.pk).update(valid_to=TODAY - timedelta(days=1))
    assert not actor_of(minh.account_id).is_officer
    assert queries.officers_of(ngu_kien.path, "reception") == []
    Unit.objects.filter(pk=ngu_kien.pk).update(valid_to=TODAY)
    assert actor_of(minh.account_id).is_officer


def test_nobody_is_appointed_in_a_dead_unit(quan, lan, ngu_kien):
    ngu_kien.valid_to = TODAY - timedelta(days=1)
    ngu_kien.save()
    with pytest.raises(Refused, match="đã kết thúc"):
        actions.appoint(quan, ngu_kien, account=account_of(lan), role="reception", valid_from=TODAY)


def test_an_administrator_appoints_only_in_the_own_unit(quan, lan, lien_chau):
    with pytest.raises(Forbidden):
        actions.appoint(quan, lien_chau, account=account_of(lan), role="reception", valid_from=TODAY)
    assert Entry.objects.filter(verb="accounts.appoint", outcome="denied").exists()


@pytest.mark.parametrize("role", ["catalogue", "resident", "anyone", "nothing"])
def test_roles_that_reach_everywhere_are_not_the_units_to_give(quan, lan, ngu_kien, role):
    with pytest.raises(Refused, match="không giao được"):
        actions.appoint(quan, ngu_kien, account=account_of(lan), role=role, valid_from=TODAY)


def test_nobody_appoints_oneself(quan, ngu_kien):
    with pytest.raises(Refused, match="cho mình"):
        actions.appoint(quan, ngu_kien, account=account_of(quan), role="leader", valid_from=TODAY)


def test_the_same_post_is_not_held_twice_at_once(quan, minh, ngu_kien):
    with pytest.raises(Refused, match="đã giữ"):
        actions.appoint(quan, ngu_kien, account=account_of(minh), role="reception", valid_from=TODAY)
    actions.appoint(quan, ngu_kien, account=account_of(minh), role="clerk", valid_from=TODAY)


def test_an_appointed_officer_must_add_a_second_factor(quan, lan, ngu_kien):
    actions.appoint(quan, ngu_kien, account=account_of(lan), role="reception", valid_from=TODAY)
    assert queries.needs_second_factor(account_of(lan))


def test_an_ended_post_ends_its_stand_ins(quan, minh, an, ngu_kien):
    post = Post.objects.get(account_id=minh.account_id)
    stand_in = actions.substitute(
        quan, post, account=account_of(an), valid_from=TODAY, valid_to=TODAY + timedelta(days=9)
    )
    assert actor_of(an.account_id).may("dossiers.accept", on=stand_in)
    actions.end_post(quan, post, last_day=TODAY)
    with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
        assert not actor_of(minh.account_id).is_officer
        assert not actor_of(an.account_id).may("dossiers.accept")
    with pytest.raises(Refused, match="đã kết thúc"):
        actions.end_post(quan, post, last_day=TODAY + timedelta(days=5))


def test_a_post_that_never_began_leaves_no_day_of_rights(quan, lan, ngu_kien):
    post = actions.appoint(
        quan, ngu_kien, account=account_of(lan), role="reception", valid_from=TODAY + timedelta(days=5)
    )
    actions.end_post(quan, post, last_day=TODAY)
    assert not actor_of(lan.account_id).is_officer
    assert not Post.objects.filter(account_id=lan.account_id).exists()


def test_a_stand_in_is_a_colleague_within_the_officers_period(quan, minh, lan, ngu_kien, tam):
    post = Post.objects.get(account_id=minh.account_id)
    week = {"valid_from": TODAY, "valid_to": TODAY + timedelta(days=7)}
    for stranger in (lan, tam):
        with pytest.raises(Refused, match="cùng đơn vị"):
            actions.substitute(quan, post, account=account_of(stranger), **week)
    with pytest.raises(Refused, match="người khác"):
        actions.substitute(quan, post, account=account_of(minh), **week)
    post.valid_to = TODAY + timedelta(days=3)
    post.save()
    other = make_account("an")
    Post.objects.create(account=other, unit=ngu_kien, unit_path=ngu_kien.path, role="handler", valid_from=LONG_AGO)
    with pytest.raises(Refused, match="trong thời gian"):
        actions.substitute(quan, post, account=other, **week)


def test_a_new_officer_gets_a_password_once(quan, ngu_kien):
    account, password = actions.open_officer(
        quan, ngu_kien, "Minh.Le", "Lê Quang Minh", "0977000111", role="handler", valid_from=TODAY
    )
    assert account.username == "minh.le"
    assert account.check_password(password)
    assert account.second_factor_required
    assert actor_of(account.pk).is_officer
    assert not Entry.objects.filter(details__icontains=password).exists()
    with pytest.raises(Refused, match="đã có"):
        actions.open_officer(quan, ngu_kien, "minh.le", "Người Khác", role="handler", valid_from=TODAY)


def test_opening_for_a_known_phone_does_not_take_the_account_over(quan, lan, ngu_kien):
    before = account_of(lan).password
    account, password = actions.open_officer(
        quan, ngu_kien, "lan.moi", "Ai Đó", account_of(lan).phone, role="handler", valid_from=TODAY
    )
    assert (account.pk, password) == (lan.account_id, "")
    assert account_of(lan).password == before
    with pytest.raises(Refused, match="tự đặt mật khẩu"):
        actions.renew_password(quan, Post.objects.get(account=account))


def test_a_refused_post_opens_no_account(quan, ngu_kien):
    with pytest.raises(Refused):
        actions.open_officer(quan, ngu_kien, "moi.moi", "Người Mới", role="catalogue", valid_from=TODAY)
    assert not Account.objects.filter(username="moi.moi").exists()


def test_a_renewed_password_ends_the_sessions(quan, ngu_kien):
    account, old = actions.open_officer(quan, ngu_kien, "abc", "Người Mới", role="handler", valid_from=TODAY)
    new = actions.renew_password(quan, Post.objects.get(account=account))
    fresh = Account.objects.get(pk=account.pk)
    assert fresh.check_password(new)
    assert not fresh.check_password(old)
    assert not actor_of(account.pk, epoch=account.session_epoch).is_signed_in


@pytest.fixture
def machine(quan, ngu_kien) -> Account:
    account, _ = actions.open_officer(quan, ngu_kien, "may-ket-noi", "Hệ thống A", role="partner", valid_from=TODAY)
    return account


def test_a_machines_key_gives_only_its_scopes_and_is_kept_as_a_digest(quan, machine, ngu_kien, lien_chau):
    token, key = actions.make_token(quan, ngu_kien, account=machine, name="Cổng A", scopes=["dossiers.view"])
    actor = actor_of_token(key)
    assert actor.kind == "machine"
    assert actor.may("dossiers.view", on=ngu_kien)
    assert not actor.may("dossiers.view", on=lien_chau)
    assert not actor.may("dossiers.accept")
    assert key not in str(token.__dict__)
    assert not Entry.objects.filter(details__icontains=key).exists()


def test_a_key_cannot_do_more_than_its_account(quan, machine, ngu_kien):
    with pytest.raises(Refused, match=r"dossiers\.sign_result"):
        actions.make_token(quan, ngu_kien, account=machine, name="A", scopes=["dossiers.view", "dossiers.sign_result"])
    with pytest.raises(Refused, match="chưa chọn"):
        actions.make_token(quan, ngu_kien, account=machine, name="A", scopes=[])


def test_an_administrator_cannot_make_a_key_that_acts_as_a_colleague(quan, hoa, ngu_kien):
    with pytest.raises(Refused, match="chính bạn"):
        actions.make_token(quan, ngu_kien, account=account_of(hoa), name="A", scopes=["dossiers.sign_result"])


def test_a_revoked_or_expired_key_opens_nothing(quan, machine, ngu_kien):
    token, key = actions.make_token(quan, ngu_kien, account=machine, name="A", scopes=["dossiers.view"])
    _, short = actions.make_token(quan, ngu_kien, account=machine, name="B", scopes=["dossiers.view"], valid_to=TODAY)
    actions.revoke_token(quan, token)
    assert actor_of_token(key) is None
    with pytest.raises(Refused, match="thu hồi"):
        actions.revoke_token(quan, token)
    assert actor_of_token(short)
    with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
        assert actor_of_token(short) is None
    assert actor_of_token("xs_nonsense") is None


def test_a_key_of_another_unit_cannot_be_revoked(machine, quan, ngu_kien, lien_chau):
    token, _ = actions.make_token(quan, ngu_kien, account=machine, name="A", scopes=["dossiers.view"])
    stranger = make_account("son")
    Post.objects.create(
        account=stranger, unit=lien_chau, unit_path=lien_chau.path, role="unit_admin", valid_from=LONG_AGO
    )
    with pytest.raises(Forbidden):
        actions.revoke_token(actor_of(stranger.pk), token)


def test_who_is_asking_costs_one_statement(minh, django_assert_num_queries):
    with django_assert_num_queries(1):
        actor_of(minh.account_id, epoch=0)


def test_the_system_may_appoint_to_any_role(lan, province):
    actions.appoint(SYSTEM, province, account=account_of(lan), role="catalogue", valid_from=TODAY)
    assert actor_of(lan.account_id).may("procedures.import")


def test_an_officer_works_where_the_first_post_is_or_where_a_post_gives_the_permission(minh, ngu_kien, lien_chau):
    Post.objects.create(
        account_id=minh.account_id, unit=lien_chau, unit_path=lien_chau.path, role="clerk", valid_from=TODAY
    )
    by = actor_of(minh.account_id)
    assert queries.own_unit(by) == ngu_kien
    assert queries.own_unit(by, "dossiers.receive") == ngu_kien
    assert queries.own_unit(by, "incoming.take_in") == lien_chau


def test_whoever_holds_no_post_there_is_told_whom_to_ask(lan, minh):
    for by, permission in ((lan, ""), (SYSTEM, ""), (lan, "incoming.take_in"), (minh, "incoming.take_in")):
        with pytest.raises(Refused) as refusal:
            queries.own_unit(by, permission)
        assert refusal.value.message == (
            "Tài khoản của bạn chưa giữ chức danh ở đơn vị nào. Hãy liên hệ người quản trị."
        )
