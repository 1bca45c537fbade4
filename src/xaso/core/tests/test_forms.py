"""A refusal stands where the reader typed; what no form can mend goes on to the page that says it."""

import pytest
from django import forms

from xaso.core.forms import checked, refusals_on
from xaso.kit.errors import Forbidden, Missing, Refused


class AskForm(forms.Form):
    name = forms.CharField(label="Họ và tên", error_messages={"required": "hãy ghi."})
    age = forms.IntegerField(label="Tuổi", required=False)

    def clean(self):
        if self.cleaned_data.get("name") == "Nobody":
            raise forms.ValidationError("Không có người này.")
        return self.cleaned_data


def typed(**values):
    form = AskForm(values)
    form.is_valid()
    return form


@pytest.mark.parametrize("field", [None, "age"])
def test_a_refusal_stands_on_the_form_and_nothing_typed_is_lost(field):
    form = typed(name="Lan", age="40")
    with refusals_on(form, field):
        raise Refused("Đã có người này.")
    assert form.errors[field or "__all__"] == ["Đã có người này."]
    assert form["name"].value() == "Lan"


def test_what_is_not_refused_leaves_the_form_as_it_was():
    form = typed(name="Lan")
    with refusals_on(form):
        pass
    assert not form.errors


@pytest.mark.parametrize("error", [Forbidden("Không được giao."), Missing("Không còn."), ValueError("a fault")])
def test_what_no_form_can_mend_is_not_put_on_it(error):
    form = typed(name="Lan")
    with pytest.raises(type(error)), refusals_on(form):
        raise error
    assert not form.errors


@pytest.mark.parametrize(
    ("values", "sentence"),
    [({}, "Họ và tên: hãy ghi."), ({"name": "Nobody"}, "Không có người này.")],
)
def test_a_mistake_in_a_fold_is_told_as_one_sentence(values, sentence):
    with pytest.raises(Refused) as refusal:
        checked(AskForm(values))
    assert refusal.value.message == sentence


def test_what_was_typed_without_mistake_is_given():
    assert checked(AskForm({"name": "Lan", "age": "40"})) == {"name": "Lan", "age": 40}
