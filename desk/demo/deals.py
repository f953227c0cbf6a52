"""The made-up company's deals: their stays, what was told of them, notes, tasks and next steps."""

from datetime import datetime, time, timedelta

from activities.events import NoteWritten, TaskPlanned
from activities.models import Activity
from deals.events import DealMoved
from deals.models import Deal, StageHistory
from records.events import RecordMade, tell
from records.models.record import plain

from . import names, paths

WITHOUT_STEP, OVERDUE = 0.22, 0.2  # shares of the open deals


def make_deals(dice, count, *, contacts, pipeline, reasons, now, company):
    """Make `count` deals of `pipeline` with the `contacts`, as they went until `now`."""
    stages = list(pipeline.stages.in_order())
    drawn = [paths.draw(dice, company.today(), now, company.zone) for _ in range(count)]
    drawn.sort(key=lambda path: path.steps[0][1])
    deals = [_deal(dice, path, dice.choice(contacts), stages, reasons) for path in drawn]
    plans = [_plan(dice, deal, now, company) if deal.is_open else None for deal in deals]
    for deal, plan in zip(deals, plans, strict=True):
        if plan and plan.due_at:
            deal.next_step_at, deal.next_step_kind, deal.next_step_title = plan.due_at, plan.kind, plan.title
    Deal.objects.bulk_create(deals)
    for deal, path in zip(deals, drawn, strict=True):
        deal.path = path
    StageHistory.objects.record_past([stay for deal in deals for stay in _stays(deal, stages)])
    tell(*(told for deal in deals for told in _told(deal, stages)))
    _make_activities(dice, deals, [plan for plan in plans if plan])


def _deal(dice, path, contact, stages, reasons):
    stage, at = stages[path.steps[-1][0]], path.steps[-1][1]
    return Deal(
        title=dice.choice(names.VACANCIES),
        contact=contact,
        organization=contact.organization,
        source=contact.source,
        owner=contact.owner,
        created_by=contact.owner,
        stage=stage,
        outcome="" if path.is_open else stage.kind,
        amount=path.amount,
        lost_reason=dice.choice(reasons) if stage.kind == "lost" else None,
        created_at=path.steps[0][1],
        updated_at=at,
        version=len(path.steps),
        stage_since=at,
        closed_at=None if path.is_open else at,
        expected_close_on=(at + timedelta(days=dice.randrange(7, 40))).date() if path.is_open else None,
    )


def _stays(deal, stages):
    """The stays of the deal; its amount was named when it left the first stage."""
    steps = deal.path.steps
    ends = [*(at for _place, at in steps[1:]), None]
    for (place, at), left in zip(steps, ends, strict=True):
        yield StageHistory(
            deal=deal,
            stage=stages[place],
            counts_as_open=stages[place].is_open,
            entered_at=at,
            left_at=left,
            stage_since=at,
            amount=None if place == 0 and len(steps) > 1 else deal.amount,
            owner_id=deal.owner_id,
            moved_by_id=deal.owner_id,
        )


def _told(deal, stages):
    """What the doors would have told."""
    steps = deal.path.steps
    yield RecordMade(deal, by=deal.owner, at=steps[0][1])
    for (place, at), (next_place, moved_at) in zip(steps, steps[1:], strict=False):
        before, after = (
            {"id": stage.pk, "name": stage.name, "color": stage.color}
            for stage in (stages[place], stages[next_place])
        )
        days, changes = (moved_at - at).days, {"stage": [before, after]}
        if place == 0:
            changes["amount"] = [None, plain(deal.amount)]
        told = {"before": before, "after": after, "days": days, "changes": changes}
        if stages[next_place].outcome == "lost":
            told["reason"] = plain(deal.lost_reason)
        yield DealMoved(deal, by=deal.owner, at=moved_at, **told)


def _plan(dice, deal, now, company):
    """Return the task planned for an open deal, None for some; a part of them is overdue."""
    luck = dice.random()
    if luck < WITHOUT_STEP:
        return None
    days = -dice.randrange(1, 6) if luck < WITHOUT_STEP + OVERDUE else dice.randrange(0, 8)
    is_all_day = dice.random() < 0.3
    day = company.today() + timedelta(days=days)
    at = time(23, 59, 59) if is_all_day else time(dice.randrange(9, 18), dice.choice((0, 15, 30, 45)))
    return Activity(
        kind=Activity.Kind.TASK,
        title=dice.choice(names.TASKS),
        due_at=datetime.combine(day, at, tzinfo=company.zone),
        is_all_day=is_all_day,
        deal=deal,
        owner=deal.owner,
        created_by=deal.owner,
        created_at=min(deal.stage_since + timedelta(minutes=5), now),
    )


def _make_activities(dice, deals, plans):
    notes = [
        Activity(
            kind=Activity.Kind.NOTE,
            text=dice.choice(names.NOTES),
            deal=deal,
            owner=deal.owner,
            created_by=deal.owner,
            created_at=at,
            done_at=at,
        )
        for deal in deals
        for _place, at in deal.path.steps[1:]
        if dice.random() < 0.3
    ]
    Activity.objects.bulk_create([*notes, *plans])
    told = {Activity.Kind.NOTE: NoteWritten, Activity.Kind.TASK: TaskPlanned}
    tell(
        *(
            told[each.kind](each.deal, by=each.owner, at=each.created_at, activity=each.pk, title=each.title)
            for each in (*notes, *plans)
        )
    )
