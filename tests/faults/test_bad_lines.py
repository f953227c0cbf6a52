"""A line that breaks or crawls: nothing is saved twice or by half, nobody else waits for it (TRUST R26)."""

import socket
import time
import uuid
from contextlib import ExitStack
from urllib.parse import urlencode

import pytest

from crm_site.settings import THREADS
from tests.faults.person import form_with

BOTH_WORKERS = 2 * THREADS
FORMS = 20
SECONDS = 30


@pytest.fixture
def form(anna):
    return form_with("token", anna.get("/deals/new/").body)


def deals(site, title):
    return site.rows("SELECT count(*) FROM deals_deal WHERE title = %s", [title])[0][0]


def request(person, form):
    """The bytes of the form as a browser sends them."""
    body = urlencode(form)
    cookies = "; ".join(f"{name}={value}" for name, value in person.cookies.items())
    return (
        f"POST /deals/new/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def connected(site):
    return socket.create_connection(("127.0.0.1", int(site.port)), timeout=SECONDS)


def test_who_is_cut_off_after_sending_sends_it_again_and_has_made_one_deal(site, anna, form):
    titles = [f"Cut off {number}" for number in range(FORMS)]
    for title in titles:
        filled = form | {"title": title, "token": str(uuid.uuid4())}
        with connected(site) as line:
            line.sendall(request(anna, filled))
        assert anna.post("/deals/new/", filled).is_done
    assert [deals(site, title) for title in titles] == [1] * FORMS


def test_a_form_cut_off_on_its_way_is_not_saved_by_half_and_can_be_sent_again(site, anna, form):
    del form["title"]
    filled = form | {"title": "Half and half of a long title"}  # the last one: all else is there
    whole = request(anna, filled)
    with connected(site) as line:
        line.sendall(whole[: -len("+of+a+long+title")])
        line.shutdown(socket.SHUT_WR)
        while line.recv(65536):
            pass
    assert deals(site, "Half and half") == 0
    assert anna.post("/deals/new/", filled).is_done
    assert deals(site, "Half and half of a long title") == 1


@pytest.mark.parametrize("part", ["half of its headers", "half of its body"])
def test_clients_that_never_finish_hold_nobody_up_for_long(site, anna, form, part):
    whole = request(anna, form | {"title": "Never sent"})
    sent = whole[:60] if part == "half of its headers" else whole[:-20]
    with ExitStack() as lines:
        for _each in range(BOTH_WORKERS + 4):
            lines.enter_context(connected(site)).sendall(sent)
        began = time.monotonic()
        while anna.get("/deals/new/").status != 200:
            assert time.monotonic() - began < 2 * SECONDS
    assert deals(site, "Never sent") == 0
