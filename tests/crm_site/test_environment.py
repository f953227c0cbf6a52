"""What the environment says is understood as a browser and PostgreSQL understand it, or refused by name."""

import os

import pytest

from crm_site.allowed_hosts import hosts_to_answer
from crm_site.environment import (
    database,
    forget_other_servers,
    listening_host,
    networks,
    public_url,
    switch,
)
from crm_site.problems import Problem

ADDRESSES = {
    "": "",
    "http://crm.lan": "http://crm.lan",
    "https://crm.example.com/": "https://crm.example.com",
    "HTTPS://CRM.Example.com": "https://crm.example.com",
    "https://crm.example.com:8443/": "https://crm.example.com:8443",
    "https://crm.example.com:443": "https://crm.example.com",
    "http://192.0.2.7:80/": "http://192.0.2.7",
    "http://[2001:DB8::0:1]:8000": "http://[2001:db8::1]:8000",
    "https://црм.рф": "https://xn--l1ahr.xn--p1ai",
}
NO_ADDRESSES = [
    "nonsense",
    "crm.example.com",
    "ftp://x",
    "https://",
    "https://a b",
    "https://x:abc",
    "https://x:",
    "https://x:0",
    "https://x:65536",
    "https://u:p@x?y=1",
    "https://u:p@x",
    "https://a.b/crm",
    "https://a.b?x",
    "https://a.b#x",
    "https://*",
    "https://*.example.com",
    "https://.example.com",
    "https://example..com",
    "https://a_b.example.com",
    "https://[::1",
    "https://[::1%25eth0]",
    "https://192.0.2.256",
    "https://a.b\nhttps://c.d",
]
NO_POSTGRESQL = [
    "nonsense",
    "postgres://",
    "postgres://here",
    "postgres://here/",
    "mysql://here/there",
    "sqlite://:memory:",
    "postgres://here:port/there",
    "postgres://here:99999/there",
    "postgres://[::1/",
]


@pytest.mark.parametrize(("typed", "understood"), ADDRESSES.items())
def test_the_public_address_is_understood_as_a_browser_would_send_it(typed, understood):
    assert public_url(typed) == understood


@pytest.mark.parametrize("typed", NO_ADDRESSES)
def test_what_is_no_address_of_a_site_is_refused_by_name(typed):
    with pytest.raises(Problem, match="^PUBLIC_URL is the address"):
        public_url(typed)


def test_no_understood_address_lets_every_host_in():
    for url in ADDRESSES:
        for name in hosts_to_answer("127.0.0.1", public_url(url)):
            assert "*" not in name
            assert not name.startswith(".")


def test_the_site_listens_on_an_address_or_a_name_never_on_a_pattern():
    for host in ("0.0.0.0", "::", "[::1]", "192.0.2.7", "localhost", "crm.lan"):
        assert listening_host(host) == host
    for host in ("*", ".example.com", "*.example.com", "a b", "http://crm.lan", "crm.lan:80"):
        with pytest.raises(Problem, match="^HOST is an address"):
            listening_host(host)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("url", NO_POSTGRESQL)
def test_what_is_no_postgresql_is_refused_by_name_without_its_password(url):
    with pytest.raises(Problem, match="^DATABASE_URL_DIRECT is no PostgreSQL") as refusal:
        database("DATABASE_URL_DIRECT", url.replace("here", "me:secret@here"))
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_a_postgresql_is_understood_with_its_options(scheme):
    found = database("DATABASE_URL", f"{scheme}://me:p%40ss@db.lan:6432/crm?sslmode=require")
    assert (found["ENGINE"], found["HOST"], found["PORT"]) == (
        "django.db.backends.postgresql",
        "db.lan",
        6432,
    )
    assert (found["USER"], found["PASSWORD"], found["NAME"]) == ("me", "p@ss", "crm")
    assert found["OPTIONS"] == {"sslmode": "require"}


def test_a_switch_is_on_or_off_and_nothing_else():
    assert [switch("DEBUG", text) for text in ("1", "True", "yes", "on")] == [True] * 4
    assert [switch("DEBUG", text) for text in ("", "0", "False", "no", "off")] == [False] * 5
    with pytest.raises(Problem, match="^DEBUG is 1 or 0, not “nonsense”"):
        switch("DEBUG", "nonsense")


def test_what_libpq_reads_of_other_servers_does_not_reach_our_own_cluster(monkeypatch):
    monkeypatch.setenv("PGSERVICE", "elsewhere")
    monkeypatch.setenv("PGOPTIONS", "-c nothing")
    forget_other_servers()
    assert not [name for name in os.environ if name.startswith("PG")]


def test_proxies_are_this_machine_and_those_that_are_named():
    assert list(map(str, networks("TRUSTED_PROXIES", ""))) == ["127.0.0.0/8", "::1/128"]
    named = networks("TRUSTED_PROXIES", " 10.0.0.5, 172.16.0.0/12 ,2001:db8::/32")
    assert list(map(str, named))[2:] == ["10.0.0.5/32", "172.16.0.0/12", "2001:db8::/32"]


@pytest.mark.parametrize("typed", ["proxy", "10.0.0.5/8", "10.0.0.5 10.0.0.6", "*", "10.0.0.256"])
def test_what_is_no_address_of_a_proxy_is_refused_by_name(typed):
    with pytest.raises(Problem, match="TRUSTED_PROXIES"):
        networks("TRUSTED_PROXIES", typed)
