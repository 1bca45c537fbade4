"""The register of pages and groups, its measures, and what happens at Zalo."""

from datetime import timedelta

import pytest

from xaso.core.access import SYSTEM
from xaso.core.measures.declaring import stock_of
from xaso.core.measures.periods import this
from xaso.core.measures.queries import by_unit
from xaso.core.outbox.actions import deliver_all
from xaso.kit import clock
from xaso.kit.errors import Forbidden, Refused
from xaso.modules.notifications.models import Message
from xaso.modules.social import queries
from xaso.modules.social.actions import register
from xaso.modules.social.tests.conftest import entry
from xaso.modules.zalo.actions import accounts
from xaso.modules.zalo.models import Account, Follower
from xaso.modules.zalo.rules import Tokens

pytestmark = pytest.mark.django_db


def group(**more):
    values = {"kind": "zalo_group", "name": "Thôn Đồng Mới", "address": "", "run_by": "Bảy", "members": 210}
    return entry(**values | more)


def test_a_village_head_writes_down_the_own_group(bay, village):
    page = register.add_page(bay, village, entry=group())
    assert (page.checked_on, page.members_on) == (clock.today(), clock.today())
    with pytest.raises(Refused, match="đã có nhóm Zalo tên"):
        register.add_page(bay, village, entry=group(name="thôn  đồng mới"))


def test_others_may_not(bay, tam, minh, ngu_kien, village):
    with pytest.raises(Forbidden):
        register.add_page(bay, ngu_kien, entry=entry())
    page = register.add_page(bay, village, entry=group())
    for stranger in (tam, minh):
        with pytest.raises(Forbidden):
            register.close_page(stranger, page)
        assert list(queries.pages(stranger)) == []


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": " "}, "tên kênh"),
        ({"run_by": ""}, "người phụ trách"),
        ({"address": "facebook.com/ngukien"}, "https://"),
        ({"address": "javascript:alert(1)"}, "https://"),
        ({"address": ""}, "phải có địa chỉ"),
        ({"members": 10**9}, "lớn quá mức"),
    ],
)
def test_what_is_wrong_is_said(phuc, ngu_kien, wrong, sentence):
    with pytest.raises(Refused, match=sentence):
        register.add_page(phuc, ngu_kien, entry=entry(**wrong))


def test_it_cannot_begin_tomorrow(phuc, ngu_kien):
    with pytest.raises(Refused, match="sau hôm nay"):
        register.add_page(phuc, ngu_kien, entry=entry(since_on=clock.today() + timedelta(days=1)))


def test_closed_it_stays_and_its_name_is_free(phuc, ngu_kien):
    page = register.close_page(phuc, register.add_page(phuc, ngu_kien, entry=entry()))
    assert page.closed_on == clock.today()
    with pytest.raises(Refused, match="đã đóng"):
        register.check_page(phuc, page, is_active=True, members=None)
    register.add_page(phuc, ngu_kien, entry=entry())
    assert queries.pages(phuc, show="closed").count() == 1


def test_what_nobody_looked_at_for_long_is_shown(phuc, ngu_kien):
    page = register.add_page(phuc, ngu_kien, entry=entry())
    assert not queries.pages(phuc, show="unchecked").exists()
    page.checked_on = clock.today() - timedelta(days=91)
    page.save()
    assert queries.pages(phuc, show="unchecked").get() == page
    register.check_page(phuc, page, is_active=False, members=900)
    assert queries.pages(phuc, show="silent").get().members == 900


def counted(key, day):
    stock = stock_of(key)
    return stock.rows(day).aggregate(n=stock.measure.counted)["n"]


def test_measures_count_what_there_was_on_a_day(phuc, bay, ngu_kien, village):
    today = clock.today()
    register.add_page(phuc, ngu_kien, entry=entry())
    register.add_page(bay, village, entry=group(since_on=today - timedelta(days=10)))
    second = register.add_page(bay, village, entry=group(name="Hội phụ nữ"))
    assert counted("social.pages", today) == 3
    assert counted("social.village_pages", today) == 2
    assert counted("social.villages_with_page", today) == 1
    assert counted("social.pages_zalo_group", today) == 2
    assert counted("social.village_pages", today - timedelta(days=20)) == 1
    register.close_page(bay, second)
    assert counted("social.village_pages", today) == 1
    assert counted("social.village_pages", today - timedelta(days=1)) == 2


def test_a_village_counts_for_its_commune(bay, village, ngu_kien, lien_chau):
    register.add_page(bay, village, entry=group())
    period = this("month")
    keys = ["social.villages_with_page", "social.village_pages"]
    assert by_unit(keys, ngu_kien.path, period) == {ngu_kien.path: dict.fromkeys(keys, 1)}
    assert by_unit(keys, lien_chau.path, period) == {}


def test_villages_without_a_page_are_listed(bay, village, ngu_kien):
    assert queries.villages_without(ngu_kien.path) == [village]
    register.add_page(bay, village, entry=group())
    assert queries.villages_without(ngu_kien.path) == []


# What happens at Zalo


@pytest.fixture
def account(quan, ngu_kien):
    return accounts.connect(quan, ngu_kien, tokens=Tokens("a", "r", 90_000), oa_id="1", name="Xã Ngũ Kiên")


def test_a_broken_chain_reaches_the_administrator_once(account, quan):
    assert accounts.break_chain(SYSTEM, account, generation=account.generation, why="Zalo không nhận mã làm mới nữa.")
    assert not accounts.break_chain(SYSTEM, account, generation=account.generation, why="Lần hai.")
    deliver_all()
    message = Message.objects.get(channel="inapp", person=quan.person_id)
    assert "Zalo không nhận mã làm mới nữa." in message.body
    assert message.link == "/desk/zalo/"


def test_followers_are_counted_in_the_register(account, phuc, ngu_kien):
    from xaso.modules.social.handlers import somebody_follows
    from xaso.modules.zalo.events import ZaloFollowed

    page = register.add_page(phuc, ngu_kien, entry=entry(kind="zalo_oa", address="https://zalo.me/1", members=None))
    for user in ("u-1", "u-2"):
        Follower.objects.create(account=Account.objects.get(), user=user)
    somebody_follows(ZaloFollowed(user="u-2", unit_path=ngu_kien.path))
    page.refresh_from_db()
    assert (page.members, page.members_on) == (2, clock.today())
