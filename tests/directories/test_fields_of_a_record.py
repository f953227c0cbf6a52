"""One description of a field serves form, card, filter and history."""

import datetime
from contextlib import suppress
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.utils.translation import override

from contacts.models import Contact
from deals.models import Deal
from directories.fields import describe_changes, field_named, fields_of, load_names, names_told
from directories.filters import FieldFilter
from directories.forms import FieldForm, FieldsForm
from directories.models import CustomField, Directory, Entry
from directories.refusals import EntryRetired
from records.models import Event
from records.refusals import Overtaken


@pytest.fixture
def cities(company):
    directory = Directory.objects.create(code="cities", name="Cities")
    for position, name in enumerate(["Moscow", "Kazan"]):
        Entry.objects.create(directory=directory, name=name, position=position)
    return directory


@pytest.fixture
def own_fields(cities):
    """A field of each kind that a company may make, on deals."""
    for position, (kind, choices) in enumerate(
        [("text", None), ("number", None), ("date", None), ("entry", cities)]
    ):
        CustomField.objects.create(
            entity="deal",
            code=f"the_{kind}",
            kind=kind,
            label_ru=f"Поле {kind}",
            label_en=f"The {kind}",
            choices_from=choices,
            position=position,
        )
    return {field.name: field for field in fields_of(Deal) if field.is_own}


def post(**values):
    data = QueryDict(mutable=True)
    for name, value in values.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


def test_own_fields_follow_the_built_in_ones_in_one_query(own_fields, django_assert_num_queries):
    with django_assert_num_queries(1):
        names = [field.name for field in fields_of(Deal)]
    assert names == [
        *Deal.described,
        "custom__the_text",
        "custom__the_number",
        "custom__the_date",
        "custom__the_entry",
    ]


def test_every_described_field_has_a_kind_a_form_and_words(anna, deal, contact, organization):
    for record in (deal, contact, organization):
        for field in fields_of(type(record)):
            assert field.label
            assert field.kind.code
            assert isinstance(field.show(record), str)
            field.form_field(anna, record)


def test_what_is_typed_comes_back_exact_and_in_the_readers_language(own_fields, deal, anna, cities):
    kazan = cities.entries.get(name="Kazan")
    form = FieldsForm(
        list(own_fields.values()),
        anna,
        data=post(
            custom__the_text="Hall A",
            custom__the_number="1 234,50",
            custom__the_date="2026-10-30",
            custom__the_entry=str(kazan.pk),
        ),
    )
    assert form.is_valid(), form.errors
    deal = deal.change(form.values, by=anna)
    deal.refresh_from_db()
    assert deal.custom == {
        "the_text": "Hall A",
        "the_number": 1234.5,
        "the_date": "2026-10-30",
        "the_entry": kazan.pk,
    }
    assert own_fields["custom__the_number"].read(deal) == Decimal("1234.5")
    assert own_fields["custom__the_date"].read(deal) == datetime.date(2026, 10, 30)
    assert own_fields["custom__the_entry"].show(deal) == "Kazan"
    with override("ru"):
        assert own_fields["custom__the_number"].show(deal) == "1\u00a0234,5"
        assert own_fields["custom__the_number"].label == "Поле number"


def test_a_year_has_no_thousands_wherever_it_is_shown(own_fields, deal, anna):
    CustomField.objects.filter(code="the_number").update(without_thousands=True)
    field = field_named(fields_of(Deal), "custom__the_number")
    deal = deal.change({field.name: 1996}, by=anna)
    told = Event.objects.of(deal).newest_first().first()
    with override("ru"):
        assert field.of(deal).text == "1996"
        assert 'value="1996"' in str(FieldForm(field, deal, anna)["value"])
        chips = FieldFilter(QueryDict(f"{field.name}_from=1996"), Deal.objects.all(), [field], anna).chips
        assert chips[0].text == "от 1996"
        assert describe_changes(told, [field]) == [("Поле number", "", "1996")]


@pytest.mark.parametrize("typed", ["NaN", "Infinity", "-inf", "1e400", "1" * 16, "0.1234567", "five"])
def test_what_is_no_exact_number_is_refused_with_a_sentence(own_fields, deal, anna, typed):
    form = FieldForm(own_fields["custom__the_number"], deal, anna, post(value=typed, shown="null"))
    assert not form.is_valid()
    assert form.errors["value"]


def test_an_emptied_own_field_is_not_kept(own_fields, deal, anna):
    deal = deal.change({"custom__the_text": "Hall A"}, by=anna)
    form = FieldForm(own_fields["custom__the_text"], deal, anna, post(value="", shown='"Hall A"'))
    assert form.is_valid()
    deal.change(form.changes, by=anna, shown=form.shown)
    deal.refresh_from_db()
    assert deal.custom == {}


def test_two_who_edit_one_own_field_are_told_of_each_other(own_fields, deal, anna, head):
    field = own_fields["custom__the_number"]
    shown = FieldForm(field, deal, anna)["shown"].value()
    deal.change({field.name: 7}, by=anna)
    form = FieldForm(field, deal, head, post(value="9", shown=shown))
    assert form.is_valid()
    with pytest.raises(Overtaken) as overtaken:
        deal.change(form.changes, by=head, shown=form.shown)
    form.overtaken(overtaken.value)
    assert "from empty to “7”" in form.errors["value"][0]
    assert form["value"].value() == "9"
    again = FieldForm(field, deal, head, form.data)
    assert again.is_valid()
    deal.change(again.changes, by=head, shown=again.shown)
    deal.refresh_from_db()
    assert deal.custom == {"the_number": 9}


@pytest.mark.parametrize(
    "name", ["amount", "expected_close_on", "source", "contact", "title", "organization"]
)
def test_a_shown_value_that_is_nonsense_is_no_crash(deal, anna, name, source):
    field = field_named(fields_of(Deal), name)
    form = FieldForm(field, deal, anna, post(value="", shown="x'\"--"))
    if form.is_valid():
        with suppress(Overtaken):
            deal.change(form.changes, by=anna, shown=form.shown)


def test_names_of_entries_are_loaded_once_for_a_list(
    own_fields, cities, anna, lead, django_assert_num_queries
):
    entries = list(cities.entries.all())
    deals = [
        Deal.objects.make(by=anna, stage=lead, title=str(number), custom__the_entry=entries[number % 2])
        for number in range(6)
    ]
    field = own_fields["custom__the_entry"]
    with django_assert_num_queries(1):
        load_names(deals, [field])
        assert [field.show(deal) for deal in deals] == ["Moscow", "Kazan"] * 3


def test_history_names_what_an_own_field_was(own_fields, cities, deal, anna, django_assert_num_queries):
    moscow, kazan = cities.entries.all()
    deal.change({"custom__the_entry": moscow}, by=anna)
    deal.change({"custom__the_entry": kazan, "amount": 5}, by=anna)
    events = list(Event.objects.of(deal).filter(kind="record_changed").newest_first())
    fields = fields_of(Deal)
    with django_assert_num_queries(1):
        names = names_told(events, fields)
        told = [describe_changes(event, fields, names) for event in events]
    assert ("The entry", "Moscow", "Kazan") in told[0]
    assert told[1] == [("The entry", "", "Moscow")]


def narrowed(query, user, fields):
    found = FieldFilter(QueryDict(query), Deal.objects.visible_to(user), fields, user)
    return found, sorted(found.queryset.values_list("title", flat=True))


@pytest.fixture
def three_deals(own_fields, anna, lead, cities):
    moscow, kazan = cities.entries.all()
    make = Deal.objects.make
    make(by=anna, stage=lead, title="one", custom__the_number=1, custom__the_date="2026-01-01")
    make(by=anna, stage=lead, title="two", custom__the_number=20, custom__the_entry=kazan, amount=200)
    make(by=anna, stage=lead, title="ten", custom__the_number=10.5, custom__the_text="Ёлка", amount=100)
    Deal.objects.filter(title="one").update(custom={"the_number": "ninety", "the_date": "2026-01-01"})
    return make


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("custom__the_number_from=5", ["ten", "two"]),
        ("custom__the_number_to=10,5", ["ten"]),
        ("custom__the_date_from=2025-12-31&custom__the_date_to=2026-01-01", ["one"]),
        ("custom__the_text=елк", ["ten"]),
        ("amount_from=150", ["two"]),
        ("title=TW", ["two"]),
        ("owner__password=x&custom__the_number__lt=3&id__gt=0", ["one", "ten", "two"]),
        ("custom__the_number_from=abc&amount_from=NaN&source=x&owner=1;", ["one", "ten", "two"]),
        ("custom__the_entry=999999999999999999999999", ["one", "ten", "two"]),
        ("custom__the_date_from=0000-00-00&title=%00", ["one", "ten", "two"]),
    ],
)
def test_a_filter_narrows_by_what_it_understands(three_deals, anna, query, titles):
    found, shown = narrowed(query, anna, fields_of(Deal))
    assert shown == titles
    assert "custom" not in " ".join(chip.text for chip in found.chips)


def test_a_set_filter_says_what_it_keeps_and_how_to_take_it_away(three_deals, anna, cities):
    kazan = cities.entries.get(name="Kazan")
    found, shown = narrowed(f"custom__the_entry={kazan.pk}&amount_from=1&after=x", anna, fields_of(Deal))
    assert shown == ["two"]
    chips = {chip.name: chip for chip in found.chips}
    assert chips["custom__the_entry"].text == "Kazan"
    assert chips["custom__the_entry"].url == "?amount_from=1"


def test_a_retired_entry_stays_where_it_is_and_comes_nowhere_new(
    own_fields, cities, deal, contact, anna, source
):
    field = field_named(fields_of(Contact), "source")
    contact = contact.change({"source": source}, by=anna)
    Entry.objects.filter(pk=source.pk).update(retired_at="2026-01-01T00:00Z")
    source.refresh_from_db()
    assert FieldForm(field, contact, anna, post(value=str(source.pk), shown=str(source.pk))).is_valid()
    contact.change({"source": source, "position": "Head"}, by=anna)
    with pytest.raises(EntryRetired):
        deal.change({"source": source}, by=anna)
    deal.refresh_from_db()
    assert deal.source is None
