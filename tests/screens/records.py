"""The screens of contacts, organizations and deals, and of their history."""

import datetime

from .screen import Screen, at


def of_record(room, record, label, field_name, refused):
    """The screens that contacts and organizations have alike."""
    own = f"{record}.pk"
    name = f"{room}:{record}"
    return [
        Screen(f"{room}", at(f"{name}_list")),
        Screen(f"{room}: found", at(f"{name}_list", query="?q=812555")),
        Screen(f"{room}: filter", at(f"{name}_list", query="?filter=open&source=1")),
        Screen(f"{room}: none found", at(f"{name}_list", query="?q=0000000")),
        Screen(f"{room}: none yet", at(f"{name}_list"), who="boris"),
        Screen(f"{room}: archive", at(f"{name}_list", query="?archived=1")),
        Screen(f"{label}", at(f"{name}_card", own)),
        Screen(f"{label} in the archive", at(f"{name}_card", f"archived_{record}.pk"), who="admin"),
        Screen(f"{label} for an observer", at(f"{name}_card", own), who="observer"),
        Screen(f"new {label}", at(f"{name}_new")),
        Screen(f"new {label} refused", at(f"{name}_new"), status=422, post={}),
        Screen(f"edit of {label}", at(f"{name}_edit", own)),
        Screen(f"edit of {label} refused", at(f"{name}_edit", own), status=422, post=refused),
        Screen(f"field of {label}", at(f"{name}_field", own, field_name)),
        Screen(
            f"field of {label} refused", at(f"{name}_field", own, field_name), status=422, post={"value": "0"}
        ),
        Screen(f"{label} handed over", at(f"{name}_assign", own)),
        Screen(f"field of {label}, part", at(f"{name}_field", own, field_name), is_part=True),
        Screen(f"{label} handed over, part", at(f"{name}_assign", own), is_part=True),
        Screen(
            f"news of {label}, part", at(f"{name}_changes", own, query="?since=0"), who="head", is_part=True
        ),
    ]


RECORDS = [
    *of_record("contacts", "contact", "contact", "phones", {"emails": "x"}),
    Screen(
        "doubles of a contact, part",
        at("contacts:contact_doubles", query="?phones=%2B78125550001"),
        is_part=True,
    ),
    *of_record("organizations", "organization", "organization", "inn", {"name": "", "inn": "1"}),
    Screen(
        "doubles of an organization, part",
        at("organizations:organization_doubles", query="?name=%D0%92%D0%B5%D0%BA%D1%82%D0%BE%D1%80"),
        is_part=True,
    ),
    Screen("search", at("desk:search", query="?q=812555")),
    Screen("search without a text", at("desk:search")),
    Screen("search finds nothing", at("desk:search", query="?q=0000000")),
    Screen(
        "suggestions, part", at("directories:suggest", "organization", query="?q=%D0%92%D0%B5"), is_part=True
    ),
]  # fmt: skip


def history(entity, pk, query=""):
    """Return a function that gives the address of the history of a record."""
    return at("directories:record_history", entity, pk, query=query)


HISTORY = [
    Screen("history of a deal", history("deal", "deal.pk")),
    Screen("history of a deal for an observer", history("deal", "deal.pk"), who="observer"),
    Screen("deal as it was", history("deal", "deal.pk", f"?at={datetime.date.today()}")),
    Screen("deal before it was there", history("deal", "deal.pk", "?at=2001-01-31")),
    Screen("deal as it was on no date", history("deal", "deal.pk", "?at=x"), status=422),
    Screen("history of a contact", history("contact", "contact.pk")),
    Screen("history of an organization", history("organization", "organization.pk")),
    Screen("history of a stage", history("stage", "stages.1.pk"), who="admin"),
    Screen("operations", at("records:operation_list")),
    Screen("operations: none yet", at("records:operation_list"), who="boris"),
    Screen("operation", at("records:operation_page", "operation.pk")),
    Screen("operation undone", at("records:operation_page", "undone_operation.pk")),
    Screen("operation, part", at("records:operation_page", "operation.pk"), is_part=True),
]  # fmt: skip

DEALS = [
    Screen(
        "board", at("deals:board", "pipeline.pk"),
        opens=("#board [data-move]",),
    ),
    Screen("board of many", at("deals:board", "pipeline.pk"), who="head"),
    Screen("board narrowed", at("deals:board", "pipeline.pk", query="?q=0000000&created=week")),
    Screen("board for an observer", at("deals:board", "pipeline.pk"), who="observer"),
    Screen("column of the board", at("deals:board_column", "pipeline.pk", "stages.0.pk")),
    Screen(
        "column of the board, part", at("deals:board_column", "pipeline.pk", "stages.0.pk"), is_part=True
    ),
    Screen(
        "changes of the board, part", at("deals:board_changes", "pipeline.pk", query="?since=0"), is_part=True
    ),
    Screen("move", at("deals:deal_move", "deal.pk")),
    Screen("move, part", at("deals:deal_move", "deal.pk"), is_part=True),
    Screen(
        "loss without a reason", at("deals:deal_move", "deal.pk"), status=422,
        post=lambda world: {"stage": world.stages[6].pk, "seen_in": world.deal.stage_id},
    ),
    Screen("deals", at("deals:deal_list")),
    Screen("deals: filter", at("deals:deal_list", query="?filter=open&q=a&amount_from=x&step=none")),
    Screen("deals: won", at("deals:deal_list", query="?outcome=won")),
    Screen("deals: archive", at("deals:deal_list", query="?archived=1")),
    Screen("deals: none found", at("deals:deal_list", query="?q=0000000")),
    Screen("deals, part", at("deals:deal_list"), is_part=True),
    Screen("deal", at("deals:deal_card", "deal.pk")),
    Screen(
        "deal of one's people", at("deals:deal_card", "deal.pk"), who="head",
        opens=("[hx-target='#dialogs']:visible",),
    ),
    Screen("deal, changes only", at("deals:deal_card", "deal.pk", query="?tab=changes")),
    Screen(
        "news of a deal, part", at("deals:deal_changes", "deal.pk", query="?since=0"), who="head",
        is_part=True,
    ),
    Screen("idle deal", at("deals:deal_card", "late.pk")),
    Screen("bare deal", at("deals:deal_card", "bare.pk"), who="boris"),
    Screen("won deal", at("deals:deal_card", "won.pk")),
    Screen("lost deal", at("deals:deal_card", "lost.pk")),
    Screen("deal in the archive", at("deals:deal_card", "archived_deal.pk"), who="admin"),
    Screen("deal for an observer", at("deals:deal_card", "deal.pk"), who="observer"),
    Screen("new deal", at("deals:deal_new")),
    Screen("new deal refused", at("deals:deal_new"), status=422, post={"phone": "x", "amount": "x"}),
    Screen("field of a deal", at("deals:deal_field", "deal.pk", "amount")),
    Screen(
        "field of a deal refused", at("deals:deal_field", "deal.pk", "amount"), status=422,
        post={"value": "x", "shown": "360000"},
    ),
    Screen(
        "field of a deal overtaken", at("deals:deal_field", "deal.pk", "title"), status=409,
        post=lambda world: {"value": world.say("Иное", "Other"), "shown": world.say("Прежнее", "Before")},
    ),
    Screen("field of a deal, part", at("deals:deal_field", "deal.pk", "contact"), is_part=True),
    Screen("deal handed over", at("deals:deal_assign", "deal.pk")),
    Screen("deal handed over, part", at("deals:deal_assign", "deal.pk"), is_part=True),
    Screen("deal to another pipeline", at("deals:deal_pipeline", "deal.pk")),
    Screen("deal to another pipeline, part", at("deals:deal_pipeline", "deal.pk"), is_part=True),
    Screen("funnel", at("deals:funnel", "pipeline.pk"), who="head"),
    Screen("funnel on a past date", at("deals:funnel", "pipeline.pk", query="?asof=2026-01-31"), who="head"),
    Screen("funnel of own deals", at("deals:funnel", "pipeline.pk", query="?period=year")),
    Screen("note", at("activities:note_add", "deal", "deal.pk")),
    Screen("note refused", at("activities:note_add", "deal", "deal.pk"), status=422, post={"text": ""}),
    Screen("note, part", at("activities:note_add", "deal", "deal.pk"), is_part=True),
    Screen("task", at("activities:task_add", "contact", "contact.pk")),
    Screen("task refused", at("activities:task_add", "deal", "deal.pk"), status=422, post={"title": ""}),
    Screen("task put off", at("activities:task_replan", "task.pk")),
    Screen("task put off, part", at("activities:task_replan", "task.pk"), is_part=True),
]  # fmt: skip
