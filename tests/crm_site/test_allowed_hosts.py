"""Whom the site answers: its own names, never any name."""

from crm_site.allowed_hosts import hosts_to_answer


def test_only_names_of_this_machine_and_of_the_public_address_are_answered():
    names = hosts_to_answer("0.0.0.0", "https://crm.example.com:8443/")
    assert {"localhost", "127.0.0.1", "[::1]", "crm.example.com"} <= set(names)
    assert "*" not in names
    assert hosts_to_answer("192.0.2.7", "") == ["localhost", "127.0.0.1", "[::1]", "192.0.2.7"]
