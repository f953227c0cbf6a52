"""A person sees where he is logged in, and ends it (TRUST S9, S11)."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from accounts import sessions
from accounts.models import Role, SecurityEvent
from tests.world import PASSWORD

CHROMIUM = "AppleWebKit/537.36 (KHTML, like Gecko)"
WINDOWS = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROMIUM} Chrome/142.0.0.0 Safari/537.36"
PHONE = f"Mozilla/5.0 (Linux; Android 16; K) {CHROMIUM} Chrome/141.0.0.0 YaBrowser/25.10 Mobile Safari/537.36"


@pytest.fixture(autouse=True)
def not_seen_yet():
    sessions._noted.clear()


def browser(person, user_agent=WINDOWS, address="198.51.100.7"):
    """A browser at `address` in which the person has logged in."""
    client = Client(headers={"User-Agent": user_agent, "X-Forwarded-For": address})
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    return client


def is_in(client):
    return client.get("/profile/").status_code == 200


def shown(client):
    return client.get("/profile/").context["sessions"]


def test_he_sees_each_device_with_its_address_and_this_one_first(anna):
    here = browser(anna)
    browser(anna, PHONE, "203.0.113.9")
    listed = shown(here)
    assert [(each.device, each.ip, each.is_this) for each in listed] == [
        ("Chrome, Windows", "198.51.100.7", True),
        ("Yandex Browser, Android", "203.0.113.9", False),
    ]
    assert all(timezone.now() - each.last_seen_at < timedelta(minutes=1) for each in listed)


def test_a_device_that_he_ends_is_out_at_its_next_request(anna):
    here, phone, tablet = browser(anna), browser(anna, PHONE), browser(anna)
    ended = phone.session.session_key
    chosen = next(each for each in shown(here) if each.session_key == ended)
    assert here.post("/profile/sessions/end/", {"session": chosen.pk}).status_code == 303
    assert (is_in(here), is_in(phone), is_in(tablet)) == (True, False, True)
    assert len(shown(here)) == 2


def test_he_ends_all_others_at_once(anna):
    here, phone, tablet = browser(anna), browser(anna, PHONE), browser(anna)
    here.post("/profile/sessions/end/")
    assert (is_in(here), is_in(phone), is_in(tablet)) == (True, False, False)
    event = SecurityEvent.objects.get(kind="sessions_ended")
    assert (event.user, event.particulars) == (anna, {"count": 2})


def test_nobody_ends_the_log_in_of_another(anna, boris):
    here, his = browser(anna), browser(boris)
    of_boris = boris.usersession_set.get()
    answers = [here.post("/profile/sessions/end/", {"session": pk}) for pk in (of_boris.pk, 987654321, "x")]
    assert [answer.status_code for answer in answers] == [422] * 3
    assert is_in(his)


def test_the_log_out_ends_it_on_the_server(anna):
    here = browser(anna)
    key = here.session.session_key
    here.post("/accounts/logout/")
    here.cookies["sessionid"] = key
    assert not is_in(here)


def test_a_new_password_ends_the_log_ins_on_other_devices(anna):
    here, phone = browser(anna), browser(anna, PHONE)
    new = "seven-boats-on-a-lake"
    here.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert (is_in(here), is_in(phone)) == (True, False)
    assert len(shown(here)) == 1


@pytest.mark.parametrize("change", [{"password": "seven-boats-on-a-lake"}, {"is_active": False}])
def test_an_admin_who_takes_access_or_sets_a_password_ends_them_all(anna, admin, change):
    here = browser(anna)
    anna.change(by=admin, **change)
    assert not is_in(here)
    assert not anna.usersession_set.exists()


def test_a_session_that_is_in_use_keeps_its_last_moment_without_writing_each_time(anna):
    here = browser(anna)
    is_in(here)
    anna.usersession_set.update(last_seen_at=timezone.now() - timedelta(hours=1))
    is_in(here)
    assert timezone.now() - anna.usersession_set.get().last_seen_at > timedelta(minutes=59)
    sessions._noted[here.session.session_key] -= sessions.NOTED_EVERY_SECONDS
    is_in(here)
    assert timezone.now() - anna.usersession_set.get().last_seen_at < timedelta(minutes=1)


# S9: what is taken away is gone at the next request, wherever that is made

FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def everywhere(pipeline, deal):
    """(address, headers) of a page, a fragment, what a board asks again and again, and the administration."""
    return [
        ("/deals/", {}),
        (f"/deals/{deal.pk}/field/title/", FRAGMENT),
        (f"/board/{pipeline.pk}/changes?since=0", FRAGMENT),
        ("/admin/", {}),
    ]


def test_who_is_let_go_is_out_everywhere_at_the_next_request(admin, owner, everywhere):
    Role.objects.filter(code="owner").update(configures=True)
    for path, headers in everywhere:
        owner.change(by=admin, is_active=True, can_log_in=True)
        client = browser(owner)
        assert client.get(path, headers=headers).status_code in (200, 204), path
        owner.change(by=admin, is_active=False)
        answer = client.get(path, headers=headers)
        if headers:
            assert answer.status_code == 401, path
        else:
            assert answer.headers["Location"].startswith(("/accounts/login/", "/admin/login/")), path


@pytest.fixture
def raised(vera, admin):
    """vera, a stranger to the deal, who may see and configure everything for now."""
    return vera.change(by=admin, role=admin.role)


@pytest.fixture
def lower(admin, raised):
    """A function that makes her a sales manager again."""
    return lambda: raised.change(by=admin, role=Role.objects.get(code="manager"))


@pytest.mark.parametrize("number", range(4))
def test_a_lowered_role_sees_less_everywhere_at_the_next_request(everywhere, raised, lower, deal, number):
    path, headers = everywhere[number]
    client = browser(raised)
    assert client.get(path, headers=headers).status_code in (200, 204)
    lower()
    answer = client.get(path, headers=headers)
    assert answer.status_code in (403, 404) or deal.title not in answer.text


def test_a_lowered_role_is_told_no_more_of_what_changes_on_a_board(raised, lower, anna, deal, pipeline):
    client = browser(raised)
    page = client.get(f"/board/{pipeline.pk}/").text
    changes = unescape(re.search(r'id="board-changes" data-href="([^"]*)"', page)[1])
    deal.change({"title": "Head of a warehouse by the sea"}, by=anna)
    assert "by the sea" in client.get(changes, headers=FRAGMENT).text
    lower()
    assert "by the sea" not in client.get(changes, headers=FRAGMENT).text


def test_a_session_gets_a_new_key_when_the_role_of_its_person_changes(anna, admin):
    """S11: and stays a session of his, which he can end."""
    here = browser(anna)
    before = here.session.session_key
    anna.change(by=admin, role=Role.objects.get(code="head"))
    assert is_in(here)
    after = here.session.session_key
    assert after != before
    assert [each.session_key for each in anna.usersession_set.all()] == [after]
    stolen = Client()
    stolen.cookies["sessionid"] = before
    assert not is_in(stolen)


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        (WINDOWS, "Chrome, Windows"),
        (PHONE, "Yandex Browser, Android"),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/142 Safari/537.36 Edg/142.0",
            "Edge, Windows",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox, Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1",
            "Safari, iPhone",
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15_0) Version/19.0 Safari/605.1.15", "Safari, macOS"),
        ("<script>alert(1)</script>", "Another program"),
        ("", "Another program"),
    ],
)
def test_a_device_is_called_by_its_browser_and_system(user_agent, device):
    assert sessions.device(user_agent) == device
