from django import forms
from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "xaso.ui"
    label = "ui"
    verbose_name = "Giao diện"

    def ready(self) -> None:
        # "Trường này là bắt buộc" is a database's sentence; say what to do. Once here, not in every form.
        forms.Field.default_error_messages["required"] = "Xin điền mục này."
        forms.ChoiceField.default_error_messages["required"] = "Xin chọn một mục."
        forms.MultipleChoiceField.default_error_messages["required"] = "Xin chọn ít nhất một mục."
        forms.BooleanField.default_error_messages = {"required": "Xin đánh dấu vào ô này."}
        forms.FileField.default_error_messages["required"] = "Xin chọn tệp."
