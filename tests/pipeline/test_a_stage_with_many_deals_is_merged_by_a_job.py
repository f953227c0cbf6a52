"""What would take longer than a request may is a job: one transaction, started once, taken up again."""

import threading

import pytest
from django.db import connection, transaction
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from deals.models import Deal
from directories import merging
from directories.refusals import BeingMerged
from pipeline.models import Stage
from pipeline.refusals import StageRetired
from records.models import Event
from records.tasks import resume_jobs
from tests.deals.stays import said_wrongly
from tests.jobs import work

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 3


@pytest.fixture
def many(monkeypatch, anna, negotiation):
    """Deals in negotiation, more than are moved within a request."""
    monkeypatch.setattr(merging, "MOST_AT_ONCE", MANY - 1)
    return [Deal.objects.make(by=anna, stage=negotiation, title=str(n), amount=n) for n in range(MANY)]


@pytest.fixture
def asked(many, negotiation, invoice, admin):
    """The stage whose merge was asked for."""
    return negotiation.merge_into(invoice, by=admin)


def jobs_of(stage):
    """The jobs that merge this stage; those of other tests stay in their table."""
    return ProcrastinateJob.objects.filter(task_name="pipeline.finish_merge", args__pk=stage.pk)


def where():
    return {deal.stage.name for deal in Deal.objects.for_system("test").select_related("stage")}


def test_a_few_are_merged_at_once(many, negotiation, invoice, admin, anna):
    many[0].move_to(invoice, by=anna, seen_in=negotiation)
    assert negotiation.merge_into(invoice, by=admin).is_retired
    assert not jobs_of(negotiation)


def test_many_are_merged_by_the_worker_with_the_admin_as_who_did_it(asked, admin, invoice):
    assert (asked.is_merging, asked.is_retired, where()) == (True, False, {"Negotiation"})
    work()
    stage = Stage.objects.get(pk=asked.pk)
    assert (stage.is_merging, stage.is_retired, stage.merged_into) == (False, True, invoice)
    assert where() == {"Invoice sent"}
    assert {event.actor for event in Event.objects.filter(kind="deal_moved")} == {admin}
    assert not said_wrongly()


def test_a_second_press_does_not_start_it_twice_and_its_target_stays(asked, invoice, lead, admin):
    shipment = Stage.objects.get(name="Shipment")
    for again in (
        lambda: asked.merge_into(invoice, by=admin),
        lambda: Stage.objects.get(pk=asked.pk).retire(by=admin),
        lambda: invoice.merge_into(shipment, by=admin),
        lambda: invoice.retire(by=admin),
        lambda: shipment.merge_into(asked, by=admin),
    ):
        with pytest.raises(BeingMerged):
            again()
    assert len(jobs_of(asked)) == 1


def test_nothing_moves_into_it_meanwhile_and_what_moves_out_is_left_alone(
    asked, many, anna, won, negotiation, lead
):
    with pytest.raises(StageRetired):
        Deal.objects.make(by=anna, stage=negotiation, title="Late")
    many[0].move_to(won, by=anna, seen_in=negotiation)
    work()
    assert where() == {"Won", "Invoice sent"}


def test_a_merge_that_was_not_meant_is_stopped_before_it_began(asked, admin):
    stage = Stage.objects.get(pk=asked.pk).bring_back(by=admin)
    assert (stage.is_merging, stage.merged_into) == (False, None)
    work()
    assert (where(), Stage.objects.get(pk=asked.pk).is_retired) == ({"Negotiation"}, False)


class Killed(BaseException):
    """The end of a worker in the midst of its work."""


def test_a_job_killed_in_the_middle_has_done_nothing_and_does_all_the_next_time(asked, admin, monkeypatch):
    def is_killed(*args, **particulars):
        assert where() == {"Invoice sent"}  # within the transaction they have moved by now
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pid = cursor.fetchone()[0]
        thread = threading.Thread(target=terminate, args=[pid])
        thread.start()
        thread.join()
        raise Killed

    def terminate(pid):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
        connection.close()

    with monkeypatch.context() as midst:
        midst.setattr("deals.models.merge.tell", is_killed)
        with pytest.raises(Killed), transaction.atomic():
            asked.finish_merge(by=admin)
    connection.close()
    assert (where(), Stage.objects.get(pk=asked.pk).is_merging) == ({"Negotiation"}, True)
    work()
    assert (where(), Stage.objects.get(pk=asked.pk).is_retired) == ({"Invoice sent"}, True)


def test_the_job_of_a_killed_worker_is_taken_up_again(asked):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() - interval '1 hour') RETURNING id"
        )
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s",
            [cursor.fetchone()[0], jobs_of(asked).get().pk],
        )
    work()
    assert where() == {"Negotiation"}
    resume_jobs.configure().defer(timestamp=0)
    work()
    assert (where(), jobs_of(asked).get().status) == ({"Invoice sent"}, "succeeded")


def test_its_page_says_that_it_is_being_done_and_when_it_is(many, negotiation, invoice, logged_in, admin):
    client = logged_in(admin)
    address = reverse("admin:pipeline_stage_retire", args=[negotiation.pk])
    page = client.post(address, {"target": invoice.pk}, follow=True)
    assert "It is being merged into “Invoice sent”" in page.text
    assert "<strong>3</strong>" in page.text
    assert client.post(address, {"target": invoice.pk}).status_code == 409
    work()
    page = client.get(address)
    assert "“Negotiation” is merged into “Invoice sent”." in page.text
    assert "data-look-again" not in page.text


def test_its_page_can_stop_it(asked, logged_in, admin):
    logged_in(admin).post(reverse("admin:pipeline_stage_back", args=[asked.pk]))
    assert not Stage.objects.get(pk=asked.pk).is_merging
