"""What a page may promise: a link is offered to whoever may open what lies behind it."""

from uuid import uuid4

import pytest

from xaso.core.access import ANONYMOUS
from xaso.core.screens import may_open

pytestmark = pytest.mark.django_db


def test_an_address_is_for_whoever_has_its_permission_there(an, tam, son, ngu_kien):
    file = f"/tep/{uuid4()}/?tai=1"
    assert may_open(an, file, on=ngu_kien)
    assert not may_open(tam, file, on=ngu_kien), "an officer of another commune"
    assert not may_open(son, file, on=ngu_kien), "the province looks after the work, not into the papers"
    assert not may_open(ANONYMOUS, file, on=ngu_kien)


def test_a_public_address_is_for_everybody(ngu_kien):
    assert may_open(ANONYMOUS, "/portal/procedures/?q=khai+sinh", on=ngu_kien)


@pytest.mark.parametrize("address", ["/khong-co-trang-nay/", "", "https://example.com/x", "/static/xaso.css"])
def test_what_is_no_page_of_ours_is_for_nobody(an, ngu_kien, address):
    assert not may_open(an, address, on=ngu_kien)
