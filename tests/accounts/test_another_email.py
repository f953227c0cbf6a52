"""Another e-mail to log in with: the password is asked again, its letter is answered, both are told (S14)."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import SecurityEvent, User
from tests.filled import fill_in
from tests.jobs import letters, link_in
from tests.world import PASSWORD

PAGE, OWN = reverse("accounts:email_change"), reverse("accounts:profile")
NEW = "anna@new.example"


@pytest.fixture
def browser(logged_in, anna):
    return logged_in(anna)


def ask(browser, email=NEW, password=PASSWORD):
    return browser.post(PAGE, {"email": email, "password": password})


@pytest.fixture
def link(browser):
    """The link of the letter to the new address."""
    ask(browser)
    [letter] = letters()
    assert letter.to == [NEW]
    return link_in(letter)


def is_over(answer):
    """Whether the link led to the own page, where it is said."""
    return answer["Location"] == OWN and answer.status_code == 302


def email_of(person):
    return User.objects.get(pk=person.pk).email


def test_a_person_changes_it_and_both_addresses_are_told(browser, anna):
    before = anna.email
    assert ask(browser, "Anna@New.example")["Location"] == OWN
    assert NEW in browser.get(OWN).text
    assert email_of(anna) == before, "nothing changes before the letter is answered"
    [letter] = letters()
    link = link_in(letter)
    assert before in browser.get(link).text
    assert email_of(anna) == before, "a mail scanner opens links too"
    assert browser.post(link)["Location"] == OWN
    assert email_of(anna) == NEW
    assert [letter.to for letter in letters()] == [[before], [NEW]]
    assert Client().login(email=NEW, password=PASSWORD)
    assert not Client().login(email=before, password=PASSWORD)
    event = SecurityEvent.objects.get(kind="email_changed")
    assert (event.user, event.particulars["before"], event.particulars["after"]) == (anna, before, NEW)
    assert "This link no longer works" in browser.post(link, follow=True).text


@pytest.mark.parametrize(
    ("email", "password", "field"),
    [
        (NEW, "wrong-password", "password"),
        (NEW, "", "password"),
        ("ANNA@example.com", PASSWORD, "email"),
        ("boris@example.com", PASSWORD, "email"),
        ("no address", PASSWORD, "email"),
        ("x@example.com\r\nBcc: thief@example.com", PASSWORD, "email"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_no_letter_goes(browser, anna, boris, email, password, field):
    answer = ask(browser, email, password)
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {field})
    assert User.objects.get(pk=anna.pk).new_email == ""
    assert letters() == []


def test_the_page_has_what_is_asked_for(browser, anna):
    fill_in(browser, PAGE, form="email-form", email=NEW, password=PASSWORD)
    assert User.objects.get(pk=anna.pk).new_email == NEW


def test_a_stranger_who_gets_the_letter_by_a_slip_can_do_nothing_with_it(logged_in, link, anna, vera):
    assert Client().get(link)["Location"].startswith(reverse(settings.LOGIN_URL))
    assert is_over(logged_in(vera).post(link))
    assert email_of(anna) == "anna@example.com"


def test_a_link_works_for_an_hour(browser, link):
    with time_machine.travel(timezone.now() + timedelta(minutes=61), tick=False):
        assert is_over(browser.get(link))


@pytest.mark.parametrize("change", [{"password": "an-other-boat-of-four"}, {"email": "anna@third.example"}])
def test_a_link_dies_when_password_or_e_mail_is_another(logged_in, link, anna, admin, change):
    now = anna.change(by=admin, **change)
    assert is_over(logged_in(now).post(link))
    assert email_of(anna) == now.email


def test_another_wish_ends_the_link_before(browser, link):
    ask(browser, "anna@third.example")
    assert is_over(browser.get(link))
    [letter] = letters()
    assert browser.get(link_in(letter)).status_code == 200


def test_an_e_mail_that_somebody_has_by_now_is_not_taken(browser, link, boris, admin, anna):
    boris.change(email=NEW, by=admin)
    assert is_over(browser.post(link))
    assert (email_of(anna), email_of(boris)) == ("anna@example.com", NEW)


def test_whose_e_mail_an_admin_changes_is_told_at_both_addresses(anna, admin):
    anna.change(email=NEW, by=admin)
    assert [letter.to for letter in letters()] == [["anna@example.com"], [NEW]]


def test_no_other_table_remembers_an_address(browser, link, anna):
    """allauth looks for people in a table of addresses too: one that is left there still opens the door."""
    browser.post(link)
    assert not anna.emailaddress_set.exists()
    letters()
    Client().post(reverse("account_reset_password"), {"email": "anna@example.com"})
    assert letters() == []
