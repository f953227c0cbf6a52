"""A site is not started as one develops it, and tells a visitor nothing of what broke (TRUST S41)."""

import json
import logging
import re

import pytest
from django.test import Client

from crm_site.allowed_hosts import hosts_to_answer
from crm_site.logs import JsonFormatter
from crm_site.prepare import refuse_unsafe_settings
from crm_site.problems import Problem


@pytest.mark.parametrize(("name", "value"), [("DEBUG", True), ("SECRET_KEY", "x" * 49)])
def test_a_start_refuses_what_is_for_developing(settings, name, value):
    refuse_unsafe_settings()
    setattr(settings, name, value)
    with pytest.raises(Problem, match=name):
        refuse_unsafe_settings()


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "::", "192.0.2.7", "crm.lan"])
def test_no_start_answers_to_every_name(host):
    hosts = hosts_to_answer(host, "https://crm.example.com")
    assert not {"*", "", ".", "0.0.0.0", "[::]"} & set(hosts)
    assert not any(name.startswith(".") for name in hosts)


def test_a_page_that_broke_says_its_id_which_the_log_has_too_and_nothing_else(
    logged_in, anna, pipeline, monkeypatch, caplog
):
    def broken(*_of):
        raise RuntimeError("the secret reason")

    monkeypatch.setattr("accounts.sessions.device", broken)
    client = logged_in(anna)
    client.raise_request_exception = False
    with caplog.at_level(logging.ERROR, "django.request"):
        answer = client.get("/profile/")
    assert answer.status_code == 500
    assert "the secret reason" not in answer.text
    assert "Traceback" not in answer.text
    [shown] = set(re.findall(r"\b[0-9a-f]{32}\b", answer.text))
    lines = [json.loads(JsonFormatter().format(record)) for record in caplog.records]
    assert [line["request_id"] for line in lines if "the secret reason" in line.get("traceback", "")] == [
        shown
    ]


def test_the_administration_asks_who_is_there(company, admin):
    assert Client().get("/admin/", follow=True).redirect_chain[-1][0].startswith("/accounts/login/")
