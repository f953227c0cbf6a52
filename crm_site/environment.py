"""What the environment says, understood; what cannot be is refused in a sentence that names the setting."""

import os
import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import environ

from crm_site.problems import Problem
from crm_site.problems import gettext_noop as _

# WHATWG URL: what else a browser would read as an address, it rewrites, and Host would not match.
ORIGIN = re.compile(r"(https?)://(\[[0-9a-f:.]+\]|[^\s/?#@:\\\[\]%]+)(?::([0-9]{1,5}))?/?", re.IGNORECASE)
HOST_NAME = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
DEFAULT_PORTS = {"http": 80, "https": 443}
HIGHEST_PORT = 65_535
POSTGRES = {"postgres", "postgresql", "psql", "pgsql"}  # django-environ's names of the one backend

YES = {"1", "true", "yes", "on", "y", "ok"}  # as django-environ has it
NO = {"", "0", "false", "no", "off", "n"}


def public_url(text: str) -> str:
    """The origin that `text` names, as a browser writes it: `https://crm.example.com:8443`; "" stays "".

    Raises Problem if it is anything but http or https, a host, and perhaps a port and a slash.
    """
    if not text:
        return ""
    found = ORIGIN.fullmatch(text.strip())
    host = found and _host(found[2])
    if not found or not host or not 0 < int(found[3] or 1) <= HIGHEST_PORT:
        raise Problem(
            _(
                "PUBLIC_URL is the address that people type, like https://crm.example.com,"
                " with nothing after the name but perhaps a port; “%(value)s” is none."
            ),
            value=text,
        )
    scheme, port = found[1].lower(), int(found[3] or 0)
    return f"{scheme}://{host}" + (f":{port}" if port and port != DEFAULT_PORTS[scheme] else "")


def listening_host(text: str) -> str:
    """The address or name to listen on, as it is. Raises Problem for `*` and alike, which name no machine."""
    try:
        ip_address(text.strip("[]"))
    except ValueError:
        if not _host(text):
            raise Problem(
                _("HOST is an address or the name of this machine, or 0.0.0.0 for all, not “%(value)s”."),
                value=text,
            ) from None
    return text


def _host(text: str) -> str:
    """The host as it comes in the header Host, or "" if it is none."""
    try:
        if text.startswith("["):
            return f"[{IPv6Address(text[1:-1])}]"
        name = text.encode("idna").decode().lower()
        if name.rpartition(".")[2].isdigit():
            return str(IPv4Address(name))
    except ValueError:
        return ""
    return name if HOST_NAME.fullmatch(name) else ""


def networks(name: str, text: str) -> list[IPv4Network | IPv6Network]:
    """This machine's own addresses, and the addresses and networks in `text`, with commas. Raises Problem."""
    try:
        given = [ip_network(each.strip()) for each in text.split(",") if each.strip()]
    except ValueError:
        raise Problem(
            _(
                "%(name)s is addresses or networks with commas, like 10.0.0.5, 172.16.0.0/12,"
                " not “%(value)s”."
            ),
            name=name,
            value=text,
        ) from None
    return [ip_network("127.0.0.0/8"), ip_network("::1/128"), *given]


def database(name: str, url: str) -> dict:
    """Django's description of the PostgreSQL at `url`, the value of the setting `name`. Raises Problem."""
    try:
        # Asked first: django-environ prints what it does not know, password and all.
        found = environ.Env.db_url_config(url) if url.partition("://")[0] in POSTGRES else {}
    except ValueError:  # no number for a port
        found = {}
    if not found.get("NAME"):
        raise Problem(
            _("%(name)s is no PostgreSQL: it is like postgres://user:password@host:5432/base."), name=name
        )
    return found


def forget_other_servers() -> None:
    """Drop PGSERVICE, PGOPTIONS and the like, which libpq would mix into the address of our own cluster."""
    for name in [name for name in os.environ if name.startswith("PG")]:
        del os.environ[name]


def switch(name: str, text: str) -> bool:
    """Whether the setting `name` is on. Raises Problem if `text` is neither yes nor no."""
    value = text.strip().lower()
    if value not in YES | NO:
        raise Problem(_("%(name)s is 1 or 0, not “%(value)s”."), name=name, value=text)
    return value in YES
