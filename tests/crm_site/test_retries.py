"""What fails through nobody's fault is done again, three times at most and never twice over (R25, R26)."""

import json
import threading

import pytest
from django.db import connection, transaction
from psycopg import errors
from psycopg_pool import PoolTimeout

from contacts.models import Contact
from crm_site import retries
from deals.models import Deal
from tests.crm_site.errors import said
from tests.faults.person import form_with

pytestmark = pytest.mark.django_db(transaction=True)


DEADLOCK = errors.DeadlockDetected("deadlock detected")
NOT_SERIALIZABLE = errors.SerializationFailure("could not serialize access")
GONE = errors.AdminShutdown("terminating connection due to administrator command")


@pytest.fixture(autouse=True)
def unhurried(monkeypatch):
    """However busy the machine is."""
    monkeypatch.setattr(retries, "LATEST_SECONDS", 60)


@pytest.fixture
def annas(logged_in, anna):
    client = logged_in(anna)
    client.raise_request_exception = False
    return client


@pytest.fixture
def failures(monkeypatch):
    """Return a function by which `model.name` raises the given errors first, after or before it is done."""

    def fail(model, name, *causes, after=False):
        door, waiting, calls = getattr(model, name), list(causes), []

        def opened(*arguments, **options):
            calls.append(name)
            if waiting and not after:
                raise said(waiting.pop(0))
            result = door(*arguments, **options)
            if waiting:
                raise said(waiting.pop(0))
            return result

        monkeypatch.setattr(model, name, opened)
        return calls

    return fail


def change_title(client, deal, title="Other words"):
    return client.post(f"/deals/{deal.pk}/field/title/", {"value": title, "shown": json.dumps(deal.title)})


def new_deal(client, **fields):
    form = form_with("token", client.get("/deals/new/").text) | {"title": "One", "contact": "Ivan Ivanov"}
    return client.post("/deals/new/", form | fields)


@pytest.mark.parametrize("cause", [DEADLOCK, NOT_SERIALIZABLE], ids=["deadlock", "serialization"])
def test_what_the_server_took_back_is_done_again(annas, deal, failures, cause):
    calls = failures(Deal, "write", cause, cause, cause, after=True)
    assert change_title(annas, deal).status_code == 303
    deal.refresh_from_db()
    assert (deal.title, deal.version, len(calls)) == ("Other words", 2, 4)


def test_after_three_times_it_is_the_page_that_keeps_what_was_typed(annas, deal, failures):
    calls = failures(Deal, "write", *[DEADLOCK] * 9)
    answer = change_title(annas, deal, "Typed with <care>")
    assert (answer.status_code, len(calls)) == (503, 4)
    assert answer.headers["Retry-After"]
    assert form_with("value", answer.text)["value"] == "Typed with <care>"
    deal.refresh_from_db()
    assert deal.version == 1


def test_what_is_committed_already_is_not_done_twice(annas, deal, failures):
    calls = failures(Deal, "change", DEADLOCK, after=True)
    assert change_title(annas, deal).status_code == 503
    deal.refresh_from_db()
    assert (deal.version, len(calls)) == (2, 1)


@pytest.mark.parametrize("token", ["", "1", "no-uuid"])
def test_a_field_that_only_has_the_name_of_a_token_makes_nothing_harmless(annas, deal, failures, token):
    calls = failures(Deal, "change", DEADLOCK, after=True)
    form = {"value": "Other words", "shown": json.dumps(deal.title), "token": token}
    assert annas.post(f"/deals/{deal.pk}/field/title/", form).status_code == 503
    assert len(calls) == 1


def test_a_form_with_its_token_is_done_once_however_far_it_came(annas, deal, failures):
    failures(Deal, "get_absolute_url", DEADLOCK)  # after the commit
    answer = new_deal(annas)
    made = Deal.objects.for_system("a test").get(title="One")
    assert answer.headers["Location"] == f"/deals/{made.pk}/"
    assert Contact.objects.for_system("a test").filter(last_name="Ivanov").count() == 1


def test_a_connection_that_ended_before_anything_was_written_is_made_anew(annas, deal, failures):
    calls = failures(Deal, "change", GONE)
    assert change_title(annas, deal).status_code == 303
    assert len(calls) == 2


def test_a_connection_that_ended_after_a_write_leaves_the_choice_to_the_person(annas, deal, failures):
    calls = failures(Deal, "write", GONE, after=True)  # whether a COMMIT arrived, nobody could tell
    answer = change_title(annas, deal)
    assert (answer.status_code, len(calls)) == (503, 1)
    assert form_with("value", answer.text)["value"] == "Other words"


def test_a_base_that_gives_no_connection_is_not_asked_again_and_again(annas, deal, failures):
    calls = failures(Deal, "change", *[PoolTimeout("couldn't get a connection after 5 s")] * 2)
    assert change_title(annas, deal).status_code == 503
    assert len(calls) == 1


def test_a_real_end_of_the_connection_is_not_noticed(annas, deal, monkeypatch):
    """The server ends the backend while the page is made: the next connection makes it."""
    door = Deal.locked_for
    ended: list[bool] = []

    def opened(record, *arguments, **options):
        if not ended:
            ended.append(True)
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return door(record, *arguments, **options)

    monkeypatch.setattr(Deal, "locked_for", opened)
    assert change_title(annas, deal).status_code == 303
    deal.refresh_from_db()
    assert (deal.title, deal.version) == ("Other words", 2)


def test_what_took_long_already_is_not_begun_again(annas, deal, failures, monkeypatch):
    """The watchdog would cut it off half-way."""
    monkeypatch.setattr(retries, "LATEST_SECONDS", 0)
    calls = failures(Deal, "locked_for", DEADLOCK)
    assert change_title(annas, deal).status_code == 503
    assert len(calls) == 1


def test_a_real_deadlock_is_not_noticed(annas, deal, contact, monkeypatch):
    """Somebody holds the contact and then wants the deal; the page holds the deal and wants the contact."""
    door, is_held = Deal.locked_for, threading.Event()

    def lock(model, pk):
        model.objects.for_system("a test").select_for_update(no_key=True).get(pk=pk)

    def somebody():
        with transaction.atomic():
            lock(Contact, contact.pk)
            is_held.set()
            with connection.cursor() as cursor:
                waits = False
                while not waits:
                    cursor.execute("SELECT pg_stat_clear_snapshot()")  # else one transaction sees the same
                    cursor.execute(
                        "SELECT EXISTS (SELECT FROM pg_stat_activity"
                        " WHERE datname = current_database() AND wait_event_type = 'Lock')"
                    )
                    waits = cursor.fetchone()[0]
            lock(Deal, deal.pk)
        connection.close()

    locked = []

    def opened(record, *arguments, **options):
        fresh = door(record, *arguments, **options)
        locked.append(record.pk)
        lock(Contact, contact.pk)
        return fresh

    monkeypatch.setattr(Deal, "locked_for", opened)
    other = threading.Thread(target=somebody)
    other.start()
    assert is_held.wait(10)
    answer = change_title(annas, deal)
    other.join(10)
    assert answer.status_code == 303
    assert len(locked) == 2
    deal.refresh_from_db()
    assert (deal.title, deal.version) == ("Other words", 2)


def test_a_client_that_was_cut_off_sends_the_form_again_and_it_is_done_once(annas, stages):
    """The answer never arrived (R26): the same form, with its token, leads to what it has made."""
    form = form_with("token", annas.get("/deals/new/").text) | {"title": "Once", "contact": "Petr Petrov"}
    answers = {annas.post("/deals/new/", form).headers["Location"] for _ in range(3)}
    made = Deal.objects.for_system("a test").get(title="Once")
    assert answers == {f"/deals/{made.pk}/"}
