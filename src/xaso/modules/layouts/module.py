"""What layouts offers to the faces."""

from xaso.kit.module import MenuItem, Module
from xaso.modules.layouts.definitions import load_declared

MODULE = Module(
    "layouts",
    "Thể thức văn bản",
    menu=(MenuItem("desk", "Kiểm tra thể thức", "desk-layouts:check", "layouts.check", "check", 58),),
    content=(load_declared,),
)
