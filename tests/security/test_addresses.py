"""Every address × role × own, team's, foreign record × method (TRUST S1, S2, S3, S8, S31, S32)."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver

from pipeline.models import Pipeline
from records.refusals import NotAllowed
from tests.security.addresses import ADDRESSES
from tests.security.bodies import body_of, made_ready
from tests.security.owned import FOREIGN, client_of, path_of
from tests.security.owned import made as made
from tests.security.owned import owned as owned
from tests.snapshot import row_hashes

pytestmark = pytest.mark.slow

METHODS = ("GET", "POST", "PUT", "DELETE")
ROLES = ("observer", "manager", "head", "owner", "admin")
BY_RECORD = {name: address for name, address in ADDRESSES.items() if address.record}
WRITES = [name for name, address in BY_RECORD.items() if "POST" in address.methods]
REFUSALS = (str(NotAllowed.sentence), "Your role does not allow this. Ask your administrator.")


@pytest.fixture
def people(owned):
    return owned.people


@pytest.fixture
def records(owned):
    return owned.records


@pytest.fixture
def pipeline(owned):
    return owned.pipeline


def known_addresses(resolver=None, namespace=""):
    """Yield the name of every address of the URL configuration; Django's admin is one of its own."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}"
        elif pattern.namespace != "admin":
            yield from known_addresses(
                pattern, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            )


def test_every_address_of_the_site_stands_in_the_table_and_no_other():
    assert sorted(set(known_addresses())) == sorted(ADDRESSES)


@pytest.mark.parametrize("name", ADDRESSES)
def test_without_log_in_only_public_addresses_answer(name, records, pipeline):
    address, client = ADDRESSES[name], client_of(None)
    path = path_of(name, address, records["own"], pipeline)
    before = row_hashes()
    for method in METHODS:
        response = client.generic(method, path)
        leads_to_log_in = response.status_code == 302 and response.headers["Location"].startswith(
            "/accounts/login/?next="
        )
        assert leads_to_log_in is not address.public, (method, response.status_code)
    assert row_hashes() == before


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_method_that_an_address_does_not_know_is_refused_alike_for_everybody(
    name, people, records, pipeline
):
    address = ADDRESSES[name]
    if name.startswith(("account_", "mfa_")):
        pytest.skip("allauth decides")
    clients = {role: client_of(people[role]) for role in ROLES}
    for whose in ("own", "foreign"):
        path = path_of(name, address, records[whose], pipeline)
        for method in METHODS:
            if method in address.methods:
                continue
            for role, client in clients.items():
                status = client.generic(method, path).status_code
                allowed = (405,) if role in address.open_to else (403, 405)
                assert status in allowed or (address.public and status in (302, 405)), (
                    role,
                    method,
                    whose,
                    status,
                )


@pytest.fixture
def filled(people, records, pipeline, owned):
    """Return a function that gives (path, body) of an address for one owner's record, ready to be sent."""
    stages = pipeline.stages.in_order()
    elsewhere = Pipeline.objects.make_ready("wholesale", language="en", currency="RUB")
    meant = {
        "the first": stages[0].pk,
        "the second": stages[1].pk,
        "elsewhere": elsewhere.stages.in_order()[0].pk,
    }
    somebody = client_of(people["admin"])

    def ready(name, whose):
        made_ready(name, records[whose][BY_RECORD[name].record], by=people["admin"])
        path = path_of(name, BY_RECORD[name], records[whose], pipeline)
        heir = owned.boris if whose == "own" else people["manager"]
        return path, body_of(name, somebody, path, meant | {"somebody else": heir.pk})

    return ready


@pytest.mark.parametrize("name", WRITES)
def test_what_is_sent_writes_if_the_person_may(name, people, filled):
    """Otherwise the refusals below would prove nothing."""
    path, body = filled(name, "own")
    before = row_hashes()
    assert client_of(people["owner"]).post(path, body).status_code in (200, 303)
    assert row_hashes() != before


@pytest.mark.parametrize("name", BY_RECORD)
def test_what_a_person_may_not_see_is_not_found_and_nothing_is_written(
    name, people, records, pipeline, filled
):
    """S2, S3."""
    address = BY_RECORD[name]
    for role, whose in [("manager", "team"), ("manager", "foreign"), ("head", "foreign")]:
        client = client_of(people[role])
        path, body = filled(name, whose)
        absent = path.replace(f"/{records[whose][address.record].pk}/", "/987654321/")
        before = row_hashes()
        for method in address.methods:
            sent = body if method == "POST" else {}
            for headers in ({}, {"HX-Request": "true"}):
                response = getattr(client, method.lower())(path, sent, headers=headers)
                assert response.status_code == 404, (role, whose, method, headers)
                no_such = getattr(client, method.lower())(absent, sent, headers=headers)
                assert without_ids(response) == without_ids(no_such), (role, whose, method)
        assert row_hashes() == before


@pytest.mark.parametrize("name", BY_RECORD)
def test_what_is_not_seen_takes_as_many_queries_as_what_is_not_there(name, people, records, filled):
    """S2: by the time of an answer nobody learns that there is such a record."""
    address, client = BY_RECORD[name], client_of(people["manager"])
    path, body = filled(name, "foreign")
    absent = path.replace(f"/{records['foreign'][address.record].pk}/", "/987654321/")
    for method in address.methods:
        asked = []
        for each in (absent, path, absent):  # the first one asks what a process asks once
            with CaptureQueriesContext(
                connection,
            ) as queries:
                getattr(client, method.lower())(each, body if method == "POST" else {})
            asked.append([re.sub(r"'[0-9a-f]{32}'|\d+", "N", query["sql"]) for query in queries])
        assert asked[1] == asked[2], method


def without_ids(response):
    """The body of an answer without what is the request's own: its id, its path, its CSRF token."""
    text = re.sub(
        r'csrfmiddlewaretoken" value="\w+"|X-CSRFToken": "\w+"|[0-9a-f]{32}|&quot;\w{64}&quot;',
        "",
        response.text,
    )
    return re.sub(r"/\d+/", "/N/", text)


@pytest.mark.parametrize("name", [name for name in BY_RECORD if "GET" in BY_RECORD[name].methods])
def test_what_a_person_may_see_is_found(name, people, records, pipeline):
    address = BY_RECORD[name]
    seen = [("manager", "own"), ("head", "own"), ("head", "team")]
    seen += [(role, whose) for role in ("owner", "admin") for whose in ("own", "team", "foreign")]
    clients = {role: client_of(person) for role, person in people.items()}
    for role, whose in seen:
        response = clients[role].get(path_of(name, address, records[whose], pipeline))
        assert response.status_code in (200, 204), (role, whose)  # 204: nothing is new


@pytest.mark.parametrize("name", WRITES)
def test_an_observer_sees_and_changes_nothing_and_is_told_so(name, people, filled):
    """S2, S3: what is seen and not to be changed is a 403 with a sentence."""
    client = client_of(people["observer"])
    path, body = filled(name, "own")
    before = row_hashes()
    for headers in ({}, {"HX-Request": "true"}):
        response = client.post(path, body, headers=headers)
        assert response.status_code == 403, headers
        assert any(sentence in response.text for sentence in REFUSALS), headers
    if "GET" in BY_RECORD[name].methods:
        assert client.get(path).status_code in (200, 403)
    assert row_hashes() == before


@pytest.mark.parametrize(
    "name", [name for name, address in ADDRESSES.items() if not address.record and not address.public]
)
def test_an_address_is_open_to_the_roles_of_the_table_only(name, people, records, pipeline):
    address = ADDRESSES[name]
    if "GET" not in address.methods:
        pytest.skip("a form's target, tried with its form")
    for role in ROLES:
        status = client_of(people[role]).get(path_of(name, address, records["own"], pipeline)).status_code
        if role in address.open_to:
            assert status in (200, 204, 302), role
        else:
            assert status == 403, role


@pytest.mark.parametrize("name", [name for name, address in ADDRESSES.items() if address.lists])
def test_no_list_shows_or_counts_what_a_person_may_not_see(name, people, records, pipeline):
    """S8: neither its rows, nor what a search for it says."""
    address = ADDRESSES[name]
    path = path_of(name, address, records["own"], pipeline)
    shown_to_all = client_of(people["owner"]).get(path, {"q": "Xenon"}).text
    for role in ("manager", "head"):
        for query in ({}, {"q": "Xenon"}, {"archived": "1"}):
            assert FOREIGN not in client_of(people[role]).get(path, query).text.replace("value=", ""), (
                role,
                query,
            )
    assert FOREIGN in shown_to_all or name.endswith(("changes", "column", "board", "funnel")), (
        "the check can't fail"
    )


def test_reading_changes_nothing(people, records, pipeline):
    """S31: every GET, as everybody, of everything he may see."""
    clients = {role: client_of(person) for role, person in people.items()}
    for client in clients.values():
        client.get("/profile/")
    before = row_hashes()
    for name, address in ADDRESSES.items():
        if "GET" in address.methods and name != "account_logout":
            for whose in ("own", "foreign"):
                path = path_of(name, address, records[whose], pipeline)
                for client in clients.values():
                    client.get(path)
                    client.head(path)
    assert row_hashes() == before


@pytest.mark.parametrize("name", [name for name, address in ADDRESSES.items() if "POST" in address.methods])
def test_a_post_without_its_token_is_refused(name, people, records, pipeline):
    client = Client(enforce_csrf_checks=True)
    client.force_login(people["admin"])
    before = row_hashes()
    assert (
        client.post(path_of(name, ADDRESSES[name], records["own"], pipeline), {"title": "x"}).status_code
        == 403
    )
    assert row_hashes() == before


@pytest.mark.parametrize("name", [name for name, address in ADDRESSES.items() if "GET" in address.methods])
def test_no_parameter_of_an_address_breaks_it(name, people, records, pipeline):
    """S32: sort, filter, paging and dates from a hostile hand are ignored or refused, never a 500."""
    client = client_of(people["admin"])
    path = path_of(name, ADDRESSES[name], records["own"], pipeline)
    keys = (
        "q sort order after page since stage responsible owner team source period from to asof"
        " created_from created_to closed_from amount_min amount_max amount_from amount_to outcome step"
        " idle pipeline contact organization custom__x tab next key"
    ).split()
    values = (
        "owner__password",
        "-id;",
        'x" DESC',
        "99999999999999999999",
        "-1",
        "\x00",
        "' OR 1=1 --",
        "2026-02-31",
        "NaN",
        "[]",
        "é" * 3000,
    )
    for value in values:
        for query in ({key: value for key in keys}, *({key: value} for key in keys[:3])):
            status = client.get(path, query).status_code
            assert status < 500 or (status == 503 and name == "health_ready"), (query, value)
