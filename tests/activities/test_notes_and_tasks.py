"""Notes and tasks, as they are typed on the card of a deal, a contact, an organization."""

import uuid
from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity
from records.models import Event


def add(client, subject, what, **posted):
    address = reverse(f"activities:{what}_add", args=[subject.entity, subject.pk])
    return client.post(address, {"token": uuid.uuid4(), **posted})


def test_a_note_stands_in_the_history_of_its_deal(logged_in, anna, deal):
    client = logged_in(anna)
    answer = add(client, deal, "note", text="Asks for a discount")
    assert answer.status_code == 303
    assert Activity.objects.get().text == "Asks for a discount"
    assert "Asks for a discount" in client.get(answer.headers["Location"]).content.decode()


@pytest.mark.parametrize("kind", ["contact", "organization"])
def test_a_note_and_a_task_stand_on_a_contact_or_organization(kind, logged_in, anna, request):
    subject = request.getfixturevalue(kind)
    client = logged_in(anna)
    add(client, subject, "note", text="Likes short calls")
    add(client, subject, "task", title="Congratulate")
    assert [each.subject for each in Activity.objects.order_by("pk")] == [subject, subject]
    page = client.get(subject.get_absolute_url()).content.decode()
    assert "Likes short calls" in page
    assert "plans a task: Congratulate" in page


def test_an_empty_note_is_refused_and_an_empty_task_keeps_its_day(logged_in, anna, deal):
    client = logged_in(anna)
    assert add(client, deal, "note", text=" ").status_code == 422
    answer = add(client, deal, "task", title="", due_on="2027-01-05", due_time="10:30")
    assert answer.status_code == 422
    assert 'value="2027-01-05"' in answer.content.decode()
    assert 'value="10:30"' in answer.content.decode()
    assert not Activity.objects.exists()


def test_the_same_form_sent_twice_makes_one_note(logged_in, anna, deal):
    client, token = logged_in(anna), uuid.uuid4()
    for _time in range(2):
        assert add(client, deal, "note", text="Once", token=token).status_code == 303
    assert Activity.objects.count() == 1


def test_other_words_in_a_form_that_was_sent_already_are_kept_for_another_send(logged_in, anna, deal):
    client, token = logged_in(anna), uuid.uuid4()
    add(client, deal, "note", text="First", token=token)
    answer = add(client, deal, "note", text="Second", token=token)
    assert answer.status_code == 409
    assert "Second" in answer.content.decode()
    assert str(token) not in answer.content.decode()
    assert Activity.objects.count() == 1


def test_a_task_without_a_time_is_due_until_its_day_is_over_for_the_person(logged_in, anna, deal):
    anna.time_zone = "Asia/Vladivostok"
    anna.save()
    add(logged_in(anna), deal, "task", title="Call", due_on="2027-01-05")
    task = Activity.objects.get()
    assert task.is_all_day
    assert task.due_at == datetime.fromisoformat("2027-01-05T23:59:59+10:00")


def test_a_task_with_a_time_is_due_at_that_moment_of_the_person(logged_in, anna, deal):
    add(logged_in(anna), deal, "task", title="Call", due_on="2027-01-05", due_time="10:30")
    assert Activity.objects.get().due_at == datetime.fromisoformat("2027-01-05T10:30:00+03:00")


def test_a_time_without_a_day_is_refused(logged_in, anna, deal):
    answer = add(logged_in(anna), deal, "task", title="Call", due_time="10:30")
    assert answer.status_code == 422
    assert "Give the day too." in answer.content.decode()
    assert not Activity.objects.exists()


def test_the_next_step_of_a_deal_is_its_nearest_open_task_with_a_date(logged_in, anna, deal):
    client, now = logged_in(anna), timezone.now()
    plan = Activity.objects.plan
    later = plan(deal, "Later", by=anna, due_at=now + timedelta(days=5))
    sooner = plan(deal, "Sooner", by=anna, due_at=now + timedelta(days=1))
    plan(deal, "Some day", by=anna)

    def step():
        deal.refresh_from_db()
        return deal.next_step_title

    assert step() == "Sooner"
    client.post(reverse("activities:task_complete", args=[sooner.pk]))
    assert step() == "Later"
    client.post(reverse("activities:task_reopen", args=[sooner.pk]))
    assert step() == "Sooner"
    client.post(
        reverse("activities:task_replan", args=[sooner.pk]),
        {"postpone": 7, "seen_due": sooner.due_at.isoformat()},
    )
    assert step() == "Later"
    later.complete(by=anna)
    sooner.replan(by=anna, due_at=None, is_all_day=False)
    assert step() == ""


def test_a_task_put_to_another_time_meanwhile_is_not_overwritten(logged_in, anna, deal):
    task = Activity.objects.plan(deal, "Call", by=anna, due_at=timezone.now() + timedelta(days=1))
    moved = task.replan(by=anna, due_at=timezone.now() + timedelta(days=3), is_all_day=False)
    answer = logged_in(anna).post(
        reverse("activities:task_replan", args=[task.pk]),
        {"title": "Write", "due_on": "2027-03-01", "seen_due": task.due_at.isoformat(), "seen_title": "Call"},
    )
    assert answer.status_code == 409
    assert 'value="Write"' in answer.content.decode()
    task.refresh_from_db()
    assert (task.title, task.due_at) == ("Call", moved.due_at)


def test_who_does_not_see_the_record_finds_none_of_its_addresses(logged_in, anna, vera, deal):
    task = Activity.objects.plan(deal, "Call", by=anna)
    client = logged_in(vera)
    assert add(client, deal, "note", text="Spy").status_code == 404
    assert add(client, deal, "task", title="Spy").status_code == 404
    for name in ("complete", "reopen", "replan"):
        assert client.post(reverse(f"activities:task_{name}", args=[task.pk])).status_code == 404
    assert Activity.objects.count() == 1
    task.refresh_from_db()
    assert not task.is_done


def test_who_only_sees_the_record_is_told_that_he_may_not_change_it(logged_in, anna, observer, deal):
    task = Activity.objects.plan(deal, "Call", by=anna)
    client = logged_in(observer)
    assert add(client, deal, "note", text="No").status_code == 403
    assert client.post(reverse("activities:task_complete", args=[task.pk])).status_code == 403
    task.refresh_from_db()
    assert not task.is_done
    assert Activity.objects.count() == 1


def test_nothing_is_written_on_a_deal_in_the_archive(logged_in, anna, deal):
    deal.archive(by=anna)
    assert add(logged_in(anna), deal, "note", text="Too late").status_code == 409
    assert not Activity.objects.exists()


def test_a_task_done_twice_is_told_once(anna, deal):
    task = Activity.objects.plan(deal, "Call", by=anna)
    task.complete(by=anna)
    task.complete(by=anna)
    assert Event.objects.filter(kind="task_completed").count() == 1


def test_htmx_gets_next_step_composer_and_history_back(logged_in, anna, deal):
    answer = logged_in(anna).post(
        reverse("activities:note_add", args=["deal", deal.pk]),
        {"token": uuid.uuid4(), "text": "Asks for a discount"},
        headers={"HX-Request": "true"},
    )
    body = answer.content.decode()
    assert answer.status_code == 200
    assert body.strip().startswith('<div class="stack-4" id="flow">')
    assert "Asks for a discount" in body
    assert "No step" in body
