"""A dossier's page at the desk and the verbs on it: each a form of its own, each one action."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse

from xaso.core.access import Actor
from xaso.core.accounts.queries import posts_in
from xaso.core.files import actions as files
from xaso.core.forms import refusals_on
from xaso.core.screens import Answer, declare, screen, told
from xaso.core.units.queries import communes
from xaso.kit import clock
from xaso.kit.sure import sure
from xaso.modules.dossiers import queries, rules
from xaso.modules.dossiers.actions import closing, payment, processing, reception, telling
from xaso.modules.dossiers.forms import ReasonForm, SupplementForm
from xaso.modules.dossiers.models import Dossier
from xaso.modules.dossiers.screens.showing import picture
from xaso.ui.forms import DayField

END_OF_DAY = time(17)


@screen("dossiers/desk/show.html", permission="desk.use", logs_reading=True)
def show(request: HttpRequest, key: UUID) -> Answer:
    dossier = queries.dossier(request.actor, key)
    found = picture(request, dossier)
    owes = _owes_apology(dossier)
    return found | {
        "verbs": verbs_for(request.actor, dossier),
        "owes_apology": owes,
        "may_apologise": owes and request.actor.may("dossiers.apologise", on=dossier),
        "consultations": list(dossier.consultations.select_related("asked_unit").order_by("pk")),
        "may_print_control": dossier.number is not None and request.actor.may("dossiers.print_control", on=dossier),
        "twins": [
            twin
            for twin in queries.duplicates(
                dossier.unit_path, dossier.applicant_id, dossier.procedure_id, clock.local(dossier.submitted_at).date()
            )
            if twin.pk != dossier.pk
        ],
    }


# verb → (permission, label, kind of button, needs a page of its own)
_VERBS: dict[str, tuple[str, str, str, bool]] = {
    "accept": ("dossiers.accept", "Tiếp nhận", "primary", True),
    "forward": ("dossiers.forward", "Chuyển xử lý", "primary", False),
    "sign": ("dossiers.sign_result", "Ký duyệt kết quả", "primary", False),
    "finish_step": ("dossiers.finish_step", "Hoàn thành bước", "primary", False),
    "resume": ("dossiers.resume", "Nhận đủ giấy tờ, xử lý tiếp", "primary", False),
    "confirm_duty": ("dossiers.confirm_duty", "Xác nhận đã nộp nghĩa vụ", "primary", True),
    "return_result": ("dossiers.return_result", "Trả kết quả", "primary", True),
    "attach_result": ("dossiers.attach_result", "Đính kèm kết quả", "", True),
    "refuse_result": ("dossiers.refuse_result", "Trả lại để làm lại", "", True),
    "supplement": ("dossiers.request_supplement", "Yêu cầu bổ sung", "", True),
    "supplement_before": ("dossiers.request_supplement_before", "Yêu cầu bổ sung", "", True),
    "set_fee": ("dossiers.set_fee", "Xác định mức phí", "", True),
    "duty": ("dossiers.request_duty", "Chờ nghĩa vụ tài chính", "", True),
    "consult": ("dossiers.consult", "Lấy ý kiến", "", True),
    "assign": ("dossiers.assign", "Phân công", "", True),
    "apologise": ("dossiers.apologise", "Xin lỗi, hẹn lại", "", True),
    "decline": ("dossiers.decline", "Từ chối tiếp nhận", "danger", True),
    "stop": ("dossiers.stop", "Dừng xử lý", "danger", True),
    "withdraw": ("dossiers.withdraw", "Công dân xin rút", "danger", True),
}
_IN_STATE: dict[int, tuple[str, ...]] = {
    1: ("accept", "supplement_before", "decline", "withdraw"),
    2: ("forward", "set_fee", "assign", "apologise", "withdraw"),
    4: ("sign", "finish_step", "attach_result", "refuse_result", "supplement", "set_fee", "duty", "consult", "assign",
        "apologise", "stop", "withdraw"),
    5: ("resume", "stop", "withdraw"),
    6: ("confirm_duty", "apologise", "stop", "withdraw"),
    9: ("return_result", "set_fee", "attach_result", "apologise"),
}  # fmt: skip


def verbs_for(by: Actor, dossier: Dossier) -> list[dict[str, Any]]:
    """Buttons this officer may press now, the main one first: until then an apology that is owed."""
    found = []
    owes = _owes_apology(dossier)
    for verb in () if dossier.is_mirror else _IN_STATE.get(dossier.state, ()):
        permission, label, kind, has_page = _VERBS[verb]
        if by.may(permission, on=dossier) and _fits(by, dossier, verb):
            url = reverse(f"desk-dossiers:{'verb' if has_page else 'press'}_{verb}", kwargs={"key": dossier.uuid})
            if owes and kind != "danger":
                kind = "primary" if verb == "apologise" else ""
            found.append({"verb": verb, "label": label, "kind": kind, "has_page": has_page, "url": url})
    return sorted(found, key=lambda one: one["verb"] != "apologise") if owes else found


def _owes_apology(dossier: Dossier) -> bool:
    """Late, or done late, and nobody said sorry. A dossier that waits for its resident is not late."""
    state = dossier.state
    if dossier.is_mirror or state not in {rules.State.ACCEPTED, rules.State.PROCESSING, rules.State.FINISHED}:
        return False
    return rules.owes_apology(dossier.finished_at or clock.now(), dossier.due_at, dossier.apologised_at)


def _fits(by: Actor, dossier: Dossier, verb: str) -> bool:
    holds = any(grant.role == dossier.step_role and grant.unit_path == dossier.unit_path for grant in by.grants)
    if verb in {"sign", "refuse_result"}:
        return dossier.step_role == "leader" and holds
    if verb == "finish_step":
        return dossier.step_role != "leader" and holds
    if verb == "set_fee":
        return dossier.payment_state == Dossier.Payment.UNKNOWN
    if verb == "apologise":
        return dossier.state != rules.State.FINISHED or _owes_apology(dossier)
    if verb in {"resume", "stop"}:
        return dossier.number is not None
    return True


@declare("desk.use")
def press(request: HttpRequest, key: UUID, verb: str) -> HttpResponse:
    """The verbs that need nothing but a press, with an optional remark."""
    dossier = queries.dossier(request.actor, key)
    if request.method == "POST":
        remark = request.POST.get("remark", "")[:1000]
        told(request, _PRESS[verb](request.actor, dossier, remark))
    return redirect("desk-dossiers:show", key=key)


def _forward(by: Actor, dossier: Dossier, remark: str) -> str:
    del remark
    reception.forward_dossier(by, dossier)
    return "Đã chuyển xử lý."


def _sign(by: Actor, dossier: Dossier, remark: str) -> str:
    processing.sign_result(by, dossier, remark=remark)
    return "Đã ký duyệt."


def _finish(by: Actor, dossier: Dossier, remark: str) -> str:
    processing.finish_step(by, dossier, remark=remark)
    return "Đã hoàn thành bước và chuyển tiếp." if dossier.state == rules.State.PROCESSING else "Hồ sơ đã xử lý xong."


def _resume(by: Actor, dossier: Dossier, remark: str) -> str:
    del remark
    processing.resume_dossier(by, dossier)
    return f"Đã nhận đủ giấy tờ. Ngày hẹn trả mới: {clock.local(sure(dossier.due_at)):%d/%m/%Y}."


_PRESS: dict[str, Callable[[Actor, Dossier, str], str]] = {
    "forward": _forward,
    "sign": _sign,
    "finish_step": _finish,
    "resume": _resume,
}


class AcceptForm(forms.Form):
    """What the fee depends on, when the procedure asks for a fee."""

    count = forms.IntegerField(
        label="Số bản / số trang / số việc", min_value=1, max_value=500, initial=1, required=False
    )
    groups = forms.CharField(label="Đối tượng miễn giảm (mã, cách nhau bằng dấu phẩy)", required=False, max_length=200)
    forward = forms.BooleanField(label="Chuyển xử lý ngay", required=False, initial=True)


class DutyForm(forms.Form):
    notice = forms.CharField(label="Số thông báo hoặc chứng từ", max_length=200)


class FeeForm(forms.Form):
    amount = forms.IntegerField(label="Số tiền (đồng)", min_value=0, max_value=10**10, help_text="Ghi 0 khi không thu.")
    basis = forms.CharField(label="Căn cứ", max_length=300, help_text="Biểu phí, nghị quyết, hoặc lý do không thu.")


class ApologyForm(forms.Form):
    reason = forms.CharField(label="Lý do chậm", widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)
    new_due = DayField(label="Ngày hẹn trả mới")
    override_reason = forms.CharField(
        label="Lý do cho phép hẹn lại lần nữa",
        required=False,
        max_length=500,
        help_text="Chỉ phụ trách bộ phận ghi ô này.",
    )


class ReturnForm(forms.Form):
    handed_to = forms.CharField(label="Người nhận", max_length=120)
    handed_how = forms.CharField(
        label="Giấy tờ đã kiểm tra", max_length=200, required=False,
        help_text="Ví dụ: CCCD của người nộp; hoặc giấy uỷ quyền và CCCD người được uỷ quyền.",
    )  # fmt: skip


class ResultForm(forms.Form):
    file = forms.FileField(label="Tệp kết quả", help_text="PDF đã ký, không quá 20 MB.")
    number = forms.CharField(label="Số, ký hiệu kết quả", max_length=60, required=False)


class AssignForm(forms.Form):
    to = forms.ChoiceField(label="Giao cho")


class ConsultForm(forms.Form):
    unit = forms.ChoiceField(label="Đơn vị được hỏi")
    question = forms.CharField(label="Nội dung cần ý kiến", widget=forms.Textarea(attrs={"rows": 4}), max_length=2000)
    answer_by = DayField(label="Trả lời trước ngày")


_FORMS: dict[str, type[forms.Form]] = {
    "accept": AcceptForm,
    "decline": ReasonForm,
    "supplement": SupplementForm,
    "supplement_before": SupplementForm,
    "duty": DutyForm,
    "set_fee": FeeForm,
    "confirm_duty": DutyForm,
    "apologise": ApologyForm,
    "return_result": ReturnForm,
    "attach_result": ResultForm,
    "refuse_result": ReasonForm,
    "assign": AssignForm,
    "consult": ConsultForm,
    "stop": ReasonForm,
    "withdraw": ReasonForm,
}


@screen("dossiers/desk/verb.html", permission="desk.use")
def verb_page(request: HttpRequest, key: UUID, verb: str) -> Answer:
    """One verb with its form. A refusal stays on the page with everything that was typed."""
    dossier = queries.dossier(request.actor, key)
    form = _form(request, verb, dossier)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            sentence = _DO[verb](request.actor, dossier, form.cleaned_data)
            told(request, sentence)
            return redirect("desk-dossiers:show", key=key)
    _, label, kind, _ = _VERBS[verb]
    return {"dossier": dossier, "form": form, "label": label, "kind": kind, "verb": verb}


def _form(request: HttpRequest, verb: str, dossier: Dossier) -> forms.Form:
    initial = {"handed_to": dossier.applicant_name} if verb == "return_result" else None
    form = _FORMS[verb](request.POST or None, request.FILES or None, initial=initial)
    if verb == "assign":
        form.fields["to"].choices = [(str(p.account.uuid), f"{p.account.person.full_name} – {p.title or p.role}")
                                     for p in posts_in(dossier.unit_path)]  # fmt: skip
    if verb == "consult":
        form.fields["unit"].choices = [(str(unit.pk), str(unit)) for unit in communes(clock.today())]
    return form


def _accept(by: Actor, dossier: Dossier, data: dict[str, Any]) -> str:
    count = data["count"] or 1
    groups = tuple(part.strip() for part in data["groups"].split(",") if part.strip())
    price = reception.Price({"page": count, "copy": count, "act": count}, groups)
    reception.accept_dossier(by, dossier, price=price, forward=data["forward"])
    return f"Đã tiếp nhận, mã hồ sơ {dossier.number}. Hẹn trả {clock.local(sure(dossier.due_at)):%H:%M ngày %d/%m/%Y}."


def _supplement(by: Actor, dossier: Dossier, data: dict[str, Any]) -> str:
    approved = by if by.may("dossiers.override", on=dossier) else None
    processing.request_supplement(by, dossier, items=data["items"], reason=data["reason"], approved_by=approved)
    return "Đã lập phiếu yêu cầu bổ sung và báo người nộp."


def _supplement_before(by: Actor, dossier: Dossier, data: dict[str, Any]) -> str:
    reception.request_supplement_before(by, dossier, items=data["items"], reason=data["reason"])
    return "Đã lập phiếu yêu cầu bổ sung và báo người nộp."


def _attach(by: Actor, dossier: Dossier, data: dict[str, Any]) -> str:
    kept = files.upload_ahead(by, data["file"], kind="result", accept=("pdf",))
    processing.attach_result(by, dossier, upload=kept.uuid, number=data["number"])
    return "Đã đính kèm kết quả."


def _assign(by: Actor, dossier: Dossier, data: dict[str, Any]) -> str:
    post = next(p for p in posts_in(dossier.unit_path) if str(p.account.uuid) == data["to"])
    processing.assign(by, dossier, to=post.account)
    return f"Đã giao cho {post.account.person.full_name}."


def _consult(by: Actor, dossier: Dossier, data: dict[str, Any]) -> str:
    unit = next(one for one in communes(clock.today()) if str(one.pk) == data["unit"])
    answer_by = datetime.combine(data["answer_by"], END_OF_DAY, tzinfo=clock.VIETNAM)
    processing.consult(by, dossier, asked=unit, question=data["question"], answer_by=answer_by)
    return f"Đã gửi câu hỏi đến {unit.full_name}."


def _apologise(by: Actor, dossier: Dossier, data: dict[str, Any]) -> str:
    new_due = datetime.combine(data["new_due"], END_OF_DAY, tzinfo=clock.VIETNAM)
    processing.apologise(by, dossier, reason=data["reason"], new_due=new_due, override_reason=data["override_reason"])
    return f"Đã xin lỗi và hẹn lại ngày {data['new_due']:%d/%m/%Y}."


def _set_fee(by: Actor, dossier: Dossier, data: dict[str, Any]) -> str:
    payment.set_fee(by, dossier, amount=data["amount"], basis=data["basis"])
    return "Đã xác định mức phí."


def _return(by: Actor, dossier: Dossier, data: dict[str, Any]) -> str:
    closing.return_result(by, dossier, handed_to=data["handed_to"], handed_how=data["handed_how"])
    return "Đã trả kết quả."


def _plain(action: Callable[..., Any], sentence: str, name: str = "reason", source: str = "reason") -> Any:
    def do(by: Actor, dossier: Dossier, data: dict[str, Any]) -> str:
        action(by, dossier, **{name: data[source]})
        return sentence

    return do


_DO: dict[str, Callable[[Actor, Dossier, dict[str, Any]], str]] = {
    "accept": _accept,
    "supplement": _supplement,
    "supplement_before": _supplement_before,
    "attach_result": _attach,
    "assign": _assign,
    "consult": _consult,
    "apologise": _apologise,
    "return_result": _return,
    "set_fee": _set_fee,
    "decline": _plain(reception.decline_dossier, "Đã từ chối tiếp nhận và báo người nộp."),
    "duty": _plain(processing.request_duty, "Đã tạm dừng chờ nghĩa vụ tài chính.", "notice", "notice"),
    "confirm_duty": _plain(processing.confirm_duty, "Đã xác nhận, thời hạn tính tiếp.", "proof", "notice"),
    "refuse_result": _plain(processing.refuse_result, "Đã trả lại để làm lại."),
    "stop": _plain(closing.stop_dossier, "Đã dừng xử lý và báo người nộp."),
    "withdraw": _plain(closing.withdraw_dossier, "Đã ghi nhận công dân rút hồ sơ."),
}


@declare("desk.use")
def print_control(request: HttpRequest, key: UUID) -> HttpResponse:
    """Mẫu 06, made from the timeline."""
    dossier = queries.dossier(request.actor, key)
    if request.method == "POST":
        paper = telling.print_control_sheet(request.actor, dossier)
        return redirect("desk-papers:download", uuid=paper.uuid)
    return redirect("desk-dossiers:show", key=key)


@screen("dossiers/desk/consultation.html", permission="dossiers.answer_consultation")
def consultation(request: HttpRequest, key: UUID) -> Answer:
    """Answer another unit's question. Only the question is seen, not their dossier."""
    asked = queries.consultation(request.actor, key)
    form = ReasonForm(request.POST or None)
    form.fields["reason"].label = "Ý kiến trả lời"
    if request.method == "POST" and form.is_valid():
        processing.answer_consultation(request.actor, asked, answer=form.cleaned_data["reason"])
        told(request, "Đã gửi ý kiến trả lời.")
        return redirect("desk:home")
    return {"asked": asked, "form": form}


urlpatterns = [
    path("<uuid:key>/", show, name="show"),
    path("<uuid:key>/control/", print_control, name="print_control"),
    *(path(f"<uuid:key>/press/{verb}/", press, {"verb": verb}, name=f"press_{verb}") for verb in _PRESS),
    *(path(f"<uuid:key>/{verb}/", verb_page, {"verb": verb}, name=f"verb_{verb}") for verb in _FORMS),
    path("consultation/<uuid:key>/", consultation, name="consultation"),
]
