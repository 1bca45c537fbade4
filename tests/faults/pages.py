"""Reads pages as a browser does: the links and the forms with what would be sent."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

WRITTEN = {"text", "search", "tel", "email", "number", "date", "time", "password", "url", "month", "datetime-local", ""}


@dataclass(slots=True)
class Form:
    """`sent`: what a browser would send as it stands; `written`: the fields a person types in; `hidden`: the others."""

    action: str
    method: str
    sent: dict[str, str] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)
    has_file: bool = False


class Page(HTMLParser):
    def __init__(self, content: str, address: str) -> None:
        super().__init__()
        self.address = address
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select = ""
        self.feed(content)

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and given.get("href", "").startswith("/"):
            self.links.append(given["href"])
        elif tag == "form":
            action = given.get("action") or self.address
            self._form = Form(action if action.startswith("/") else self.address, given.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None:
            self._field(tag, given)

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""

    def _field(self, tag, given):
        form, name = self._form, given.get("name", "")
        if tag == "option" and self._select and (self._select not in form.sent or "selected" in given):
            form.sent[self._select] = given.get("value", "")
        if tag == "select":
            self._select = name
        if not name or name == "csrfmiddlewaretoken":
            return
        if tag == "textarea":
            form.sent[name] = ""
            form.written.add(name)
        elif tag == "button" and given.get("value"):
            form.sent.setdefault(name, given["value"])
        elif tag == "input":
            self._input(form, name, given)

    def _input(self, form, name, given):
        kind = given.get("type", "")
        if kind == "file":
            form.has_file = True
        elif kind in {"radio", "checkbox"}:
            if "checked" in given or name not in form.sent:
                form.sent[name] = given.get("value", "on")
        else:
            form.sent[name] = given.get("value", "")
            (form.written if kind in WRITTEN else form.hidden).add(name)
