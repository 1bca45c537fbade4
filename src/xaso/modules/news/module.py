"""What news offers to the faces."""

from xaso.kit.module import MenuItem, Module
from xaso.modules.news.finding import FEED
from xaso.modules.news.screens import desk, portal

MODULE = Module(
    "news",
    "Tin bài",
    menu=(
        MenuItem("portal", "Tin của xã", "portal-news:index", "public", icon="info", order=30),
        MenuItem("desk", "Tin bài", "desk-news:index", "news.view", icon="file", order=61),
    ),
    slots={"portal.home": (portal.home_part,), "desk.work": (desk.work_part,), "search.feed": (FEED,)},
)
