"""Plans and targets as they are typed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from xaso.core.accounts.models import Post
from xaso.kit import clock
from xaso.kit.fold import tidy
from xaso.modules.figures import queries as figures
from xaso.modules.targets.actions import Paper, PlanGiven, TargetGiven
from xaso.modules.targets.definitions import packs
from xaso.modules.targets.forms.fields import NumberField, PostField, lines_of
from xaso.modules.targets.models import COMPARATORS, Plan, Target, last_day
from xaso.modules.targets.rules import DECIDED, RESULT_LABELS
from xaso.ui.forms import DayField

MILESTONE_YEARS = (2026, 2030, 2045)
PLAIN = ("text", "figure", "direction", "comparator", "value", "measure_unit", "deadline_kind", "lead", "field",
         "priority", "source_document", "source_article")  # fmt: skip
AREA = {"rows": 2}


class PaperForm(forms.Form):
    document_number = forms.CharField(label="Số văn bản", max_length=80, required=False)
    document_on = DayField(label="Ngày văn bản", required=False)
    issuer = forms.CharField(label="Cơ quan ban hành", max_length=200, required=False)
    file = forms.FileField(label="Tệp văn bản (PDF hoặc ảnh)", required=False)

    def paper(self) -> Paper:
        typed = self.cleaned_data
        return Paper(typed["document_number"], typed["document_on"], typed["issuer"])


class PlanForm(PaperForm):
    title = forms.CharField(label="Tên kế hoạch", max_length=300)
    first_year = forms.IntegerField(label="Từ năm", min_value=2000, max_value=2100)
    last_year = forms.IntegerField(label="Đến năm", min_value=2000, max_value=2100)
    pack = forms.ChoiceField(
        label="Bắt đầu từ", required=False, widget=forms.RadioSelect,
        help_text="Gói tạo sẵn chỉ tiêu và nhiệm vụ đầu tiên; mọi con số đều sửa được trước khi duyệt.",
    )  # fmt: skip
    field_order = ("title", "first_year", "last_year", "pack", "document_number", "document_on", "issuer", "file")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offered = [(name, f"{pack.title} ({len(pack.targets)} chỉ tiêu)") for name, pack in packs().items()]
        self.fields["pack"].choices = [*offered, ("", "Kế hoạch trống")]
        self.fields["first_year"].initial = self.fields["last_year"].initial = clock.today().year

    def given(self) -> PlanGiven:
        typed = self.cleaned_data
        return PlanGiven(typed["title"], typed["first_year"], typed["last_year"], self.paper(), typed["pack"])


class ApproveForm(PaperForm):
    def __init__(self, *args: Any, plan: Plan, **options: Any) -> None:
        initial = {"document_number": plan.document_number, "document_on": plan.document_on, "issuer": plan.issuer}
        super().__init__(*args, initial=initial, **options)
        self.fields["document_number"].required = self.fields["document_on"].required = True


class ValuesForm(forms.Form):
    """The numbers of all targets of a draft on one page."""

    def __init__(self, *args: Any, targets: list[Target], **options: Any) -> None:
        super().__init__(*args, **options)
        self.targets = {f"v{target.number}": target for target in targets}
        for name, target in self.targets.items():
            self.fields[name] = NumberField(
                label=f"{target.number}. {target.text} ({target.measure_unit})",
                required=False,
                initial=target.value,
                help_text="Con số của gói, cần kiểm chứng." if target.to_verify and target.value is not None else "",
            )

    def given(self) -> dict[int, Any]:
        return {target.number: self.cleaned_data[name] for name, target in self.targets.items()}


class TargetForm(forms.Form):
    text = forms.CharField(label="Nội dung chỉ tiêu", max_length=500, widget=forms.Textarea(attrs=AREA))
    figure = forms.ChoiceField(
        label="Nguồn số liệu", required=False, help_text="Số liệu cho biết chỉ tiêu đạt hay chưa."
    )
    direction = forms.ChoiceField(label="Hướng tốt", choices=Target.Direction.choices)
    comparator = forms.ChoiceField(label="Phải đạt", choices=COMPARATORS)
    value = NumberField(label="Con số", required=False)
    measure_unit = forms.CharField(label="Đơn vị tính", max_length=40, required=False, initial="%")
    deadline_kind = forms.ChoiceField(label="Loại hạn", choices=Target.DeadlineKind.choices, initial="within_year")
    due_on = DayField(label="Hạn", help_text="Trong năm hoặc đến năm: ghi ngày 31/12 của năm đó.")
    head = PostField(label="Người chịu trách nhiệm", required=False)
    lead = forms.CharField(
        label="Đơn vị chủ trì", max_length=200, required=False, help_text="Để trống là đơn vị lập kế hoạch."
    )
    supporting = forms.CharField(
        label="Đơn vị phối hợp", required=False, widget=forms.Textarea(attrs=AREA), help_text="Mỗi dòng một đơn vị."
    )
    field = forms.CharField(label="Lĩnh vực", max_length=80, required=False)
    priority = forms.ChoiceField(label="Mức ưu tiên", choices=Target.Priority.choices, initial="normal")
    source_document = forms.CharField(label="Văn bản giao", max_length=300, required=False)
    source_article = forms.CharField(label="Điều, khoản", max_length=80, required=False)
    kind = forms.ChoiceField(label="Cách tính", choices=Target.Kind.choices, required=False)
    each_comparator = forms.ChoiceField(label="Mỗi đơn vị phải đạt", choices=COMPARATORS, required=False)
    each_value = NumberField(label="Mức của mỗi đơn vị", required=False)

    def __init__(self, *args: Any, posts: list[Post], counts_units: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["head"].offer(posts, "Chưa giao")
        self.fields["figure"].choices = [("", "Chưa chọn"), *figures_by_group()]
        for year in MILESTONE_YEARS:
            self.fields[f"milestone_{year}"] = forms.CharField(label=f"Mốc {year}", max_length=40, required=False)
        if not counts_units:
            for name in ("kind", "each_comparator", "each_value"):
                del self.fields[name]

    def given(self) -> TargetGiven:
        typed = self.cleaned_data
        milestones = {str(year): tidy(typed[f"milestone_{year}"]) for year in MILESTONE_YEARS}
        return TargetGiven(
            due_on=_due(typed["due_on"], typed["deadline_kind"]),
            milestones={year: text for year, text in milestones.items() if text},
            supporting=lines_of(typed["supporting"]),
            kind=typed.get("kind") or Target.Kind.FIGURE,
            each_comparator=typed.get("each_comparator") or "",
            each_value=typed.get("each_value"),
            head=typed["head"],
            **{name: typed[name] for name in PLAIN},
        )


def _due(day: date, kind: str) -> date:
    """ "Trong năm" and "đến năm" end with the year, whatever day was typed."""
    return day if kind == Target.DeadlineKind.FIXED_DAY else last_day(day.year)


def initial_of(target: Target) -> dict[str, Any]:
    return {
        **{name: getattr(target, name) for name in (*PLAIN, "due_on", "kind", "each_comparator", "each_value")},
        **{f"milestone_{year}": text for year, text in target.milestones.items()},
        "supporting": "\n".join(target.supporting),
        "head": str(target.head.uuid) if target.head else "",
    }


def figures_by_group() -> list[tuple[str, list[tuple[str, str]]]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for key, kind in figures.catalogue().items():
        groups.setdefault(kind.group, []).append((key, kind.label))
    return list(groups.items())


class CloseForm(forms.Form):
    """Why, and by which document."""

    reason = forms.CharField(label="Lý do", max_length=500, widget=forms.Textarea(attrs=AREA))
    document = forms.CharField(label="Văn bản cho phép (số, ngày)", max_length=300)


class ConfirmForm(forms.Form):
    result = forms.ChoiceField(
        label="Kết quả", choices=[(one.value, RESULT_LABELS[one]) for one in DECIDED], widget=forms.RadioSelect
    )
    reason = forms.CharField(label="Lý do", max_length=500, widget=forms.Textarea(attrs=AREA))
    document = forms.CharField(label="Văn bản kèm theo (nếu có)", max_length=300, required=False)


class HeadForm(forms.Form):
    head = PostField(label="Người chịu trách nhiệm")

    def __init__(self, *args: Any, posts: list[Post], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["head"].offer(posts, "Chọn người")
