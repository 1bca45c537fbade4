"""Filing anew: all of it, once, in pieces, from where it stopped."""

import pytest
from django.core.management import call_command

from xaso.core.accounts import actions as accounts
from xaso.core.accounts.actions import Profile
from xaso.core.accounts.models import Account, Person, Post
from xaso.core.accounts.queries import actor_of
from xaso.core.outbox.actions import deliver_all
from xaso.core.search import feeds, refilling
from xaso.core.search.feeds import Feed, Item
from xaso.core.search.models import Entry, Feeding
from xaso.core.search.queries import find
from xaso.core.search.tests.filing import START
from xaso.kit import clock

pytestmark = pytest.mark.django_db
POSTS = "accounts.Post"


def titles(by, words):
    return [row.title for row in find(by, words).rows]


@pytest.fixture
def people(monkeypatch):
    """A feed of persons, in pieces of three; those named "ẩn" are not to be found."""

    def item(person):
        shown = Item(person, "dossiers.view", "26.", person.full_name, "", "/x/", START)
        return None if person.full_name.startswith("ẩn") else shown

    monkeypatch.setattr(refilling, "PIECE", 3)
    monkeypatch.setattr(feeds, "_own", [])
    feeds.declare(Feed("accounts.Person", "Người", Person.objects.all, item, ("dossiers.view",)))


def persons(count, name="Người"):
    return Person.objects.bulk_create([Person(full_name=f"{name} {n}", folded_name="") for n in range(count)])


def of_people():
    return Entry.objects.filter(model="accounts.Person")


def test_everything_is_filed_and_a_second_time_nothing_is_done(people, django_assert_max_num_queries):
    persons(8)
    refilling.refill()
    assert of_people().count() == 8
    assert Feeding.objects.get(model="accounts.Person").done_at
    with django_assert_max_num_queries(1):
        assert refilling.refill() == 0


def test_it_goes_on_where_it_stopped(people):
    persons(8)
    refilling.refill(seconds=0)
    assert of_people().count() == 3
    refilling.refill(seconds=0)
    assert of_people().count() == 6
    refilling.refill()
    assert of_people().count() == 8


def test_anew_mends_what_is_wrong(people):
    made = persons(4)
    refilling.refill()
    Entry.objects.filter(subject=f"accounts.Person:{made[0].pk}").update(title="sai", digest="")
    Entry.objects.filter(subject=f"accounts.Person:{made[1].pk}").delete()
    Person.objects.filter(pk=made[2].pk).delete()
    Person.objects.filter(pk=made[3].pk).update(full_name="ẩn")
    refilling.refill(anew=True)
    assert {one.title for one in of_people()} == {"Người 0", "Người 1"}


def test_a_new_version_of_a_feed_is_filed_anew(people, monkeypatch):
    persons(2)
    refilling.refill()
    Entry.objects.all().delete()
    monkeypatch.setattr(feeds, "_own", [Feed(**{**_parts(feeds._own[0]), "version": 2})])
    refilling.refill()
    assert of_people().count() == 2


def _parts(feed):
    return {name: getattr(feed, name) for name in ("model", "title", "rows", "item", "permissions", "version")}


def test_the_command(people, capsys):
    persons(2)
    call_command("reindex")
    assert "chỉ mục tìm kiếm đầy đủ" in capsys.readouterr().out
    assert of_people().count() == 2


class TestOfficers:
    def test_found_by_name_and_whole_phone_by_who_keeps_the_unit(self, quan, minh, tam, son):
        refilling.refill()
        assert titles(quan, "le van minh") == ["Lê Văn Minh"]
        assert titles(quan, "0912345603") == ["Lê Văn Minh"]
        assert titles(quan, "026088000101") == ["Lê Văn Minh"]
        assert titles(quan, "091234560") == titles(quan, "02608800010") == []
        assert titles(quan, "tam") == []
        assert titles(minh, "minh") == titles(son, "minh") == []

    def test_appointed_renamed_and_gone(self, quan, ngu_kien):
        who = ["can-bo-1", "Lê Hoàng Mới", "0912345699"]
        account, _ = accounts.open_officer(quan, ngu_kien, *who, role="clerk", valid_from=clock.today())
        deliver_all()
        assert titles(quan, "hoàng mới") == ["Lê Hoàng Mới"]
        officer = actor_of(account.pk)
        accounts.complete_profile(officer, account, Profile("Lê Hoàng Cũ"))
        deliver_all()
        assert titles(quan, "hoàng mới") == []
        assert titles(quan, "hoàng cũ") == ["Lê Hoàng Cũ"]

    def test_a_post_that_never_began_is_forgotten(self, quan, minh, ngu_kien):
        account = Account.objects.get(pk=minh.account_id)
        later = clock.today().replace(year=clock.today().year + 1, day=1)
        post = accounts.appoint(quan, ngu_kien, account=account, role="clerk", valid_from=later)
        deliver_all()
        assert Entry.objects.filter(subject=f"{POSTS}:{post.pk}").exists()
        accounts.end_post(quan, post, last_day=clock.today())
        deliver_all()
        assert not Entry.objects.filter(subject=f"{POSTS}:{post.pk}").exists()
        assert Post.objects.filter(account=account).count() == 1
