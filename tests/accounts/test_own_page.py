"""A person's own page: it answers in the language chosen, and a new password leads back to it."""

import pytest
from django.urls import reverse

from tests.world import PASSWORD

PROFILE = reverse("accounts:profile")
CHOSEN = {"theme": "", "density": "", "time_zone": "", "single_keys": "on"}


@pytest.mark.parametrize(("language", "said"), [("", "Сохранено."), ("en", "Saved.")])
def test_it_is_saved_in_the_language_that_is_chosen(logged_in, anna, language, said):
    answer = logged_in(anna).post(
        PROFILE, CHOSEN | {"language": language}, headers={"accept-language": "ru"}, follow=True
    )
    assert [str(message) for message in answer.context["messages"]] == [said]


def test_languages_are_called_in_themselves_and_choices_begin_alike(logged_in, anna):
    fields = logged_in(anna).get(PROFILE).context["form"].fields
    assert [str(label) for _code, label in fields["language"].choices][1:] == ["Русский", "English"]
    for name in ("theme", "density"):
        assert all(str(label)[0].isupper() for _value, label in fields[name].choices)


def test_a_changed_password_leads_back_to_the_own_page(logged_in, anna):
    new = "five-lakes-and-a-raft"
    answer = logged_in(anna).post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
        follow=True,
    )
    assert answer.redirect_chain == [(PROFILE, 302)]
    assert "The password is changed." in answer.text
