"""Input of the pages. Checks shape only; what is allowed is asked of the actions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from django import forms

from xaso.core.accounts.models import Post
from xaso.kit.fold import fold, tidy
from xaso.modules.incoming import rules
from xaso.modules.incoming.actions import Due, Registration, Remark, Stub
from xaso.modules.incoming.definitions import desk
from xaso.modules.incoming.models import Document
from xaso.modules.incoming.queries.people import chosen, titled
from xaso.modules.layouts import queries as layouts
from xaso.ui.forms import DayField, name_input

NOT_YET, NOBODY, ANYBODY = "-", "-", ""
Choices = list[tuple[Any, str]]


@cache
def kinds() -> dict[str, str]:
    """code → title of the kinds a document can be of."""
    return {kind.code: kind.title for kind in layouts.kinds().values()}


def kind_named(abbreviation: str) -> str:
    """The code of the kind whose symbol begins so, or of a công văn; empty when nothing is known."""
    if not abbreviation:
        return ""
    for kind in layouts.kinds().values():
        if kind.abbreviation and fold(kind.abbreviation) == fold(abbreviation):
            return kind.code
    return next((kind.code for kind in layouts.kinds().values() if not kind.abbreviation), "")


def _due_fields() -> dict[str, forms.Field]:
    days = forms.IntegerField(label="Hạn xử lý (số ngày làm việc)", required=False, min_value=1, max_value=365)
    return {"days": days, "due_on": DayField(label="Hoặc hạn đến ngày", required=False)}


class _Documented(forms.Form):
    """What identifies a document, as its issuer wrote it."""

    code = forms.CharField(
        label="Số, ký hiệu", required=False, max_length=100, help_text="Ví dụ 12/QĐ-UBND. Gõ cả số và ký hiệu."
    )
    dated_on = DayField(label="Ngày văn bản", required=False)
    issuer = forms.CharField(label="Cơ quan ban hành", max_length=200, widget=forms.TextInput({"list": "noi-gui"}))
    pages = forms.IntegerField(label="Số trang", required=False, min_value=1, max_value=20000)

    @property
    def numbered(self) -> tuple[str, str]:
        number, symbol = rules.split_number(self.cleaned_data["code"])
        return number[:40], symbol[:60]


class RegistrationForm(_Documented):
    """A line of the book. The order of the fields is the order in which a clerk reads a document."""

    kind = forms.ChoiceField(label="Loại văn bản", required=False)
    subject = forms.CharField(
        label="Trích yếu", max_length=1000, widget=forms.Textarea({"rows": 3}), help_text="Văn bản nói về việc gì."
    )
    signer = forms.CharField(label="Người ký", required=False, max_length=120, widget=name_input(list="nguoi-ky"))
    signer_title = forms.CharField(label="Chức vụ người ký", required=False, max_length=120)
    urgency = forms.TypedChoiceField(label="Độ khẩn", choices=Document.Urgency.choices, coerce=int, initial=0)
    is_paper = forms.BooleanField(label="Bản gốc là giấy", required=False)
    book = forms.ChoiceField(label="Sổ")
    leader = forms.ChoiceField(label="Trình", required=False)

    def __init__(self, *args: Any, leaders: Sequence[Post] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.leaders = leaders
        self.fields["kind"].choices = [("", "Theo ký hiệu"), *kinds().items()]
        self.fields["book"].choices = [(one.code, one.name) for one in desk().open_books]
        people: Choices = [(str(one.uuid), titled(one)) for one in leaders]
        self.fields["leader"].choices = [(ANYBODY, "Lãnh đạo nào xem trước"), *people, (NOT_YET, "Chưa trình")]
        self.fields |= _due_fields()
        self.fields["code"].widget.attrs["autofocus"] = True

    def given(self) -> Registration:
        data = self.cleaned_data
        number, symbol = self.numbered
        return Registration(
            book=data["book"],
            issuer=data["issuer"],
            subject=data["subject"],
            number=number,
            symbol=symbol,
            dated_on=data["dated_on"],
            kind=data["kind"] or kind_named(rules.abbreviation_of(symbol)),
            signer=data["signer"],
            signer_title=data["signer_title"],
            urgency=data["urgency"],
            pages=data["pages"],
            is_paper=data["is_paper"],
            due=Due(data["days"], data["due_on"]),
        )

    @property
    def shows(self) -> bool:
        return self.cleaned_data.get("leader") != NOT_YET

    def leader_chosen(self) -> Post | None:
        return next(iter(chosen(self.leaders, [self.cleaned_data.get("leader", "")])), None)


def written(document: Document) -> dict[str, Any]:
    """A document as the registration form shows it."""
    return {
        "code": document.signed_as, "dated_on": document.dated_on, "issuer": document.issuer, "kind": document.kind,
        "subject": document.subject, "signer": document.signer, "signer_title": document.signer_title,
        "urgency": document.urgency, "pages": document.pages, "is_paper": document.is_paper,
        "book": document.book or desk().open_books[0].code, "due_on": document.asked_due_on,
    }  # fmt: skip


class AmendForm(RegistrationForm):
    """The line corrected, with the reason."""

    reason = forms.CharField(label="Lý do sửa", max_length=300)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["book"], self.fields["leader"]

    def given(self) -> Registration:
        self.cleaned_data["book"] = ""
        return super().given()


class StubForm(_Documented):
    """The one line of a document under secrecy."""

    secrecy = forms.ChoiceField(label="Độ mật", choices=[pair for pair in Document.Secrecy.choices if pair[0]])

    field_order = ("secrecy", "code", "dated_on", "issuer", "pages")

    def given(self) -> Stub:
        data = self.cleaned_data
        return Stub(data["secrecy"], data["issuer"], *self.numbered, data["dated_on"], data["pages"])


class RemarkForm(forms.Form):
    """Bút phê on one page: words, people, days."""

    text = forms.CharField(label="Bút phê", required=False, max_length=2000, widget=forms.Textarea({"rows": 3}))
    lead = forms.ChoiceField(
        label="Chủ trì",
        error_messages={"required": "Hãy chọn người chủ trì, hoặc chọn “Không giao”."},
    )
    days = forms.ChoiceField(label="Hạn xử lý", required=False, widget=forms.RadioSelect)
    due_on = DayField(label="Hoặc hạn đến ngày", required=False)
    support = forms.MultipleChoiceField(label="Phối hợp", required=False, widget=forms.CheckboxSelectMultiple)
    know = forms.MultipleChoiceField(label="Để biết", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, posts: Sequence[Post], **options: Any) -> None:
        super().__init__(*args, **options)
        self.posts = posts
        people: Choices = [(str(one.uuid), titled(one)) for one in posts]
        self.fields["lead"].choices = [("", "Chọn một người"), *people, (NOBODY, "Không giao, chỉ để biết và lưu")]
        self.fields["support"].choices = people
        self.fields["know"].choices = people
        spans: Choices = [(str(days), f"{days} ngày làm việc") for days in desk().spans]
        self.fields["days"].choices = [*spans, ("", "Giữ hạn đang có")]

    def given(self) -> Remark:
        data = self.cleaned_data
        lead = next(iter(chosen(self.posts, [data["lead"]])), None)
        days = int(data["days"]) if data["days"] and not data["due_on"] else None
        return Remark(
            text=data["text"],
            lead=lead,
            support=chosen(self.posts, data["support"]),
            know=chosen(self.posts, data["know"]),
            due=Due(days, data["due_on"]),
        )


class ReassignForm(forms.Form):
    lead = forms.ChoiceField(label="Người chủ trì mới")
    reason = forms.CharField(label="Lý do", max_length=500)

    def __init__(self, *args: Any, posts: Sequence[Post], **options: Any) -> None:
        super().__init__(*args, **options)
        self.posts = posts
        self.fields["lead"].choices = [(str(one.uuid), titled(one)) for one in posts]
        self.fields |= _due_fields()

    def due(self) -> Due:
        return Due(self.cleaned_data["days"], self.cleaned_data["due_on"])

    def lead_chosen(self) -> Post:
        return chosen(self.posts, [self.cleaned_data["lead"]])[0]


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Lý do", max_length=1000, widget=forms.Textarea({"rows": 3}))


class OpinionForm(forms.Form):
    opinion = forms.CharField(label="Ý kiến phối hợp", max_length=2000, widget=forms.Textarea({"rows": 4}))


class FinishForm(forms.Form):
    outcome = forms.ChoiceField(
        label="Kết thúc thế nào?",
        widget=forms.RadioSelect,
        choices=[
            ("handled", "Đã xử lý xong, không phải trả lời bằng văn bản"),
            ("answered", "Đã trả lời bằng văn bản phát hành ngoài hệ thống"),
            ("no_answer", "Không phải xử lý, không phải trả lời"),
        ],
    )
    note_text = forms.CharField(
        label="Kết quả, hoặc số và ngày văn bản trả lời", required=False, max_length=1000,
        widget=forms.Textarea({"rows": 3}),
    )  # fmt: skip


class AnswerForm(forms.Form):
    kind = forms.ChoiceField(label="Loại văn bản trả lời")
    subject = forms.CharField(label="Trích yếu", max_length=400)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = list(kinds().items())


STANDINGS: Choices = [
    ("", "Tất cả"), ("open", "Chưa xong"), ("waiting", "Chờ đăng ký"), ("shown", "Chờ trình, chờ bút phê"),
    ("working", "Đang có người xử lý"), ("late", "Quá hạn"), ("done", "Hoàn thành"), ("ended", "Đã kết thúc"),
]  # fmt: skip


class FilterForm(forms.Form):
    standing = forms.ChoiceField(label="Tình trạng", required=False, choices=STANDINGS)
    urgency = forms.ChoiceField(label="Độ khẩn", required=False, choices=[("", "Tất cả"), *Document.Urgency.choices])
    since = DayField(label="Đến từ ngày", required=False)
    until = DayField(label="Đến ngày", required=False)
    q = forms.CharField(label="Số", required=False, max_length=100, widget=forms.HiddenInput)

    def asked(self) -> dict[str, Any]:
        """What is filtered by; a field with a mistake filters nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}

    def clean_q(self) -> str:
        return tidy(self.cleaned_data["q"])
