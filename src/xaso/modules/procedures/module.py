"""Danh mục thủ tục: residents find a service; officers keep the catalogue right."""

from xaso.core.access import PUBLIC
from xaso.kit.module import MenuItem, Module
from xaso.modules.procedures.jobs import load_declared
from xaso.modules.procedures.screens import desk, portal

MODULE = Module(
    "procedures",
    "Danh mục thủ tục",
    menu=(
        MenuItem("portal", "Tìm thủ tục", "portal-procedures:index", PUBLIC, "search", 10),
        MenuItem("desk", "Danh mục thủ tục", "desk-procedures:index", "procedures.view", "list", 70),
    ),
    content=(load_declared,),
    slots={"portal.home": (portal.home_part,), "desk.work": (desk.work_part,)},
)
