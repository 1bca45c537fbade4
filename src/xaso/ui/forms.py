"""Forms that look like the rest of the product, and inputs a Vietnamese reader expects."""

from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer, DjangoTemplates, TemplatesSetting


class UiFormRenderer(BaseRenderer):
    """Our `ui/…` templates come from the site's engine; Django's own widgets from Django's."""

    form_template_name = "ui/forms/form.html"
    formset_template_name = "ui/forms/formset.html"
    field_template_name = "ui/forms/field.html"

    def __init__(self) -> None:
        super().__init__()
        self.site = TemplatesSetting()
        self.django = DjangoTemplates()

    def get_template(self, template_name: str) -> Any:
        if template_name.startswith("django/"):
            return self.django.get_template(template_name)
        return self.site.get_template(template_name)


class DayInput(forms.DateInput):
    """Typed as 31/12/2026: three taps of a date picker to 1959 are harder than eight digits."""

    def __init__(self, **attrs: Any) -> None:
        asked = {"placeholder": "ngày/tháng/năm", "inputmode": "numeric", "autocomplete": "off", "maxlength": 10}
        super().__init__(attrs=asked | attrs, format="%d/%m/%Y")


class DayField(forms.DateField):
    """A day: 31/12/2026, 31-12-2026, 31.12.2026, 31122026, or what a date picker sends."""

    widget = DayInput

    def __init__(self, **options: Any) -> None:
        options.setdefault("input_formats", ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d%m%Y", "%Y-%m-%d"])
        options.setdefault("error_messages", {"invalid": "Ghi ngày theo mẫu 31/12/2026."})
        super().__init__(**options)


def phone_input(**attrs: Any) -> forms.TextInput:
    return forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel", "maxlength": 15} | attrs)


def personal_id_input(**attrs: Any) -> forms.TextInput:
    return forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 12} | attrs)


def name_input(**attrs: Any) -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": "name", "autocapitalize": "words"} | attrs)


def money_input(**attrs: Any) -> forms.TextInput:
    return forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"} | attrs)
