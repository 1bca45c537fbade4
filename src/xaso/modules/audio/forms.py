"""Input of the audio pages. Checks shape only."""

from typing import Any

from django import forms

from xaso.modules.audio import queries
from xaso.modules.audio.definitions import audio
from xaso.modules.audio.models import Recording

ACCEPT = ".mp3,.m4a,.wav,.ogg,.webm,.aac,audio/*"


class RecordingFilter(forms.Form):
    words = forms.CharField(label="Tên bản thu", required=False, max_length=100)
    state = forms.ChoiceField(label="Tình trạng", required=False, choices=[("", "Tất cả"), *Recording.State.choices])


class SpeechForm(forms.Form):
    """`spoken` is shown once the machine has said what it would read."""

    title = forms.CharField(label="Tên bản thu", required=False, max_length=120, help_text="Để trống: lấy dòng đầu.")
    text = forms.CharField(
        label="Nội dung",
        max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text="Viết như văn bản; ngày, giờ, ký hiệu máy tự đọc thành lời.",
    )
    voice = forms.ChoiceField(label="Giọng đọc", required=False)
    spoken = forms.CharField(
        label="Máy sẽ đọc là",
        required=False,
        max_length=120_000,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text="Chữ nào máy đọc chưa đúng thì sửa ở đây.",
    )
    read_from = forms.CharField(required=False, max_length=40_000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, asks_spoken: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["voice"].choices = [(one.code, one.label) for one in queries.voices()]
        if not asks_spoken:
            del self.fields["spoken"]


class UploadForm(forms.Form):
    title = forms.CharField(label="Tên bản thu", max_length=120)
    text = forms.CharField(
        label="Lời trong bản thu",
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Để tìm lại và để người không nghe được cũng đọc được.",
    )
    sound = forms.FileField(
        label="Tệp âm thanh", allow_empty_file=True, widget=forms.FileInput(attrs={"accept": ACCEPT, "capture": "user"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limits = audio().limits
        self.fields[
            "sound"
        ].help_text = (
            f"MP3, M4A, WAV, OGG, WEBM; không quá {limits.upload_seconds // 60} phút, {limits.upload_megabytes} MB."
        )


class LiveForm(forms.Form):
    title = forms.CharField(label="Nói về việc gì", max_length=200)
    minutes = forms.IntegerField(label="Nhiều nhất bao nhiêu phút", min_value=1, max_value=480)


class RelayForm(LiveForm):
    url = forms.CharField(label="Địa chỉ luồng của đài", max_length=500, help_text="Bắt đầu bằng http:// hoặc https://")
    field_order = ("url", "title", "minutes")
