"""Many records at once are one operation: all or nothing, and taken back as a whole."""

import re

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from deals.models import Deal
from directories import many
from directories.history import undo_changes
from directories.many import RecordsArchived, RecordsAssigned, RecordsMoved, do_to_many
from directories.refusals import TooMany
from records.models import KeptRecord, Operation
from records.refusals import AlreadyUndone, NotAllowed
from records.tasks import finish_undo
from tests.jobs import work_here

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(anna, lead):
    return [Deal.objects.make(by=anna, stage=lead, title=f"Deal {n}", amount=n) for n in range(3)]


def seen_by(person):
    return Deal.objects.visible_to(person)


def owners():
    return [deal.owner for deal in Deal.objects.for_system("test").order_by("pk").select_related("owner")]


def hand_over(deals, to, *, by):
    door = lambda deal: deal.assign_to(to, by=by)  # noqa: E731
    return do_to_many(deals, RecordsAssigned, door, by=by, name=to.full_name)


def test_a_bulk_change_is_undone_as_a_whole_but_for_what_was_changed_since(three, head, anna, boris, admin):
    operation = hand_over(seen_by(head), boris, by=head)
    assert (operation.counts, owners()) == ({"changed": 3}, [boris] * 3)
    three[1].assign_to(head, by=admin)
    undone = operation.undo(by=head)
    assert (undone.state, undone.undo_counts) == ("undone", {"restored": 2, "kept": 1})
    assert owners() == [anna, head, anna]
    kept = undone.kept.get()
    assert (kept.name, kept.why) == ("Deal 1", "Admin Adminova has changed “Responsible” since")
    with translation.override("ru"):
        assert "Ответственный" in Operation.objects.get(pk=operation.pk).kept.get().why
    with pytest.raises(AlreadyUndone):
        operation.undo(by=head)


def test_all_or_nothing_is_changed(three, head, anna, boris, vera, lead):
    Deal.objects.make(by=vera, stage=lead, title="A stranger's")
    with pytest.raises(NotAllowed):
        hand_over(Deal.objects.for_system("test"), boris, by=head)
    assert owners() == [anna] * 3 + [vera]
    assert not Operation.objects.exists()


def test_moves_and_the_archive_are_undone_too(three, head, lead, negotiation):
    def move(deal):
        deal.move_to(negotiation, by=head, seen_in=deal.stage)

    moved = do_to_many(seen_by(head), RecordsMoved, move, by=head, name=negotiation.name)
    gone = do_to_many(seen_by(head), RecordsArchived, lambda deal: deal.archive(by=head), by=head)
    assert gone.undo(by=head).undo_counts == {"restored": 3, "kept": 0}
    assert moved.undo(by=head).undo_counts == {"restored": 3, "kept": 0}
    assert {(deal.stage, deal.is_archived) for deal in seen_by(head)} == {(lead, False)}


def test_all_stages_are_held_before_the_first_deal_is_locked(three, head, lead, negotiation, invoice):
    three[2].move_to(invoice, by=head, seen_in=lead)

    def move(deal):
        deal.move_to(negotiation, by=head, seen_in=deal.stage)

    with CaptureQueriesContext(connection) as done:
        operation = do_to_many(seen_by(head), RecordsMoved, move, by=head, name=negotiation.name)
    assert held_first(done) == {lead.pk, invoice.pk}
    with CaptureQueriesContext(connection) as undone:
        operation.undo(by=head)
    assert held_first(undone) == {lead.pk, negotiation.pk, invoice.pk}


def held_first(captured):
    """Return the ids of the stages that were held before any deal was locked."""
    statements = [query["sql"] for query in captured]
    first = next(
        n for n, sql in enumerate(statements) if "FOR NO KEY UPDATE" in sql and '"deals_deal"' in sql
    )
    holds = [sql for sql in statements[:first] if "pipeline_stage" in sql and "FOR SHARE" in sql]
    return {int(pk) for pk in re.findall(r"\d+", re.search(r"{(.*?)}", holds[0])[1])}


def test_a_record_that_its_door_refuses_is_named_with_its_sentence(three, head, boris):
    operation = hand_over(seen_by(head), boris, by=head)
    three[0].archive(by=head)
    undone = operation.undo(by=head)
    assert undone.undo_counts == {"restored": 2, "kept": 1}
    assert "in the archive" in undone.kept.get().why


def test_no_more_than_fit_one_transaction_are_done_at_once(three, head, boris, monkeypatch):
    monkeypatch.setattr(many, "MOST_AT_ONCE", 2)
    with pytest.raises(TooMany):
        hand_over(seen_by(head), boris, by=head)


def test_an_undo_that_was_killed_is_ended_by_its_job(three, head, anna, boris, monkeypatch):
    monkeypatch.setattr(many, "UNDO_RECORDS", 2)
    operation = hand_over(seen_by(head), boris, by=head)
    Operation.objects.filter(pk=operation.pk).update(state="undoing", undone_by=head)
    Operation.objects.get(pk=operation.pk)._undo_some()  # and here it was killed
    assert owners() == [anna, anna, boris]
    finish_undo(operation.pk)
    finish_undo(operation.pk)
    assert owners() == [anna] * 3
    assert Operation.objects.get().undo_counts == {"restored": 3, "kept": 0}


def test_who_sees_an_operation_and_who_may_undo_it(
    three, head, boris, vera, observer, owner, admin, logged_in
):
    operation = hand_over(seen_by(head), boris, by=head)
    page = reverse("records:operation_page", args=[operation.pk])
    undo = reverse("records:operation_undo", args=[operation.pk])
    for person in (boris, vera):
        assert logged_in(person).get(page).status_code == 404
        assert logged_in(person).post(undo).status_code == 404
    assert undo not in logged_in(observer).get(page).text
    assert logged_in(observer).post(undo).status_code == 403
    for person in (owner, admin):
        assert undo in logged_in(person).get(page).text


def test_the_list_of_operations_undoes_nothing_by_itself_and_leads_to_the_page_that_does(
    three, head, boris, observer, logged_in
):
    operation = hand_over(seen_by(head), boris, by=head)
    address = reverse("records:operation_list")
    listed = logged_in(head).get(address).text
    assert reverse("records:operation_undo", args=[operation.pk]) not in listed
    assert reverse("records:operation_page", args=[operation.pk]) in listed
    assert "Undo…" in listed
    assert "Undo…" not in logged_in(observer).get(address).text


def test_the_page_of_an_operation_undoes_it_and_names_what_it_kept(three, head, boris, admin, logged_in):
    operation = hand_over(seen_by(head), boris, by=head)
    three[1].assign_to(head, by=admin)
    client = logged_in(head)
    answer = client.post(reverse("records:operation_undo", args=[operation.pk]), follow=True)
    assert "Undone (2 put back, 1 kept)." in answer.text
    assert "Deal 1" in answer.text
    assert "Admin Adminova has changed “Responsible” since" in answer.text


def test_what_was_kept_is_named_only_to_who_may_see_it(three, head, boris, vera, admin, logged_in):
    operation = hand_over(seen_by(head), boris, by=head)
    three[1].assign_to(vera, by=admin)
    operation.undo(by=admin)
    page = reverse("records:operation_page", args=[operation.pk])
    text = logged_in(head).get(page).text
    assert "Deal 1" not in text
    assert "A record that you may not see" in text
    assert "Deal 1" in logged_in(admin).get(page).text


def test_people_that_were_kept_are_named_to_who_configures(boris, owner, admin, logged_in):
    operation = Operation.objects.create(
        kind=RecordsAssigned.kind, entity="user", by=owner, state="done", particulars={"name": ""}
    )
    KeptRecord.of(operation, boris, "used", count=1).save()
    page = reverse("records:operation_page", args=[operation.pk])
    assert boris.full_name not in logged_in(owner).get(page).text
    assert boris.full_name in logged_in(admin).get(page).text


def test_a_long_undo_is_left_to_a_job_and_its_page_looks_again(three, head, boris, logged_in, monkeypatch):
    operation = hand_over(seen_by(head), boris, by=head)
    monkeypatch.setattr("records.models.operation.MOST_AT_ONCE", 2)
    answer = logged_in(head).post(reverse("records:operation_undo", args=[operation.pk]), follow=True)
    assert 'hx-trigger="every 2s"' in answer.text
    finish_undo(operation.pk)
    page = logged_in(head).get(answer.wsgi_request.path, headers={"HX-Request": "true"})
    assert "hx-trigger" not in page.text
    assert "3 put back" in page.text


def test_the_history_of_a_record_says_of_which_operation_a_change_was_a_part(three, head, boris, logged_in):
    operation = hand_over(seen_by(head), boris, by=head)
    operation.undo(by=head)
    text = logged_in(head).get(reverse("directories:record_history", args=["deal", three[0].pk])).text
    assert "with others: hands several records over to Boris Levin" in text
    assert "undoing: hands several records over to Boris Levin" in text


def test_an_undo_whose_job_has_failed_for_good_is_gone_on_with_from_its_page(
    three, head, anna, boris, logged_in
):
    operation = hand_over(seen_by(head), boris, by=head)
    Operation.objects.filter(pk=operation.pk).update(state="undoing", undone_by=head)
    page = reverse("records:operation_page", args=[operation.pk])
    undo = reverse("records:operation_undo", args=[operation.pk])
    assert undo in logged_in(head).get(page).text
    for _twice in range(2):
        assert logged_in(head).post(undo).status_code == 303
    assert undo not in logged_in(head).get(page).text  # a job is at work
    work_here()
    assert (Operation.objects.get().state, owners()) == ("undone", [anna] * 3)


def test_a_record_that_the_database_refuses_keeps_no_other_one(three, head, anna, boris, monkeypatch):
    operation = hand_over(seen_by(head), boris, by=head)

    def refuse_the_second(record, *args, **how):
        undo_changes(record, *args, **how)
        if record == three[1]:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("UPDATE deals_deal SET amount = -1 WHERE id = %s", [record.pk])

    monkeypatch.setattr(many, "undo_changes", transaction.atomic(refuse_the_second))
    undone = operation.undo(by=head)
    assert (undone.state, undone.undo_counts) == ("undone", {"restored": 2, "kept": 1})
    assert owners() == [anna, boris, anna]
    assert (undone.kept.get().name, undone.kept.get().why) == ("Deal 1", "it could not be changed back")


def test_what_a_job_has_kept_is_told_in_the_language_of_who_undid(three, head, boris, admin):
    head.language = "ru"
    head.save()
    operation = hand_over(seen_by(head), boris, by=head)
    three[1].archive(by=admin)
    Operation.objects.filter(pk=operation.pk).update(state="undoing", undone_by=head)
    finish_undo(operation.pk)
    assert "в архиве" in operation.kept.get().particulars["why"]
