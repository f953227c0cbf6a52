"""A field that is filtered by often has its index; so has every field whose values are entries."""

import pytest
from django.db import IntegrityError, connection
from procrastinate.contrib.django.models import ProcrastinateJob

from deals.models import Deal
from directories.indexes import index_name
from directories.models import CustomField, Directory
from directories.tasks import keep_index


def make_field(**values):
    return CustomField.objects.make(
        **{"entity": "deal", "code": "a_b", "kind": "number", "label_ru": "Поле", "label_en": "Field"}
        | values
    )


def index_of(field):
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [index_name(field.pk)])
        found = cursor.fetchone()
    return found and found[0]


def test_a_new_field_asks_for_its_index_in_its_own_transaction(company):
    field = make_field(filter_often=True)
    jobs = ProcrastinateJob.objects.filter(task_name="directories.keep_index", args={"field_id": field.pk})
    assert jobs.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_index_follows_the_field_however_often_the_job_runs(company):
    field = make_field(filter_often=True)
    keep_index(field.pk)
    keep_index(field.pk)
    assert "((custom -> 'a_b'::text)), id)" in index_of(field)
    field.filter_often = False
    field.save()
    keep_index(field.pk)
    assert index_of(field) is None
    keep_index(field.pk + 1000)


@pytest.mark.django_db(transaction=True)
def test_entries_of_a_directory_are_indexed_by_themselves_and_a_strange_code_does_no_harm(company):
    cities = Directory.objects.create(code="cities", name="Cities")
    field = CustomField.objects.create(
        entity="entry",
        directory=cities,
        code="x'); DROP TABLE deals_deal; --",
        kind="entry",
        choices_from=cities,
        label_ru="Поле",
        label_en="Field",
    )
    keep_index(field.pk)
    assert f"WHERE (directory_id = {cities.pk})" in index_of(field)
    assert list(Deal.objects.for_system("the table is still there")) == []


def is_valid(field):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", [index_name(field.pk)]
        )
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_an_index_that_was_left_unfinished_is_made_anew(anna, lead):
    """A unique one over equal values fails half-way, and stays behind as a killed job's does."""
    field = make_field(filter_often=True)
    for title in "AB":
        Deal.objects.make(by=anna, stage=lead, title=title, **{"custom__a_b": 1})
    with connection.cursor() as cursor, pytest.raises(IntegrityError):
        cursor.execute(
            f"CREATE UNIQUE INDEX CONCURRENTLY {index_name(field.pk)} ON deals_deal ((custom -> 'a_b'))"
        )
    assert not is_valid(field)
    keep_index(field.pk)
    assert is_valid(field)
    assert "UNIQUE" not in index_of(field)
