"""Which names and addresses the site answers to: what it was told, and what this machine is called."""

import ipaddress
import socket
from urllib.parse import urlsplit

import psutil

LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]


def hosts_to_answer(host: str, public_url: str) -> list[str]:
    """For ALLOWED_HOSTS: loopback, the host of PUBLIC_URL, and HOST.

    Where HOST is every address (0.0.0.0, ::), these are the addresses and names that this machine has at
    the start: never `*`, by which a page of someone else's domain could reach the site as its own.
    """
    names = [*LOOPBACK, urlsplit(public_url).hostname or ""]
    names += _of_this_machine() if _is_every_address(host) else [_as_in_url(host)]
    return list(dict.fromkeys(filter(None, names)))


def office_addresses(host: str) -> list[str]:
    """What colleagues can type to reach this machine, if it listens to them."""
    if not _is_every_address(host):
        return []
    found = [name for name in _of_this_machine() if name[0].isdigit() and name not in LOOPBACK]
    return sorted(found, key=lambda name: name != _towards_others())


def site_url(host: str, port: str, public_url: str) -> str:
    """The one address to give to colleagues: PUBLIC_URL, else this machine's in the office, else its own."""
    if public_url:
        return public_url
    loopback = "127.0.0.1" if _is_every_address(host) else _as_in_url(host)
    return http_url(next(iter(office_addresses(host)), loopback), port)


def http_url(name: str, port: str) -> str:
    """Where a browser finds the site by `name` without https; http's own port is left out."""
    return f"http://{name}" + ("" if port == "80" else f":{port}")


def _is_every_address(host: str) -> bool:
    return host in {"0.0.0.0", "::", "[::]"}  # noqa: S104  (compared with, not listened on)


def _of_this_machine() -> list[str]:
    name = socket.gethostname().lower()
    addresses = [
        _as_in_url(address.address.partition("%")[0])
        for interface in psutil.net_if_addrs().values()
        for address in interface
        if address.family in (socket.AF_INET, socket.AF_INET6)
    ]
    return [*addresses, name, f"{name}.local"]


def _towards_others() -> str:
    """The address by which this machine reaches others, before those of bridges and tunnels; "" for none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
        try:
            way.connect(("192.0.2.1", 9))  # sends nothing, only looks up the route (RFC 5737, RFC 863)
        except OSError:
            return ""
        return way.getsockname()[0]


def _as_in_url(host: str) -> str:
    try:
        return f"[{host}]" if ipaddress.ip_address(host).version == 6 else host
    except ValueError:
        return host.lower()
