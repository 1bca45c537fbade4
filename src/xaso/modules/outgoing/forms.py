"""Checks what writers, readers, signers and clerks type."""

from __future__ import annotations

from typing import Any

from django import forms

from xaso.core.accounts.models import Post
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.modules.layouts import queries as layouts
from xaso.modules.outgoing.actions.delegating import Terms
from xaso.modules.outgoing.actions.drafting import Words
from xaso.modules.outgoing.models import Document
from xaso.modules.outgoing.queries.signers import signers_of
from xaso.modules.outgoing.rules import capacity, moves, naming
from xaso.ui.forms import DayField


def kind_choices(empty: str = "") -> list[tuple[str, str]]:
    """Copies are made by other means."""
    known = [(code, kind.title) for code, kind in layouts.kinds().items() if not kind.is_copy]
    return [("", empty), *known] if empty else known


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class NewForm(forms.Form):
    kind = forms.ChoiceField(label="Loại văn bản")
    subject = forms.CharField(
        label="Trích yếu",
        max_length=500,
        widget=_area(2),
        help_text="Một câu ngắn nói văn bản về việc gì.",
        error_messages={"required": "Hãy ghi trích yếu: một câu ngắn nói văn bản về việc gì."},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = kind_choices("Chọn loại văn bản")


class DraftForm(NewForm):
    """`revision` is that of the draft the page was opened with."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    addressees = forms.CharField(
        label="Kính gửi", required=False, widget=_area(2), help_text="Mỗi nơi một dòng. Bỏ trống nếu văn bản không có."
    )
    text = forms.CharField(
        label="Nội dung",
        required=False,
        widget=_area(18),
        help_text="Mỗi đoạn một dòng. “Căn cứ …”, “Điều 1.”, “1.”, “a)” được trình bày đúng thể thức.",
    )
    signer = forms.ChoiceField(label="Người ký", required=False)
    is_collective = forms.BooleanField(
        label="Ký thay mặt tập thể (TM.)",
        required=False,
        help_text="Bỏ chọn với văn bản thuộc thẩm quyền riêng của người đứng đầu.",
    )
    urgency = forms.ChoiceField(label="Mức độ khẩn", required=False, choices=list(moves.URGENCIES.items()))
    department = forms.CharField(
        label="Bộ phận soạn thảo",
        required=False,
        max_length=30,
        help_text="Chữ viết tắt trong ký hiệu công văn, ví dụ VP.",
    )
    organ = forms.ChoiceField(label="Cơ quan ban hành", choices=list(naming.ORGANS.items()))
    reply_on = DayField(label="Cần trả lời trước ngày", required=False)
    is_normative = forms.BooleanField(
        label="Văn bản quy phạm pháp luật", required=False, help_text="Đánh số ở sổ riêng, số có kèm năm."
    )

    def __init__(self, *args: Any, document: Document, **options: Any) -> None:
        super().__init__(*args, **options)
        known = signers_of(document.unit, document.kind, clock.today())
        self.fields["signer"].choices = [("", "Chưa chọn"), *((str(one.account_id), _signer(one)) for one in known)]

    @property
    def words(self) -> Words:
        kept = self.cleaned_data
        return Words(
            kind=kept["kind"],
            subject=kept["subject"],
            text=kept["text"],
            addressees=tuple(line for line in kept["addressees"].splitlines() if line.strip()),
            urgency=kept["urgency"],
            organ=kept["organ"],
            department=kept["department"],
            is_collective=kept["is_collective"],
            is_normative=kept["is_normative"],
            reply_on=kept["reply_on"],
            signer_id=int(kept["signer"]) if kept["signer"] else None,
        )


def _signer(one: Any) -> str:
    title = f", {one.title}" if one.title else ""
    how = f" ({one.capacity.mode}.)" if one.capacity else " – chưa được giao ký loại này"
    return f"{one.name}{title}{how}"


def initial_of(words: Words, revision: int) -> dict[str, Any]:
    """What the boxes show."""
    return {
        "kind": words.kind,
        "subject": words.subject,
        "text": words.text,
        "addressees": "\n".join(words.addressees),
        "urgency": words.urgency,
        "organ": words.organ,
        "department": words.department,
        "is_collective": words.is_collective,
        "is_normative": words.is_normative,
        "reply_on": words.reply_on,
        "signer": str(words.signer_id or ""),
        "revision": revision,
    }


class UploadForm(forms.Form):
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    file = forms.FileField(
        label="Tệp dự thảo",
        help_text="Word (.docx) hoặc PDF. Muốn ký số thì cần bản PDF có chỗ trống cho số và ngày.",
        error_messages={"required": "Hãy chọn tệp Word hoặc PDF."},
    )


class FileForm(forms.Form):
    file = forms.FileField(label="Tệp phụ lục", error_messages={"required": "Hãy chọn tệp."})


class ScanForm(forms.Form):
    scan = forms.FileField(
        label="Bản quét đã ký, ghi số, đóng dấu",
        help_text="PDF hoặc ảnh chụp rõ, đủ trang.",
        error_messages={"required": "Hãy chọn tệp bản quét."},
    )


class PaperForm(forms.Form):
    signed_on = DayField(label="Ngày ký", error_messages={"required": "Hãy ghi ngày người ký đã ký."})
    scan = forms.FileField(label="Bản quét (nếu có ngay)", required=False, help_text="Có thể tải lên sau khi ghi số.")


class CommentForm(forms.Form):
    text = forms.CharField(
        label="Góp ý", max_length=2000, widget=_area(3), error_messages={"required": "Hãy ghi nội dung góp ý."}
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Lý do", max_length=1000, widget=_area(3), error_messages={"required": "Hãy ghi lý do."}
    )


class NoteForm(forms.Form):
    note = forms.CharField(label="Ý kiến (nếu có)", required=False, max_length=1000, widget=_area(2))


class RecipientForm(forms.Form):
    channel = forms.ChoiceField(label="Cách gửi", choices=[(key, way.title) for key, way in moves.CHANNELS.items()])
    unit = forms.ChoiceField(label="Đơn vị trong hệ thống", required=False)
    name = forms.CharField(label="Tên nơi nhận", required=False, max_length=300)
    organ_code = forms.CharField(
        label="Mã định danh cơ quan", required=False, max_length=35, help_text="Cần khi gửi qua trục liên thông."
    )
    address = forms.CharField(
        label="Thư điện tử hoặc địa chỉ", required=False, max_length=254, help_text="Cần khi gửi bằng thư điện tử."
    )

    def __init__(self, *args: Any, units: list[Unit], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"].choices = [("", "Không, ghi tên ở dưới"), *((str(one.pk), one.full_name) for one in units)]


class FilterForm(forms.Form):
    words = forms.CharField(label="Số hoặc trích yếu", required=False, max_length=100)
    kind = forms.ChoiceField(label="Loại văn bản", required=False)
    state = forms.ChoiceField(label="Tình trạng", required=False, choices=[("", "Tất cả"), *Document.State.choices])
    book = forms.ChoiceField(label="Sổ", required=False)
    year = forms.ChoiceField(label="Năm", required=False)

    def __init__(self, *args: Any, books: list[Any], years: list[int], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = kind_choices("Tất cả")
        self.fields["book"].choices = [("", "Tất cả, cả dự thảo"), *((str(one.uuid), one.title) for one in books)]
        self.fields["year"].choices = [(str(year), str(year)) for year in years]


class FollowForm(forms.Form):
    state = forms.ChoiceField(label="Tình trạng", choices=list(moves.FOLLOWS.items()))
    note = forms.CharField(label="Ghi chú", required=False, max_length=500)


class BookForm(forms.Form):
    title = forms.CharField(label="Tên sổ", max_length=120, error_messages={"required": "Hãy ghi tên sổ."})
    kinds = forms.MultipleChoiceField(
        label="Loại văn bản", required=False, help_text="Bỏ trống: mọi loại chưa có sổ riêng.",
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )  # fmt: skip
    is_per_kind = forms.BooleanField(label="Mỗi loại một dãy số riêng", required=False)
    is_normative = forms.BooleanField(label="Sổ văn bản quy phạm pháp luật", required=False)
    is_secret = forms.BooleanField(label="Sổ văn bản mật (chỉ số và ngày)", required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kinds"].choices = kind_choices()


class ContinueForm(forms.Form):
    year = forms.IntegerField(label="Năm", min_value=2000, max_value=2100)
    last = forms.IntegerField(label="Số cuối cùng trong sổ giấy", min_value=1, max_value=1_000_000)


class SecretForm(forms.Form):
    kind = forms.ChoiceField(label="Loại văn bản")
    level = forms.ChoiceField(label="Độ mật", choices=[(key, title) for key, title in moves.LEVELS.items() if key])

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = kind_choices()


class DelegationForm(forms.Form):
    holder = forms.ChoiceField(label="Người được giao ký")
    mode = forms.ChoiceField(label="Cách ký", choices=list(capacity.BY_DELEGATION.items()))
    document_no = forms.CharField(label="Theo văn bản số", max_length=60, help_text="Ví dụ 05/QĐ-UBND.")
    valid_from = DayField(label="Từ ngày")
    valid_to = DayField(label="Đến hết ngày", required=False)
    kinds = forms.MultipleChoiceField(
        label="Loại văn bản", required=False, help_text="Bỏ trống: mọi loại.",
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )  # fmt: skip
    scope = forms.CharField(label="Lĩnh vực, phạm vi", required=False, max_length=300)

    def __init__(self, *args: Any, posts: list[Post], **options: Any) -> None:
        super().__init__(*args, **options)
        named = {str(post.account_id): f"{post.account.person} – {post.title or post.role}" for post in posts}
        self.fields["holder"].choices = list(named.items())
        self.fields["kinds"].choices = kind_choices()

    @property
    def terms(self) -> Terms:
        kept = self.cleaned_data
        return Terms(
            kept["mode"], kept["document_no"], kept["valid_from"], kept["valid_to"], tuple(kept["kinds"]), kept["scope"]
        )


class EndForm(forms.Form):
    on = DayField(label="Ngày cuối cùng")
