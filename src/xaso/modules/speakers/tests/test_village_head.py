"""What a village head meets between the sign-in and the broadcast."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache

from xaso.modules.speakers.tests.conftest import NOW

pytestmark = pytest.mark.django_db
PAGE = "/desk/speakers/thon/"


def test_the_first_page_leads_to_the_villages_loudspeakers_and_shows_no_dossiers(bay, browser_of):
    shown = browser_of(bay).get("/desk/").content.decode()
    assert f'href="{PAGE}"' in shown.split("<main", 1)[1]
    assert "Mới nộp, chờ tiếp nhận" not in shown


def test_who_handles_dossiers_finds_them_still_and_no_village(an, browser_of):
    shown = browser_of(an).get("/desk/").content.decode()
    assert "Quá hạn" in shown
    assert PAGE not in shown


@pytest.mark.parametrize(("hours", "is_offered"), [(0, True), (11, True), (12, False)])
def test_today_is_offered_while_an_hour_of_it_is_left(bay, browser_of, hours, is_offered):
    """At 09:00, 20:00 and 21:00."""
    with time_machine.travel(NOW + timedelta(hours=hours), tick=False):
        shown = browser_of(bay).get(PAGE).content.decode()
    assert ("Hôm nay, 20/11" in shown) == is_offered
    assert "Ngày mai, 21/11" in shown


def test_the_place_is_named_once(bay, village, browser_of):
    assert "Phát loa Thôn Đồng Mới" in browser_of(bay).get(PAGE).content.decode()
    type(village).objects.filter(pk=village.pk).update(name="Đông")
    cache.clear()  # a unit's row is kept for a minute
    assert "Phát loa thôn Đông" in browser_of(bay).get(PAGE).content.decode()
