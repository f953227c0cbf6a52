"""What a form says of a wrong value is short, and ours in both languages."""

import pytest
from django import forms
from django.utils.translation import override

from accounts.models import Role
from ui.forms import NumberField


class Everything(forms.Form):
    choice = forms.ChoiceField(choices=[("a", "A")])
    choices = forms.MultipleChoiceField(choices=[("a", "A")])
    row = forms.ModelChoiceField(Role.objects.all())
    rows = forms.ModelMultipleChoiceField(Role.objects.all())
    text = forms.CharField(max_length=3)
    number = NumberField(max_digits=4, decimal_places=2, max_value=99)


WRONG = {
    "choice": "x",
    "choices": ["x"],
    "row": "999999",
    "rows": ["zzz"],
    "text": "four",
    "number": "123456,789",
}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "no_choice", "too_long"),
    [
        ("en", "There is no such choice in the list.", "Too long: 4 characters, at most 3 fit."),
        ("ru", "Такого варианта нет в списке.", "Слишком длинно: знаков 4, а помещается 3."),
    ],
)
def test_a_wrong_value_is_told_in_one_short_sentence(language, no_choice, too_long):
    with override(language):
        errors = Everything(WRONG).errors
        for name in ("choice", "choices", "row", "rows"):
            assert errors[name] == [no_choice]
        assert errors["text"] == [too_long]
        said = [str(sentence) for sentences in errors.values() for sentence in sentences]
    assert not [sentence for sentence in said if "Ensure" in sentence or "Убедитесь" in sentence]
    assert max(map(len, said)) < 80
