"""`check_base`: a clean base is called clean, and each rule that is broken is found by its name."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from activities.models import Activity
from deals.models import Deal
from desk.check.rules import broken_rules, rules
from directories.models import CustomField, Directory, Entry

pytestmark = pytest.mark.django_db

BREAKS = {
    "somebody_configures": "UPDATE accounts_user SET can_log_in = false",
    "teams_are_a_tree": "UPDATE accounts_team SET parent_id = id",
    "pipeline_has_its_stages": "UPDATE pipeline_stage SET retired_at = now() WHERE kind = 'lead'",
    "merged_stage_is_retired": "UPDATE pipeline_stage SET merged_into_id = id WHERE kind = 'open'",
    "merged_entry_is_retired": "UPDATE directories_entry SET merged_into_id = id",
    "deal_stands_where_its_history_says": "UPDATE deals_deal SET amount = 1",
    "history_has_no_gap": (
        "UPDATE deals_stagehistory SET left_at = left_at - interval '1 microsecond' WHERE left_at IS NOT NULL"
    ),
    "history_says_what_was_before": (
        "UPDATE deals_stagehistory SET came_since = now() WHERE came_from_id IS NOT NULL"
    ),
    "open_deal_is_in_a_stage_in_use": (
        "UPDATE pipeline_stage SET retired_at = now() WHERE id IN (SELECT stage_id FROM deals_deal)"
    ),
    "next_step_is_the_nearest": "UPDATE deals_deal SET next_step_at = now()",
    "own entries of deal": """UPDATE deals_deal SET custom = '{"car": 0}'""",
    "records_event.object_id of deals_deal": "UPDATE records_event SET object_id = 0",
    "deals_dealchange.pgh_obj_id": "UPDATE deals_dealchange SET pgh_obj_id = 0",
    "deals_deal.id goes on": "SELECT setval(pg_get_serial_sequence('deals_deal', 'id'), 1, false)",
    "indexes_are_valid": "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'deal_search'::regclass",
    "triggers_are_on": "ALTER TABLE deals_deal DISABLE TRIGGER USER",
    "constraints_are_in_force": (
        "ALTER TABLE deals_deal ADD CONSTRAINT not_looked_at CHECK (version > 0) NOT VALID"
    ),
}
BY_A_SUPERUSER = {"indexes_are_valid"}


@pytest.fixture
def busy(anna, admin, deal, lead, negotiation):
    """A base with something of everything that a rule looks at."""
    cars = Directory.objects.create(code="cars", name="Cars")
    car = Entry.objects.create(directory=cars, name="Red")
    CustomField.objects.create(entity="deal", code="car", label_en="Car", kind="entry", choices_from=cars)
    deal.change({"custom__car": car}, by=anna)
    deal.move_to(negotiation, by=anna, seen_in=lead)
    Activity.objects.plan(deal, "Call", by=anna)
    return deal


def broken():
    return {rule.name for rule in broken_rules()}


def test_what_the_doors_write_is_clean(busy, capsys):
    call_command("check_base")
    assert f"{len(rules())} rules were looked through: the base is clean." in capsys.readouterr().out


@pytest.mark.parametrize("name", sorted(BREAKS.keys() - BY_A_SUPERUSER))
def test_a_broken_rule_is_found(name, busy):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(BREAKS[name])
    assert name in broken()


def test_a_row_that_points_at_nothing_is_found(busy):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'deals_deal'::regclass AND contype = 'f'"
        )
        names = {name for (name,) in cursor.fetchall()}
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("UPDATE deals_deal SET owner_id = 0")
        assert broken() & names
        cursor.execute("UPDATE deals_deal SET owner_id = %s", [busy.owner_id])


def test_each_rule_of_a_room_has_something_that_breaks_it():
    assert not {name for name in rules() if name.isidentifier() and not _is_foreign_key(name)} - BREAKS.keys()


def test_a_broken_base_ends_the_command_with_what_is_broken(busy, capsys):
    Deal.objects.filter(pk=busy.pk).update(amount=1)
    with pytest.raises(CommandError, match="1 rule is broken"):
        call_command("check_base")
    assert f"1 times not so: {busy.pk}" in capsys.readouterr().err


def _is_foreign_key(name):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_constraint WHERE conname = %s", [name])
        return bool(cursor.fetchall())
