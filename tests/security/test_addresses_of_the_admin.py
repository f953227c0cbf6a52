"""Every address of the administration × role × method, made from what is registered (TRUST S1, S31, S32)."""

import re
from itertools import cycle

import pytest
from django.contrib import admin as django_admin
from django.contrib.auth.models import update_last_login
from django.contrib.auth.signals import user_logged_in
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from accounts.models import SecurityEvent
from directories.models import CustomField
from tests.snapshot import row_hashes

pytestmark = pytest.mark.slow

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")
UNSAFE = ("POST", "PUT", "DELETE")
FORM = "application/x-www-form-urlencoded"
OTHERS = ("anna", "head", "owner", "observer")
MODELS = {f"{model._meta.app_label}_{model._meta.model_name}": model for model in django_admin.site._registry}
ABSENT = ("987654321", "99999999999999999999999", "-1", "x", "%00", "_", "1/2", "'", "é" * 300)


def patterns(resolver):
    """Yield every pattern of the administration."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield pattern
        else:
            yield from patterns(pattern)


ADMIN = next(each for each in get_resolver().url_patterns if getattr(each, "namespace", "") == "admin")
NAMES = sorted({each.name for each in patterns(ADMIN) if each.name})


def of_a_row(name):
    """Say whether the address `name` is about one row."""
    return any(
        set(each.pattern.converters) & {"object_id", "pk"} for each in patterns(ADMIN) if each.name == name
    )


def path_of(name, row=None):
    """Return the path of the address `name`, about the row with the id `row` if it is about one."""
    if name == "app_list":
        return reverse("admin:app_list", args=["directories"])
    if not of_a_row(name):
        return reverse(f"admin:{name}")
    if row is None:
        row = MODELS[name.rpartition("_")[0]]._default_manager.order_by("pk").first().pk
    return reverse(f"admin:{name}", args=["0"] if isinstance(row, str) else [row]).replace("/0/", f"/{row}/")


@pytest.fixture
def paths(admin, deal, source, lost_reason, office):
    """Every path of the administration, those without a name too, with a row for each model."""
    CustomField.objects.make(entity="deal", code="batch", kind="number", label_ru="Партия", label_en="Batch")
    SecurityEvent.objects.record("logged_in", user=admin)
    unnamed = ["/admin/nothing/", "/admin/nothing", f"/admin/accounts/user/{admin.pk}/", "/admin/r/1/1/"]
    return {**{name: path_of(name) for name in NAMES}, **{path: path for path in unnamed}}


def client_of(person, **options):
    """A browser in which the person is logged in, without the log-in being written to his row."""
    client = Client(raise_request_exception=False, **options)
    user_logged_in.disconnect(dispatch_uid="update_last_login")
    client.force_login(person)
    user_logged_in.connect(update_last_login, dispatch_uid="update_last_login")
    return client


def test_every_model_has_its_addresses_and_none_leads_to_the_site():
    assert {name.rpartition("_")[0] for name in NAMES if of_a_row(name)} == MODELS.keys()
    assert "view_on_site" not in NAMES


@pytest.mark.parametrize("method", METHODS)
def test_who_is_not_in_is_led_to_the_log_in(method, paths):
    before, client = row_hashes(), Client(raise_request_exception=False)
    led = {}
    for name, path in paths.items():
        answer = client.generic(method, path)
        led[name] = answer.status_code, re.sub(r"\?.*", "", answer.headers.get("Location", ""))
    # /admin/login/ itself leads on (tests/accounts/test_admin_entrance.py)
    assert set(led.values()) <= {(302, reverse("account_login")), (302, reverse("admin:login"))}
    assert row_hashes() == before


@pytest.mark.parametrize("who", OTHERS)
def test_who_does_not_configure_gets_nothing(request, who, paths):
    client, before = client_of(request.getfixturevalue(who)), row_hashes()
    for method in METHODS if who == OTHERS[0] else ("GET", "POST"):
        got = {name: client.generic(method, path).status_code for name, path in paths.items()}
        assert {name: status for name, status in got.items() if status != 403} == {}, method
    assert row_hashes() == before


def test_who_configures_reads_every_page_and_changes_nothing_by_it(admin, paths):
    client, before = client_of(admin), row_hashes()
    for method in ("GET", "HEAD"):
        got = {name: client.generic(method, path).status_code for name, path in paths.items()}
        refused = {name for name, status in got.items() if status not in (200, 302, 303)}
        unwritten = {"accounts_company_add", "accounts_securityevent_add"}
        gone = {name for name in NAMES if name.endswith("_delete")} | unwritten
        assert {name: got[name] for name in refused - gone} == {
            "autocomplete": 403,
            "pipeline_stage_sortable_update": 405,
            "/admin/nothing/": 404,
            "/admin/nothing": 404,
            "/admin/r/1/1/": 404,
        }
        assert {got[name] for name in refused & gone} == {403}
    assert row_hashes() == before


@pytest.mark.parametrize("method", UNSAFE)
def test_nothing_unsafe_is_taken_without_its_token(admin, paths, method):
    client, before = client_of(admin, enforce_csrf_checks=True), row_hashes()
    got = {name: client.generic(method, path, b"post=yes").status_code for name, path in paths.items()}
    assert {name: status for name, status in got.items() if status != 403} == {}
    assert row_hashes() == before


@pytest.mark.parametrize(
    ("method", "kind", "body"),
    [
        ("POST", FORM, ""),
        ("POST", FORM, "post=yes&_save=1"),
        ("POST", FORM, "\0=%ff&=&name[]=1&name=%00"),
        ("POST", "application/json", '{"updatedItems": [[1, 2], [0, "x"]]}'),
        ("PUT", FORM, "name=x"),
        ("DELETE", FORM, ""),
    ],
)
def test_nothing_that_is_sent_breaks_an_address(admin, paths, method, kind, body):
    client = client_of(admin)
    got = {name: client.generic(method, path, body, kind).status_code for name, path in paths.items()}
    assert {name: status for name, status in got.items() if status >= 500} == {}


def test_a_row_that_is_not_there_is_not_found(admin, paths):
    client, before, strange = client_of(admin), row_hashes(), cycle(ABSENT)
    for name in filter(of_a_row, NAMES):
        for method, row in [("GET", ABSENT[0]), ("POST", ABSENT[0]), ("GET", next(strange))]:
            status = client.generic(method, path_of(name, row)).status_code
            assert status in (302, 303, 403, 404, 405), (name, row, status)
    assert row_hashes() == before


KEYS = (
    "q o p e all in_use access pipeline directory role__password _changelist_filters _popup _to_field"
    " app_label model_name field_name term id name position next"
).split()
VALUES = ("owner__password", "-id;", 'x" DESC', "9" * 20, "-1", "\x00", "' OR 1=1 --", "é" * 3000)


def keys_of_lists():
    """Yield (address of a list, key): what Django's lists know, and a filter by each column."""
    for label, model in MODELS.items():
        columns = [field.attname for field in model._meta.fields]
        for key in ["q", "o", "p", "e", "in_use", *(f"{name}__exact" for name in columns)]:
            yield f"{label}_changelist", key


def test_no_filter_of_a_list_breaks_it(admin, paths):
    """Each key of each list with the next of the values; from list to list each meets another."""
    client, before, values = client_of(admin), row_hashes(), cycle(VALUES)
    asked = [(name, key, next(values)) for name, key in keys_of_lists()]
    got = {each: client.get(paths[each[0]], {each[1]: each[2]}).status_code for each in asked}
    assert {each: status for each, status in got.items() if status >= 500} == {}
    assert row_hashes() == before


@pytest.mark.parametrize("value", VALUES[::2] + VALUES[5:6])
def test_no_parameter_of_an_address_breaks_it(admin, paths, value):
    client, before = client_of(admin), row_hashes()
    got = {name: client.get(path, dict.fromkeys(KEYS, value)).status_code for name, path in paths.items()}
    assert {name: status for name, status in got.items() if status >= 500} == {}
    assert row_hashes() == before
