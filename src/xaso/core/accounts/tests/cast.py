"""The people of the tests. A fixture is an Actor; `account_of` gives the account to sign in with."""

from datetime import date

import pytest
from django.test import Client

from xaso.core.access import Actor
from xaso.core.accounts.middleware import ACCOUNT, DEVICE, device_of
from xaso.core.accounts.models import Account, Person, Post
from xaso.core.accounts.queries import actor_of
from xaso.core.units.models import Unit
from xaso.kit.fold import fold

LONG_AGO = date(2020, 1, 1)
PEOPLE = {
    "lan": ("Nguyễn Thị Lan", "026185001234", "0912345601"),
    "nam": ("Trần Văn Nam", "026080004321", "0912345602"),
    "minh": ("Lê Văn Minh", "026088000101", "0912345603"),
    "an": ("Phạm Thị An", "026190000102", "0912345604"),
    "thu": ("Đỗ Thị Thu", "026179000103", "0912345605"),
    "hoa": ("Vũ Thị Hoa", "026175000104", "0912345606"),
    "van": ("Bùi Thị Vân", "026192000105", "0912345607"),
    "dung": ("Hoàng Tiến Dũng", "026085000106", "0912345608"),
    "kien": ("Ngô Trung Kiên", "026083000107", "0912345609"),
    "quan": ("Đặng Minh Quân", "026090000108", "0912345610"),
    "tam": ("Lý Thị Tám", "026181000109", "0912345611"),
    "son": ("Cao Thanh Sơn", "026076000110", "0912345612"),
    "mai": ("Trịnh Thị Mai", "026189000111", "0912345613"),
    "oanh": ("Kiều Thị Oanh", "026187000112", "0912345614"),
    "binh": ("Tạ Văn Bình", "026078000113", "0912345615"),
    "cuong": ("Phùng Quốc Cường", "026070000114", "0912345616"),
    "phuc": ("Lương Hồng Phúc", "026086000115", "0912345617"),
    "bay": ("Nguyễn Văn Bảy", "026065000116", "0912345618"),
    "truc": ("Đinh Thị Trúc", "026191000117", "0912345619"),
}
ROLES = {
    "minh": "reception",
    "an": "handler",
    "thu": "head",
    "hoa": "leader",
    "van": "clerk",
    "dung": "cashier",
    "kien": "catalogue",
    "quan": "unit_admin",
    "tam": "reception",
    "son": "province",
    "mai": "focal",
    "oanh": "focal",
    "binh": "appraiser",
    "cuong": "council",
    "phuc": "broadcaster",
    "bay": "village_head",
    "truc": "duty",
}


def make_account(key: str) -> Account:
    name, personal_id, phone = PEOPLE[key]
    person = Person.objects.create(
        full_name=name, folded_name=fold(name), personal_id=personal_id, phone=phone, birth_on=date(1985, 3, 8)
    )
    account = Account(username=key, person=person, phone=phone)
    account.set_unusable_password()
    account.save()
    return account


@pytest.fixture
def province(db) -> Unit:
    return Unit.objects.create(
        code="26", name="Vĩnh Phúc", kind="province", path="26.", valid_from=LONG_AGO, agency_code="H62"
    )


@pytest.fixture
def district(province) -> Unit:
    return Unit.objects.create(
        code="252", name="Vĩnh Tường", kind="district", parent=province, path="26.252.", valid_from=LONG_AGO,
        agency_code="H62.28",
    )  # fmt: skip


@pytest.fixture
def ngu_kien(district) -> Unit:
    return Unit.objects.create(
        code="09157", name="Ngũ Kiên", kind="commune", parent=district, path="26.252.09157.", valid_from=LONG_AGO,
        agency_code="H62.28.15",
    )  # fmt: skip


@pytest.fixture
def lien_chau(district) -> Unit:
    return Unit.objects.create(
        code="09055", name="Liên Châu", kind="commune", parent=district, path="26.252.09055.", valid_from=LONG_AGO,
        agency_code="H62.27.11",
    )  # fmt: skip


@pytest.fixture
def village(ngu_kien) -> Unit:
    return Unit.objects.create(
        code="0915701", name="Thôn Đồng Mới", kind="village", parent=ngu_kien, path="26.252.09157.0915701.",
        valid_from=LONG_AGO,
    )  # fmt: skip


def _officer(key: str, unit: Unit) -> Actor:
    account = make_account(key)
    Post.objects.create(account=account, unit=unit, unit_path=unit.path, role=ROLES[key], valid_from=LONG_AGO)
    return actor_of(account.pk)


@pytest.fixture
def lan(db) -> Actor:
    return actor_of(make_account("lan").pk)


@pytest.fixture
def nam(db) -> Actor:
    return actor_of(make_account("nam").pk)


@pytest.fixture
def minh(ngu_kien) -> Actor:
    return _officer("minh", ngu_kien)


@pytest.fixture
def an(ngu_kien) -> Actor:
    return _officer("an", ngu_kien)


@pytest.fixture
def thu(ngu_kien) -> Actor:
    return _officer("thu", ngu_kien)


@pytest.fixture
def hoa(ngu_kien) -> Actor:
    return _officer("hoa", ngu_kien)


@pytest.fixture
def van(ngu_kien) -> Actor:
    return _officer("van", ngu_kien)


@pytest.fixture
def dung(ngu_kien) -> Actor:
    return _officer("dung", ngu_kien)


@pytest.fixture
def kien(ngu_kien) -> Actor:
    return _officer("kien", ngu_kien)


@pytest.fixture
def quan(ngu_kien) -> Actor:
    return _officer("quan", ngu_kien)


@pytest.fixture
def tam(lien_chau) -> Actor:
    return _officer("tam", lien_chau)


@pytest.fixture
def son(province) -> Actor:
    return _officer("son", province)


@pytest.fixture
def mai(ngu_kien) -> Actor:
    return _officer("mai", ngu_kien)


@pytest.fixture
def oanh(lien_chau) -> Actor:
    return _officer("oanh", lien_chau)


@pytest.fixture
def binh(province) -> Actor:
    return _officer("binh", province)


@pytest.fixture
def cuong(province) -> Actor:
    return _officer("cuong", province)


@pytest.fixture
def phuc(ngu_kien) -> Actor:
    return _officer("phuc", ngu_kien)


@pytest.fixture
def bay(village) -> Actor:
    return _officer("bay", village)


@pytest.fixture
def truc(ngu_kien) -> Actor:
    return _officer("truc", ngu_kien)


@pytest.fixture
def browser_of():
    """`browser_of(minh)` is a Django test client signed in as minh."""

    def sign_in(actor: Actor) -> Client:
        client = Client(headers={"user-agent": "test"})
        session = client.session
        session[ACCOUNT] = actor.account_id
        session[DEVICE] = _device()
        session.save()
        client.cookies["sessionid"] = session.session_key
        return client

    return sign_in


def _device() -> str:
    class Request:
        headers = {"User-Agent": "test"}

    return device_of(Request())
