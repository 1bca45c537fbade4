"""Input of the pages. Checks shape only; what is allowed is asked of the actions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from xaso.core.accounts.models import Post
from xaso.core.units.models import Unit
from xaso.modules.feedback.actions import Given
from xaso.modules.feedback.definitions import desk
from xaso.modules.feedback.models import Photo, Report
from xaso.modules.feedback.queries.people import chosen, titled
from xaso.modules.feedback.queries.reports import STANDINGS
from xaso.modules.feedback.rules import words
from xaso.ui.forms import name_input, phone_input

Choices = list[tuple[Any, str]]
OPEN_MAP = "Dán toạ độ từ ứng dụng bản đồ trên điện thoại, ví dụ 21.3012, 105.4821."
UNREADABLE_POINT = "Chưa đọc được toạ độ. Hãy dán hai số như 21.3012, 105.4821, hoặc bỏ trống."
NAME_FOR = [
    ("handler", "Chỉ người xử lý việc này"),
    ("office", "Mọi cán bộ của xã xem được phản ánh này"),
]
CONSENT = "Đồng ý công khai việc này trên trang của xã (không kèm tên, số điện thoại)"


class _Reported(forms.Form):
    """What is wrong and where."""

    text = forms.CharField(
        label="Có chuyện gì?", max_length=4000, widget=forms.Textarea({"rows": 5}),
        error_messages={"required": "Hãy viết việc cần phản ánh: ở đâu, có chuyện gì."},
    )  # fmt: skip
    village = forms.ChoiceField(label="Thôn, tổ dân phố", required=False)
    place = forms.CharField(
        label="Địa điểm", required=False, max_length=300, help_text="Ví dụ: trước cổng trường mầm non."
    )
    point = forms.CharField(label="Toạ độ (nếu có)", required=False, max_length=80, help_text=OPEN_MAP)

    def __init__(self, *args: Any, villages: Sequence[Unit], **options: Any) -> None:
        super().__init__(*args, **options)
        self.villages = {one.code: one for one in villages}
        self.fields["village"].choices = [("", "Chọn thôn"), *((one.code, one.name) for one in villages)]

    def clean_point(self) -> words.Point | None:
        typed = self.cleaned_data["point"]
        if not typed:
            return None
        found = words.point_in(typed)
        if found is None:
            raise forms.ValidationError(UNREADABLE_POINT)
        return found

    def about(self) -> dict[str, Any]:
        data = self.cleaned_data
        village = self.villages.get(data["village"])
        return {"text": data["text"], "village": village, "place": data["place"], "point": data["point"]}


class ReportForm(_Reported):
    """The resident's form. Signed in, nobody types a name."""

    official = forms.CharField(
        label="Cán bộ được nói đến", required=False, max_length=200,
        help_text="Họ tên, nếu biết. Người này sẽ không xem được phản ánh.",
    )  # fmt: skip
    name = forms.CharField(label="Họ tên (không bắt buộc)", required=False, max_length=120, widget=name_input())
    phone = forms.CharField(label="Số điện thoại", required=False, max_length=20, widget=phone_input())
    name_for = forms.ChoiceField(
        label="Ai được xem tên, số điện thoại của tôi?", required=False, choices=NAME_FOR, initial="handler",
        widget=forms.RadioSelect, help_text="Không bao giờ hiện trên trang công khai.",
    )  # fmt: skip
    may_publish = forms.BooleanField(label=CONSENT, required=False)

    def __init__(self, *args: Any, category: Any, is_known: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.category = category
        wanted = desk().anonymous.phone
        if is_known or wanted == "none":
            del self.fields["phone"]
        elif wanted == "optional":
            self.fields["phone"].help_text = "Không bắt buộc. Có số thì xã nhắn mã theo dõi và trả lời cho ông/bà."
        if is_known:
            del self.fields["name"]
        if category.confidential:
            del self.fields["may_publish"]
            del self.fields["name_for"]  # confidential: who may read it is not the sender's to widen
        else:
            del self.fields["official"]
        self.fields["place"].required = False

    def given(self, **more: Any) -> Given:
        data = self.cleaned_data
        typed: dict[str, Any] = {
            name: data[name] for name in ("official", "name", "phone", "may_publish") if name in data
        }
        typed["hides_name"] = data.get("name_for") != "office"
        return Given(channel=Report.Channel.WEB, category=self.category.code, **self.about(), **typed, **more)


class IntakeForm(_Reported):
    """What an officer writes down while somebody tells it."""

    channel = forms.ChoiceField(
        label="Nhận thế nào?", widget=forms.RadioSelect, initial="counter",
        choices=[("counter", "Tại quầy"), ("phone", "Qua điện thoại")],
    )  # fmt: skip
    category = forms.ChoiceField(label="Loại việc")
    official = forms.CharField(label="Cán bộ được nói đến", required=False, max_length=200)
    name = forms.CharField(label="Họ tên người phản ánh", required=False, max_length=120, widget=name_input())
    phone = forms.CharField(label="Số điện thoại", required=False, max_length=20, widget=phone_input())
    name_for = forms.ChoiceField(
        label="Ai được xem tên, số điện thoại?", required=False, choices=NAME_FOR, initial="handler",
        widget=forms.RadioSelect,
    )  # fmt: skip
    may_publish = forms.BooleanField(label="Người phản ánh đồng ý công khai (không kèm tên)", required=False)

    field_order = (
        "channel",
        "category",
        "text",
        "village",
        "place",
        "point",
        "official",
        "name",
        "phone",
        "name_for",
        "may_publish",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["category"].choices = categories()

    def given(self, **more: Any) -> Given:
        data = self.cleaned_data
        typed: dict[str, Any] = {
            name: data[name] for name in ("channel", "category", "official", "name", "phone", "may_publish")
        }
        typed["hides_name"] = data.get("name_for") != "office"
        return Given(**self.about(), **typed, **more)


def categories() -> Choices:
    return [(one.code, one.name) for one in desk().categories]


class AcceptForm(forms.Form):
    category = forms.ChoiceField(label="Loại việc")
    village = forms.ChoiceField(label="Thôn", required=False)
    lead = forms.ChoiceField(label="Giao cho", required=False)
    support = forms.MultipleChoiceField(label="Phối hợp", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(
        self, *args: Any, posts: Sequence[Post], villages: Sequence[Unit], owner: str = "", **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.posts, self.villages = posts, {one.code: one for one in villages}
        people: Choices = [(str(one.uuid), titled(one)) for one in posts]
        self.fields["category"].choices = categories()
        self.fields["village"].choices = [("", "Chưa rõ"), *((one.code, one.name) for one in villages)]
        self.fields["lead"].choices = [("", owner or "Người phụ trách loại việc này"), *people]
        self.fields["support"].choices = people

    def given(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "category": data["category"],
            "village": self.villages.get(data["village"]),
            "lead": next(iter(chosen(self.posts, [data["lead"]])), None),
            "support": chosen(self.posts, data["support"]),
        }


class RefuseForm(forms.Form):
    why = forms.ChoiceField(label="Lý do")
    text = forms.CharField(
        label="Viết thêm cho người dân", required=False, max_length=600, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["why"].choices = [("", "Chọn lý do"), *((one.code, one.text) for one in desk().refusals)]


class ForwardForm(forms.Form):
    agency = forms.ChoiceField(label="Chuyển đến")
    text = forms.CharField(
        label="Viết thêm cho người dân", required=False, max_length=600, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["agency"].choices = [("", "Chọn cơ quan"), *((one.code, one.name) for one in desk().agencies)]


class AskForm(forms.Form):
    question = forms.CharField(label="Cần bổ sung gì?", max_length=1000, widget=forms.Textarea({"rows": 3}))


class AssignForm(forms.Form):
    lead = forms.ChoiceField(label="Người chủ trì")
    support = forms.MultipleChoiceField(label="Phối hợp", required=False, widget=forms.CheckboxSelectMultiple)
    text = forms.CharField(label="Dặn thêm", required=False, max_length=1000, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args: Any, posts: Sequence[Post], **options: Any) -> None:
        super().__init__(*args, **options)
        self.posts = posts
        people: Choices = [(str(one.uuid), titled(one)) for one in posts]
        self.fields["lead"].choices = people
        self.fields["support"].choices = people

    def given(self) -> dict[str, Any]:
        data = self.cleaned_data
        lead = chosen(self.posts, [data["lead"]])[0]
        return {"lead": lead, "support": chosen(self.posts, data["support"]), "text": data["text"]}


class ConfideForm(forms.Form):
    officials = forms.MultipleChoiceField(
        label="Cán bộ được nói đến", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Những người này sẽ không xem được phản ánh.",
    )  # fmt: skip

    def __init__(self, *args: Any, posts: Sequence[Post], **options: Any) -> None:
        super().__init__(*args, **options)
        self.posts = posts
        self.fields["officials"].choices = [(str(one.uuid), titled(one)) for one in posts]


class ExtendForm(forms.Form):
    days = forms.IntegerField(label="Thêm bao nhiêu ngày làm việc?", min_value=1, max_value=60, initial=5)
    reason = forms.CharField(label="Lý do (người dân sẽ đọc)", max_length=500, widget=forms.Textarea({"rows": 3}))


class OpinionForm(forms.Form):
    opinion = forms.CharField(label="Ý kiến phối hợp", max_length=2000, widget=forms.Textarea({"rows": 4}))


class AnswerForm(forms.Form):
    text = forms.CharField(label="Trả lời người dân", max_length=4000, widget=forms.Textarea({"rows": 8}))


class PublishForm(forms.Form):
    text = forms.CharField(
        label="Nội dung công khai", max_length=4000, widget=forms.Textarea({"rows": 5}),
        help_text="Việc gì, ở đâu. Không nêu tên, số điện thoại, số giấy tờ của ai.",
    )  # fmt: skip
    answer = forms.CharField(
        label="Trả lời công khai", required=False, max_length=4000, widget=forms.Textarea({"rows": 5})
    )
    photos = forms.MultipleChoiceField(label="Ảnh được công khai", required=False, widget=forms.CheckboxSelectMultiple)
    shows_place = forms.BooleanField(label="Công khai cả thôn, địa điểm và toạ độ", required=False)

    def __init__(self, *args: Any, photos: Sequence[Photo], answered: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["photos"].choices = [(str(one.uuid), f"Ảnh {place}") for place, one in enumerate(photos, start=1)]
        if not photos:
            del self.fields["photos"]
        if not answered:
            del self.fields["answer"]


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Lý do", max_length=500, widget=forms.Textarea({"rows": 3}))


class WordsForm(forms.Form):
    """One field of a resident's words; the page gives the label."""

    text = forms.CharField(label="Nội dung", max_length=2000, widget=forms.Textarea({"rows": 4}))


class FilterForm(forms.Form):
    standing = forms.ChoiceField(label="Tình trạng", required=False)
    category = forms.ChoiceField(label="Loại việc", required=False)
    number = forms.IntegerField(label="Số", required=False, min_value=1, max_value=9_999_999)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        standings: Choices = [(key, label) for key, (label, _) in STANDINGS.items()]
        self.fields["standing"].choices = [("", "Tất cả"), *standings, ("late", "Quá hạn")]
        self.fields["category"].choices = [("", "Tất cả"), *categories()]

    def asked(self) -> dict[str, Any]:
        """What is filtered by; a field with a mistake filters nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
