"""What an administrator does on the page of the installation."""

import pytest
from django.core import mail
from django.urls import reverse

from crm_site import tasks
from crm_site.backup import nightly
from tests import jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(logged_in, admin):
    return logged_in(admin)


def read(administrator):
    return administrator.get(reverse("system")).content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_backup_asked_for_twice_is_made_once_by_the_worker(administrator, monkeypatch):
    made = []
    monkeypatch.setattr(nightly, "run", lambda today, zone: made.append((today, zone)))
    for _ in range(2):
        assert administrator.post(reverse("system_back_up")).status_code == 303
    assert made == []
    assert "a backup is being made and proven" in read(administrator)
    jobs.work()
    assert len(made) == 1
    assert "a backup is being made and proven" not in read(administrator)
    assert not tasks.is_backup_asked_for()


def test_the_letter_that_is_tried_goes_to_who_asks(administrator, admin):
    assert administrator.post(reverse("system_try_mail")).status_code == 303
    assert [letter.to for letter in mail.outbox] == [[admin.email]]


def test_a_mail_server_that_refuses_is_named_with_its_reason(administrator, monkeypatch):
    def refuse(letter):
        raise ConnectionRefusedError("nobody listens there")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    answer = administrator.post(reverse("system_try_mail"), follow=True)
    assert "nobody listens there" in answer.content.decode()


def test_the_administrator_is_told_that_the_site_is_unencrypted_and_nobody_else(
    administrator, logged_in, anna, settings
):
    settings.IS_UNENCRYPTED = True
    assert "Unencrypted" in read(administrator)
    assert "Unencrypted" not in logged_in(anna).get("/deals/", follow=True).content.decode()
    settings.IS_UNENCRYPTED = False
    assert "Unencrypted" not in read(administrator)
