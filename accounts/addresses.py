"""Where a request comes from, as far as that can be believed."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings

IPV6_PREFIX = 64  # RFC 6177: what one subscriber has at the least, to take addresses from as he likes


def client_address(request):
    """Return the address of the browser that sent `request`, as a text, None if it is not known.

    X-Forwarded-For is read from its end, and only as far as the one who wrote each step is a proxy of
    ours (settings.TRUSTED_PROXIES): whoever sits before the last of them may write what he likes.
    """
    steps = request.headers.get("X-Forwarded-For", "").split(",")
    address = _read(request.META.get("REMOTE_ADDR", ""))
    while steps and _is_ours(address):
        before = _read(steps.pop())
        if before is None:
            break
        address = before
    return str(address) if address else None


def subscriber_of(request):
    """Return what stands for the sender of `request` where attempts are counted: his address, or its /64."""
    address = client_address(request) or ""
    if ":" in address:
        return str(ip_network(f"{address}/{IPV6_PREFIX}", strict=False).network_address)
    return address


def _read(text):
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address


def _is_ours(address):
    """A proxy of ours, or (None) a socket of this machine, which has no address."""
    return address is None or any(address in network for network in settings.TRUSTED_PROXIES)
