"""What assessments offer to the faces."""

from xaso.kit.module import MenuItem, Module
from xaso.modules.assessments.screens import portal

MODULE = Module(
    "assessments",
    "Đánh giá, xếp hạng",
    menu=(
        MenuItem("desk", "Đánh giá", "desk-assessments:index", "assessments.view", "scale", 64),
        MenuItem("portal", portal.TITLE, "portal-assessments:listed", "public", "chart", 60),
    ),
)
