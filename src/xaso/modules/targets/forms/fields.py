"""Inputs a Vietnamese writer expects: 98,6 and 1.412 and 90.000.000."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms

from xaso.core.accounts.models import Post
from xaso.kit.fold import tidy
from xaso.ui.forms import money_input

_GROUPED = re.compile(r"\d{1,3}(\.\d{3})+(,\d{1,4})?")
_PLAIN = re.compile(r"\d{1,15}([.,]\d{1,4})?")


class NumberField(forms.Field):
    """1.412 is one thousand four hundred and twelve; 98,6 and 98.6 are the same."""

    def __init__(self, **options: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off", "maxlength": 20}
        options.setdefault("widget", forms.TextInput(attrs=attrs))
        super().__init__(**options)

    def to_python(self, value: Any) -> Decimal | None:
        text = re.sub(r"[\s%]", "", str(value or ""))
        if not text:
            return None
        if _GROUPED.fullmatch(text):
            return Decimal(text.replace(".", "").replace(",", "."))
        if not _PLAIN.fullmatch(text):
            raise forms.ValidationError("Ghi một số, ví dụ 98,6 hoặc 1.412.")
        return Decimal(text.replace(",", "."))

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}".replace(".", ",") if isinstance(value, Decimal) else value


class MoneyField(forms.Field):
    """90.000.000 → 90000000"""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", money_input(maxlength=20))
        super().__init__(**options)

    def to_python(self, value: Any) -> int | None:
        text = re.sub(r"[\s.,]|đồng|đ", "", str(value or ""))
        if not text:
            return None
        if not re.fullmatch(r"\d{1,13}", text):
            raise forms.ValidationError("Ghi số tiền bằng chữ số, ví dụ 90.000.000.")
        return int(text)


def lines_of(text: str) -> list[str]:
    """One name per line."""
    return [name for line in text.splitlines() if (name := tidy(line))]


def post_label(post: Post) -> str:
    return f"{post.account.person.full_name} – {post.title}" if post.title else post.account.person.full_name


class PostField(forms.ChoiceField):
    """Somebody of the unit. The form gives `posts`; what comes out is the post or None."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.posts: dict[str, Post] = {}

    def offer(self, posts: list[Post], empty: str = "Chưa giao") -> None:
        self.posts = {str(post.uuid): post for post in posts}
        self.choices = [("", empty), *((key, post_label(post)) for key, post in self.posts.items())]

    def clean(self, value: Any) -> Post | None:
        return self.posts.get(str(super().clean(value) or ""))


class PostsField(forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.posts: dict[str, Post] = {}

    def offer(self, posts: list[Post]) -> None:
        self.posts = {str(post.uuid): post for post in posts}
        self.choices = [(key, post_label(post)) for key, post in self.posts.items()]

    def clean(self, value: Any) -> list[Post]:
        return [self.posts[key] for key in super().clean(value)]
