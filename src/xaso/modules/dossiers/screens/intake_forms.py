"""What the counter asks beside the procedure's own form."""

from __future__ import annotations

from typing import Any

from django import forms

from xaso.core.accounts.models import Account
from xaso.core.accounts.queries import posts_in
from xaso.kit.fold import tidy
from xaso.modules.dossiers.actions.filing import NO_CONSENT, NO_HELPER
from xaso.modules.dossiers.models import Dossier
from xaso.modules.procedures.queries import SEXES, VersionView
from xaso.ui.forms import DayField, name_input, personal_id_input, phone_input

COUNTED = {"page": "Số trang", "copy": "Số bản", "act": "Số việc"}
ID_SHAPE = "Số định danh gồm 12 chữ số. Hãy ghi lại theo thẻ căn cước."


class OneLine(forms.CharField):
    """Text on one line, in one spelling."""

    def to_python(self, value: Any) -> str:
        return tidy(super().to_python(value) or "")


class IdField(forms.RegexField):
    """A personal id, or nothing."""

    widget = personal_id_input()

    def __init__(self, label: str) -> None:
        super().__init__(r"^[0-9]{12}$", label=label, required=False, error_messages={"invalid": ID_SHAPE})


class ApplicantForm(forms.Form):
    """Who applies, when the procedure's form does not ask."""

    use_required_attribute = False
    full_name = OneLine(label="Họ và tên", max_length=120, widget=name_input(autocomplete="off"))
    personal_id = IdField("Số định danh")
    birth_on = DayField(label="Ngày sinh", required=False)
    sex = forms.ChoiceField(label="Giới tính", required=False, choices=list(SEXES.items()), widget=forms.RadioSelect)
    phone = OneLine(label="Số điện thoại", required=False, max_length=15, widget=phone_input(autocomplete="off"))
    email = forms.EmailField(label="Thư điện tử", required=False)
    address = OneLine(label="Nơi cư trú", required=False, max_length=300)


class HandlingForm(forms.Form):
    """How the dossier came in and what follows."""

    use_required_attribute = False
    channel = forms.ChoiceField(
        label="Nhận hồ sơ", choices=[("counter", "Tại quầy"), ("post", "Qua bưu chính")], initial="counter",
        widget=forms.RadioSelect,
    )  # fmt: skip
    result_by = forms.ChoiceField(
        label="Trả kết quả", choices=Dossier.ResultBy.choices, initial="counter", widget=forms.RadioSelect
    )
    forward = forms.BooleanField(label="Chuyển xử lý ngay", required=False, initial=True)
    filing = forms.ChoiceField(
        label="Ai nộp hồ sơ?", choices=Dossier.Filing.choices, initial=Dossier.Filing.SELF, widget=forms.RadioSelect
    )
    helper_name = OneLine(
        label="Họ tên người giúp", required=False, max_length=120, widget=name_input(autocomplete="off")
    )
    helper_id = IdField("Số định danh người giúp")
    helper_phone = OneLine(label="Điện thoại người giúp", required=False, max_length=15, widget=phone_input())
    helper_basis = OneLine(
        label="Căn cứ", required=False, max_length=200,
        help_text="Ví dụ: giấy uỷ quyền ngày 01/09/2026; tổ công nghệ số thôn Đông.",
    )  # fmt: skip
    consented = forms.BooleanField(label="Đã đọc lại nội dung, người dân đồng ý cho nộp", required=False)

    def __init__(self, *args: Any, version: VersionView, unit_path: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._ask_for_fee(version)
        if version.definition.immediate:
            self.fields["at_once"] = forms.BooleanField(
                label="Trả kết quả ngay nếu không còn phí phải nộp", required=False
            )
            self.fields["approver"] = approver_field(unit_path)

    def _ask_for_fee(self, version: VersionView) -> None:
        fees = version.definition.fees
        lists = [f for s in version.definition.form for f in s.fields if f.kind == "repeat"]
        counted = any(part.key in {"pages", "copies"} for spec in lists for part in spec.fields)
        kinds = {fee.per for fee in fees if fee.status != "free"} - {"dossier"}
        if any(fee.per == "page" and fee.steps for fee in fees):
            kinds.add("copy")
        if not counted:
            for kind in (one for one in COUNTED if one in kinds):
                self.fields[kind] = forms.IntegerField(
                    label=COUNTED[kind], min_value=1, max_value=2000, initial=1,
                    widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 4}),
                )  # fmt: skip
        groups = {one.group: f"{one.label} (giảm {one.percent}%)" for fee in fees for one in fee.exemptions}
        if groups:
            self.fields["group"] = forms.ChoiceField(
                label="Miễn, giảm phí", choices=[("", "Không"), *groups.items()], required=False, initial="",
                widget=forms.RadioSelect,
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("filing") in {Dossier.Filing.ASSISTED, Dossier.Filing.PROXY}:
            if not data.get("helper_name") and "helper_name" not in self.errors:
                self.add_error("helper_name", NO_HELPER)
            if not data.get("consented"):
                self.add_error("consented", NO_CONSENT)
        return data

    @property
    def has_helper(self) -> bool:
        return self["filing"].value() != Dossier.Filing.SELF

    def named(self, *names: str) -> list[forms.BoundField]:
        return [self[name] for name in names if name in self.fields]

    @property
    def of_helper(self) -> list[forms.BoundField]:
        return self.named("helper_name", "helper_id", "helper_phone", "helper_basis")

    @property
    def of_fee(self) -> list[forms.BoundField]:
        return self.named("page", "copy", "act", "group")

    @property
    def of_result(self) -> list[forms.BoundField]:
        return self.named("channel", "result_by", "forward")

    @property
    def of_at_once(self) -> list[forms.BoundField]:
        return self.named("at_once", "approver")


def leaders_of(unit_path: str) -> list[Account]:
    """Who signs in that unit today."""
    return [post.account for post in posts_in(unit_path) if post.role == "leader"]


def approver_field(unit_path: str) -> forms.ChoiceField:
    leaders = [(str(one.uuid), one.person.full_name) for one in leaders_of(unit_path)]
    blank = [] if len(leaders) == 1 else [("", "– chọn –")]
    return forms.ChoiceField(label="Lãnh đạo đã ký", choices=[*blank, *leaders], required=False)


class AtOnceForm(forms.Form):
    """Handing over the result while the resident waits."""

    use_required_attribute = False

    def __init__(self, *args: Any, unit_path: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["approver"] = approver_field(unit_path)


def approver_of(unit_path: str, chosen: str) -> Account | None:
    return next((one for one in leaders_of(unit_path) if str(one.uuid) == chosen), None)


__all__ = ["ApplicantForm", "AtOnceForm", "HandlingForm", "approver_of"]
