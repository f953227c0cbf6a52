"""An entry in use is retired or merged, never orphaned."""

import threading

import pytest
from django.db import connection, transaction

from contacts.models import Contact
from deals.models import Deal
from directories.models import CustomField, Directory, Entry
from directories.refusals import EntryRetired, NameTaken, OtherDirectory
from organizations.models import Organization
from records.models import Event


@pytest.fixture
def reasons(company):
    Directory.objects.make_ready("en")
    return {entry.code: entry for entry in Entry.objects.of("lost_reasons")}


@pytest.fixture
def sources(reasons):
    return {entry.code: entry for entry in Entry.objects.of("sources")}


def own_source(entity, **fields):
    return CustomField.objects.make(
        entity=entity,
        code="found_by",
        kind="entry",
        label_ru="Нашли через",
        label_en="Found by",
        choices_from=Directory.objects.get(code="sources"),
        **fields,
    )


def test_ready_directories_are_made_once_and_in_the_language_of_the_company(company):
    Directory.objects.make_ready("ru")
    Directory.objects.make_ready("en")
    assert Directory.objects.count() == 2
    assert Entry.objects.get(code="website").name == "Сайт"
    assert Entry.objects.get(code="expensive").name == "Дорого"


def test_merging_moves_all_that_holds_the_entry_built_in_and_own(anna, admin, lead, sources):
    website, call = sources["website"], sources["call"]
    for entity in ("deal", "contact", "organization"):
        own_source(entity)
    countries = Directory.objects.create(code="countries", name="Countries")
    own_source("entry", directory=countries)
    country = Entry.objects.create(directory=countries, name="Russia", custom={"found_by": website.pk})
    organization = Organization.objects.make(by=anna, name="Vector", custom__found_by=website)
    contact = Contact.objects.make(by=anna, first_name="Olga", source=website, custom__found_by=website)
    deal = Deal.objects.make(by=anna, stage=lead, title="A", source=website, custom__found_by=call)
    version = deal.version

    assert sum(count for _model, _label, count in website.held_by()) == 5
    website.merge_into(call, by=admin)

    for record in (organization, contact, deal, country, website):
        record.refresh_from_db()
    assert contact.source == deal.source == call
    for record in (organization, contact, deal, country):
        assert record.custom == {"found_by": call.pk}
    assert website.merged_into == call
    assert website.is_retired
    assert website.held_by() == []
    assert deal.version == version + 1


def test_a_merge_ends_in_an_entry_of_the_same_directory_that_is_in_use(admin, sources, reasons):
    for target in (sources["website"], reasons["expensive"], sources["call"].retire(by=admin)):
        with pytest.raises(OtherDirectory):
            sources["website"].merge_into(target, by=admin)
    sources["website"].refresh_from_db()
    assert not sources["website"].is_retired


def test_an_entry_comes_back_unless_its_name_is_taken(admin, sources):
    website = sources["website"].retire(by=admin)
    other = Entry.objects.create(directory=website.directory, name=website.name)
    with pytest.raises(NameTaken):
        website.bring_back(by=admin)
    other.retire(by=admin)
    assert not website.bring_back(by=admin).is_retired


def test_no_deal_is_lost_for_a_reason_that_is_out_of_use(anna, admin, deal, lead, lost, reasons):
    reason = reasons["expensive"].retire(by=admin)
    with pytest.raises(EntryRetired):
        deal.move_to(lost, by=anna, seen_in=lead, lost_reason=reason)
    deal.refresh_from_db()
    assert deal.stage == lead
    assert not Event.objects.of(deal).filter(kind="deal_moved").exists()


def in_thread(work):
    """Run `work` on a connection of its own; return the thread and where its exception goes."""
    raised = []

    def run():
        try:
            work()
        except Exception as problem:  # noqa: BLE001 (the test looks at it)
            raised.append(problem)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, raised


@pytest.mark.django_db(transaction=True)
def test_a_deal_lost_while_its_reason_is_merged_ends_at_the_target(anna, admin, deal, lead, lost, reasons):
    """The mover comes first and holds the reason; the merge waits for him and takes his deal along."""
    moved = threading.Event()
    merging = threading.Event()

    def lose():
        with transaction.atomic():
            deal.move_to(lost, by=anna, seen_in=lead, lost_reason=reasons["expensive"])
            moved.set()
            merging.wait(0.5)

    thread, raised = in_thread(lose)
    assert moved.wait(5)
    merging.set()
    reasons["expensive"].merge_into(reasons["others"], by=admin)
    thread.join()
    assert raised == []
    deal.refresh_from_db()
    assert deal.lost_reason == reasons["others"]


@pytest.mark.django_db(transaction=True)
def test_an_own_value_chosen_while_its_entry_is_merged_is_refused(anna, admin, deal, sources):
    """No foreign key guards an id in JSONB: the door's hold does. The merge comes first here."""
    own_source("deal")
    merged = threading.Event()
    go_on = threading.Event()

    def merge():
        with transaction.atomic():
            sources["website"].merge_into(sources["call"], by=admin)
            merged.set()
            go_on.wait(0.5)

    thread, raised = in_thread(merge)
    assert merged.wait(5)
    go_on.set()
    with pytest.raises(EntryRetired):
        deal.change({"custom__found_by": sources["website"]}, by=anna)
    thread.join()
    assert raised == []
    deal.refresh_from_db()
    assert deal.custom == {}
