"""What watches the site is told the truth, and the log tells no one's name."""

import json
import logging

import pytest
from django.db import OperationalError
from django.test import RequestFactory

from crm_site import answers
from crm_site.logs import JsonFormatter

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def set_up(admin):
    """Nobody is led to /setup/."""


def test_a_database_that_is_away_is_a_503_to_try_again():
    request = RequestFactory().get("/")
    try:
        raise OperationalError("the server has hung up")
    except OperationalError:
        answer = answers.server_error(request)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]


def test_a_line_of_the_log_is_json_without_the_query(client, caplog):
    caplog.set_level(logging.INFO, "voronka.requests")
    answer = client.get("/nothing/?q=Anna")
    record = next(record for record in caplog.records if record.name == "voronka.requests")
    line = json.loads(JsonFormatter().format(record))
    assert answer.status_code == 404
    assert line["message"] == "GET /nothing/ 404"


def test_ready_says_what_is_missing(client):
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    found = answer.json()
    assert (found["database"], found["migrations"], found["worker"]) == (True, True, False)
