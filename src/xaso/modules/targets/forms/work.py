"""Tasks, conclusions and money as they are typed."""

from __future__ import annotations

from typing import Any

from django import forms

from xaso.core.accounts.models import Post
from xaso.kit import clock
from xaso.modules.targets.actions import ConclusionGiven, LineGiven, SpendingGiven, TaskGiven
from xaso.modules.targets.forms.fields import MoneyField, PostField, PostsField, lines_of
from xaso.modules.targets.models import Plan, Target, Task
from xaso.modules.targets.rules import STATE_LABELS, TaskState
from xaso.ui.forms import DayField

AREA = {"rows": 2}
EVIDENCE = "Minh chứng (PDF hoặc ảnh)"


class LinkForm(forms.Form):
    targets = forms.MultipleChoiceField(label="Phục vụ chỉ tiêu", required=False, widget=forms.CheckboxSelectMultiple)
    is_condition = forms.BooleanField(
        label="Nhiệm vụ điều kiện", required=False, help_text="Không phục vụ riêng chỉ tiêu nào nhưng phải có."
    )

    def __init__(self, *args: Any, targets: list[Target], **options: Any) -> None:
        super().__init__(*args, **options)
        self.by_key = {str(target.uuid): target for target in targets}
        self.fields["targets"].choices = [(key, f"{one.number}. {one.text}") for key, one in self.by_key.items()]

    def chosen(self) -> list[Target]:
        return [self.by_key[key] for key in self.cleaned_data["targets"]]


class TaskForm(LinkForm):
    text = forms.CharField(label="Nội dung nhiệm vụ", max_length=500, widget=forms.Textarea(attrs=AREA))
    product = forms.CharField(label="Sản phẩm, kết quả", max_length=300, required=False)
    parent = forms.ChoiceField(label="Là việc con của", required=False)
    responsible = PostField(label="Người chịu trách nhiệm chính", required=False)
    people = PostsField(label="Người phối hợp", required=False)
    lead = forms.CharField(
        label="Đơn vị chủ trì", max_length=200, required=False, help_text="Để trống là đơn vị lập kế hoạch."
    )
    supporting = forms.CharField(
        label="Đơn vị phối hợp", required=False, widget=forms.Textarea(attrs=AREA), help_text="Mỗi dòng một đơn vị."
    )
    starts_on = DayField(label="Bắt đầu từ ngày", required=False)
    due_on = DayField(label="Hạn hoàn thành", required=False)
    source_document = forms.CharField(label="Văn bản giao", max_length=300, required=False)
    field_order = ("text", "product", "responsible", "due_on", "starts_on", "targets", "is_condition", "parent")

    def __init__(self, *args: Any, posts: list[Post], tasks: list[Task], **options: Any) -> None:
        super().__init__(*args, **options)
        self.parents = {str(task.uuid): task for task in tasks}
        self.fields["parent"].choices = [("", "Không"), *((k, f"{t.code} {t.text}") for k, t in self.parents.items())]
        self.fields["responsible"].offer(posts)
        self.fields["people"].offer(posts)

    def given(self) -> TaskGiven:
        typed = self.cleaned_data
        return TaskGiven(
            typed["text"],
            typed["product"],
            self.chosen(),
            typed["is_condition"],
            self.parents.get(typed["parent"]),
            typed["responsible"],
            typed["people"],
            typed["lead"],
            lines_of(typed["supporting"]),
            typed["starts_on"],
            typed["due_on"],
            typed["source_document"],
        )


class AssignForm(forms.Form):
    responsible = PostField(label="Người chịu trách nhiệm chính")
    people = PostsField(label="Người phối hợp", required=False)
    due_on = DayField(label="Hạn hoàn thành", required=False)

    def __init__(self, *args: Any, posts: list[Post], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["responsible"].offer(posts, "Chọn người")
        self.fields["people"].offer(posts)


class ProgressForm(forms.Form):
    text = forms.CharField(label="Đã làm được gì", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    percent = forms.IntegerField(label="Tiến độ (%)", min_value=0, max_value=100)
    on = DayField(label="Ngày", initial=clock.today)
    file = forms.FileField(label=EVIDENCE, required=False)


class ReasonForm(forms.Form):
    """Finish, keep up, pause: a sentence and perhaps a file."""

    text = forms.CharField(label="Ghi rõ", max_length=500, widget=forms.Textarea(attrs=AREA))
    file = forms.FileField(label=EVIDENCE, required=False)


class CancelForm(forms.Form):
    text = forms.CharField(label="Lý do huỷ", max_length=300, widget=forms.Textarea(attrs=AREA))
    document = forms.CharField(label="Văn bản cho phép (số, ngày)", max_length=150)


class FilterForm(forms.Form):
    cua = forms.ChoiceField(label="Của ai", required=False, choices=[("", "Cả đơn vị"), ("mine", "Việc của tôi")])
    loc = forms.ChoiceField(
        label="Tình trạng", required=False,
        choices=[("", "Mọi tình trạng"), ("late", "Quá hạn"), ("owed", "Chưa xong"),
                 *((one.value, label) for one, label in STATE_LABELS.items() if one != TaskState.NOT_DUE)],
    )  # fmt: skip


class ConclusionForm(forms.Form):
    meeting = forms.CharField(label="Cuộc họp", max_length=300)
    held_on = DayField(label="Họp ngày")
    chair = forms.CharField(label="Người chủ trì", max_length=120, required=False)
    document_number = forms.CharField(label="Số thông báo kết luận", max_length=80)
    document_on = DayField(label="Ngày thông báo", required=False)
    plan = forms.ChoiceField(label="Thuộc kế hoạch", required=False)
    file = forms.FileField(label="Tệp thông báo (PDF hoặc ảnh)", required=False)

    def __init__(self, *args: Any, plans: list[Plan], **options: Any) -> None:
        super().__init__(*args, **options)
        self.plans = {str(plan.uuid): plan for plan in plans}
        self.fields["plan"].choices = [("", "Không thuộc kế hoạch nào"), *((k, p.title) for k, p in self.plans.items())]

    def given(self) -> ConclusionGiven:
        typed = self.cleaned_data
        names = ("meeting", "held_on", "document_number", "document_on", "chair")
        return ConclusionGiven(**{name: typed[name] for name in names})

    def chosen_plan(self) -> Plan | None:
        return self.plans.get(self.cleaned_data["plan"])


class ConclusionTaskForm(forms.Form):
    """One thing the meeting gave somebody to do. An empty line is no task."""

    text = forms.CharField(label="Việc được giao", max_length=500, required=False, widget=forms.Textarea(attrs=AREA))
    responsible = PostField(label="Giao cho", required=False)
    due_on = DayField(label="Hạn", required=False)

    def __init__(self, *args: Any, posts: list[Post], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["responsible"].offer(posts)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if not typed.get("text") and (typed.get("responsible") or typed.get("due_on")):
            self.add_error("text", "Hãy ghi việc được giao, hoặc bỏ trống cả dòng.")
        return typed

    def given(self) -> TaskGiven | None:
        typed = self.cleaned_data
        if not typed.get("text"):
            return None
        return TaskGiven(typed["text"], responsible=typed["responsible"], due_on=typed["due_on"])


class LineForm(forms.Form):
    name = forms.CharField(label="Khoản", max_length=200)
    source = forms.CharField(label="Nguồn tiền", max_length=120, help_text="Ví dụ: ngân sách xã, xã hội hoá.")
    planned = MoneyField(label="Kế hoạch (đồng)")
    document = forms.CharField(label="Văn bản giao kinh phí", max_length=300, required=False)

    def given(self) -> LineGiven:
        return LineGiven(**self.cleaned_data)


class SpendingForm(forms.Form):
    text = forms.CharField(label="Chi việc gì", max_length=300)
    amount = MoneyField(label="Số tiền (đồng)")
    spent_on = DayField(label="Ngày chi", initial=clock.today)
    document = forms.CharField(label="Chứng từ (số, ngày)", max_length=300)
    over_reason = forms.CharField(
        label="Lý do vượt", max_length=300, required=False, help_text="Chỉ cần khi số tiền vượt phần còn lại của khoản."
    )

    def given(self) -> SpendingGiven:
        return SpendingGiven(**self.cleaned_data)
