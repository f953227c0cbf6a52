"""The browser drops a draft only when it is told that the server has it (TRUST U17)."""

import pytest

DRAFT = "a1b2c3d4e5f6g7"
TAKEN = "draft_taken"


def send(client, **form):
    return client.post("/preferences/set/", {"name": "theme", "value": "dark", **form})


def test_a_form_that_was_taken_names_its_draft(client, anna):
    client.force_login(anna)
    assert send(client, draft=DRAFT).cookies[TAKEN].value == DRAFT


@pytest.mark.parametrize("draft", ["", "short", "a1b2c3d4e5f6g7; Path=/evil", "<script>alert(1)</script>"])
def test_what_is_no_draft_is_not_echoed(client, anna, draft):
    client.force_login(anna)
    assert TAKEN not in send(client, draft=draft).cookies


def test_a_refused_form_keeps_its_draft(client, anna, stages):
    client.force_login(anna)
    answer = client.post("/deals/new/", {"draft": DRAFT})
    assert answer.status_code == 422
    assert TAKEN not in answer.cookies


def test_a_form_that_leads_to_the_log_in_keeps_its_draft(client, anna):
    answer = send(client, draft=DRAFT)
    assert answer.headers["Location"].startswith("/accounts/login/")
    assert TAKEN not in answer.cookies
