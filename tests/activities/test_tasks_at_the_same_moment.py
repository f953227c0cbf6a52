"""Two people with the tasks of one deal at the same moment, with two connections."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from activities.models import Activity
from records.models import Event


def at_once(*works):
    """Run the `works` in threads of their own, released together; return what they return."""
    barrier = Barrier(len(works))

    def run(work):
        try:
            barrier.wait(timeout=10)
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


@pytest.mark.django_db(transaction=True)
def test_two_who_complete_a_task_at_once_complete_it_once(deal, anna, head):
    for number in range(10):
        task = Activity.objects.plan(deal, f"Call {number}", by=anna)
        at_once(lambda task=task: task.complete(by=anna), lambda task=task: task.complete(by=head))
    assert Event.objects.filter(kind="task_completed").count() == 10


@pytest.mark.django_db(transaction=True)
def test_the_next_step_is_right_whoever_plans_and_completes_at_once(deal, anna, head):
    now = timezone.now()
    for _round in range(10):
        near = Activity.objects.plan(deal, "Near", by=anna, due_at=now + timedelta(days=1))
        at_once(
            lambda near=near: near.complete(by=anna),
            lambda: Activity.objects.plan(deal, "Far", by=head, due_at=now + timedelta(days=9)),
            lambda: Activity.objects.plan(deal, "Middle", by=anna, due_at=now + timedelta(days=5)),
        )
        deal.refresh_from_db()
        nearest = deal.activities.next_step()
        assert (
            (deal.next_step_at, deal.next_step_title)
            == (nearest.due_at, nearest.title)
            == (
                now + timedelta(days=5),
                "Middle",
            )
        )
