"""What failed is said and done again, and what was typed stays where it is (TRUST U18, U19)."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from tests.browser.looking import session_cookie
from tests.phones import code_of, with_phone
from tests.world import PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture
def card(live_server, page, anna, deal, log_in):
    """Anna's page of a deal, with the field of its title begun."""
    log_in(page, anna).goto(f"{live_server.url}/deals/{deal.pk}/")
    page.get_by_role("link", name="Edit the title").click()
    page.locator("#field-title input[name=value]").fill("Typed")
    return page


def log_in_again(page, person):
    dialog = page.locator("#log-in")
    dialog.get_by_label("E-mail").fill(person.email)
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Log in").click()


def save(page):
    page.locator("#field-title").get_by_role("button", name="Save").click()


def test_a_log_in_that_ended_is_asked_for_in_a_dialog_and_the_action_goes_on(card, anna, deal):
    Session.objects.all().delete()
    save(card)
    expect(card.locator("#field-title input[name=value]")).to_have_value("Typed")
    card.locator("#log-in").get_by_label("Password").fill("wrong")
    card.locator("#log-in").get_by_role("button", name="Log in").click()
    expect(card.locator("#log-in .alert, #log-in .invalid-feedback").first).to_be_visible()
    log_in_again(card, anna)
    expect(card.locator("#field-title h1")).to_have_text("Typed")
    expect(card.locator("#log-in")).to_be_hidden()
    card.locator("#note-text").fill("and on it goes, with the fresh token")
    card.locator("#composer").get_by_role("button", name="Save").click()
    expect(card.locator(".tl-body")).to_have_text("and on it goes, with the fresh token")


def test_the_dialog_asks_for_the_second_factor_too(card, anna, deal):
    secret = with_phone(anna)
    Session.objects.all().delete()
    save(card)
    log_in_again(card, anna)
    card.locator("#log-in input[name=code]").fill(code_of(secret))
    card.locator("#log-in").get_by_role("button", name="Log in").click()
    expect(card.locator("#field-title h1")).to_have_text("Typed")


@pytest.mark.parametrize("answer", ["the server's toast", "a gateway's page", "no network"])
def test_a_look_that_fails_says_nothing_and_the_failed_save_says_it_once(card, live_server, answer):
    def fail(route):
        if answer == "no network":
            route.abort()
        elif answer == "a gateway's page":
            route.fulfill(status=503, body="x")
        else:
            toast = '<div class="toast" data-kind="error"><button data-retry>Try again</button></div>'
            headers = {"HX-Retarget": "#toasts", "HX-Reswap": "beforeend"}
            route.fulfill(status=503, body=toast, headers=headers)

    card.route("**/deals/**", fail)
    save(card)
    expect(card.locator("#toasts .toast")).to_have_count(1)
    for _twice in range(2):
        with card.expect_event("requestfinished" if answer != "no network" else "requestfailed"):
            card.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(card.locator("#toasts .toast")).to_have_count(1)
    card.unroute("**/deals/**")
    card.get_by_role("button", name="Try again").click()
    expect(card.locator("#field-title h1")).to_have_text("Typed")


def test_another_person_who_logs_in_there_sends_nothing(card, boris, deal):
    Session.objects.all().delete()
    save(card)
    log_in_again(card, boris)
    expect(card.get_by_role("heading", name="Not found")).to_be_visible()
    deal.refresh_from_db()
    assert deal.version == 1


def test_a_dialog_left_without_a_log_in_says_so_and_offers_it_again(card):
    Session.objects.all().delete()
    save(card)
    card.locator("#log-in").get_by_role("button", name="Close").click()
    toast = card.locator("#toasts .toast")
    expect(toast).to_contain_text("no longer logged in")
    toast.get_by_role("button", name="Try again").click()
    expect(card.locator("#log-in").get_by_label("Password")).to_be_visible()


def test_a_log_in_in_another_tab_is_not_noticed(card, deal, anna, live_server):
    card.context.clear_cookies()
    card.context.add_cookies([session_cookie(anna, live_server.url)])
    with card.context.new_page() as other:
        other.goto(f"{live_server.url}/profile/")
    save(card)
    expect(card.locator("#field-title h1")).to_have_text("Typed")


def test_a_failure_behind_a_dialog_is_said_in_front_of_it(card, owner, deal, live_server, log_in):
    card.context.clear_cookies()
    log_in(card, owner).goto(f"{live_server.url}/deals/{deal.pk}/")
    card.get_by_role("link", name=re.compile("Responsible")).click()
    dialog = card.locator("#dialogs dialog")
    dialog.locator("select").select_option(label="Owner Ownerov")
    card.route("**/assign/", lambda route: route.fulfill(status=503, body="x"), times=1)
    dialog.get_by_role("button", name="Hand over").click()
    card.get_by_role("button", name="Try again").click()
    expect(card.get_by_text("Responsible: Owner Ownerov")).to_be_visible()
