"""Whatever people do, in whatever order: board, dashboard, past funnel and bare SQL say the same.

Random steps by a manager, a head and an admin. After each step, for each of them, the totals of the
board, those of the dashboard, the past funnel of this very moment and two bare queries agree; and the
past funnel of earlier moments still says what the dashboard said then. At the end the figures of the
month are those of the rows read one after the other. The seed is printed;
`FUNNEL_SEED=…` runs the same steps again.
"""

import os
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from itertools import groupby
from operator import itemgetter

import hypothesis
import pytest
from django.db import connection, transaction
from django.http import QueryDict
from django.urls import reverse
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from deals.board import Board
from deals.board_filter import BoardFilter
from deals.dashboard import Dashboard
from deals.dashboard.period import this_month
from deals.models import Deal, StageHistory
from exchange.engine import Import
from exchange.mapping import parse
from pipeline.models import Stage
from records.refusals import NotAllowed
from tests.deals.nights import days_pass, rows_of
from tests.deals.stays import said_wrongly

ENOUGH = 300  # steps; small runs follow the first until they are done, and of every kind
EXAMPLES, STEPS, MOST_RUNS = 7, 51, 20
PAGES_EVERY = 5  # steps
MERGES, NIGHTS = 3, 5  # of an example at most, which does more of the rest
KINDS = {
    "create", "move", "win", "lose", "reopen", "assign", "amount",
    "archive", "restore", "merge", "import", "night",
}  # fmt: skip
MAPPING = """
source = "property"
entity = "deal"
pipeline = "simple"
external_id = "id"
responsible = "{admin}"
[fields]
title = "title"
owner = {{ column = "owner", by = "email" }}
stage = "stage"
amount = "amount"
[entered]
"{stage}" = "day"
"""
whoever = st.sampled_from(["anna", "head", "admin"])
which = st.integers(0, 10_000)
amounts = st.one_of(st.none(), st.decimals(0, 10_000, places=2, allow_nan=False))


@dataclass
class Told:
    """What was said at a moment: the deals open then, as (deal, stage, amount, is its start known).

    `last` is the newest deal in the base; what an import tells later of that moment is of newer ones.
    """

    moment: object
    deals: list
    last: int
    by_person: dict = field(default_factory=dict)


class World:
    """The fixtures of the test, for the machine; and what the whole run did."""

    done: Counter = Counter()
    refused: Counter = Counter()

    @classmethod
    def steps(cls):
        return sum(cls.done.values()) + sum(cls.refused.values())


class Funnel(RuleBasedStateMachine):
    @initialize()
    def begin(self):
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.told = []
        self.turn = self.merges = self.nights = 0

    def teardown(self):
        if hasattr(self, "savepoint"):
            self.check_all_that_was_told()
            self.check_the_month()
            assert not said_wrongly()
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    # What there is

    def deals(self, **conditions):
        found = Deal.objects.for_system("a test").filter(**conditions).select_related("stage", "owner")
        return list(found.order_by("pk"))

    def some(self, number, **conditions):
        found = self.deals(**conditions)
        return found[number % len(found)]

    def has(self, **conditions):
        return Deal.objects.for_system("a test").filter(**conditions).exists()

    def open_stages(self):
        return list(World.pipeline.stages.in_use().open().in_order())

    def closing(self, kind):
        return World.pipeline.stages.get(kind=kind)

    def attempt(self, kind, who, act, *, on, to=None):
        """Let `who` do it; the door refuses exactly what his role does not reach, and writes nothing then."""
        people = World.scopes[who]
        reaches = people is None or ({on.owner_id} | ({to.pk} if to else set())) <= set(people)
        if reaches:
            with transaction.atomic():
                act(World.people[who])
            World.done[kind] += 1
        else:
            before = self.bare_now()
            with pytest.raises(NotAllowed), transaction.atomic():
                act(World.people[who])
            assert self.bare_now() == before
            World.refused[kind] += 1
        self.agree()

    # What people do

    @rule(who=whoever, stage=which, amount=amounts)
    def create(self, who, stage, amount):
        stages = self.open_stages()
        Deal.objects.make(
            by=World.people[who], stage=stages[stage % len(stages)], title=f"By {who}", amount=amount
        )
        World.done["create"] += 1
        self.agree()

    @precondition(lambda self: self.has(outcome="", archived_at=None) and len(self.open_stages()) > 1)
    @rule(who=whoever, deal=which, step=which)
    def move(self, who, deal, step):
        deal = self.some(deal, outcome="", archived_at=None)
        others = [stage for stage in self.open_stages() if stage != deal.stage]
        stage = others[step % len(others)]
        self.attempt("move", who, lambda by: deal.move_to(stage, by=by, seen_in=deal.stage), on=deal)

    @precondition(lambda self: self.has(outcome="", archived_at=None))
    @rule(who=whoever, deal=which)
    def win(self, who, deal):
        deal = self.some(deal, outcome="", archived_at=None)
        won = self.closing("won")
        self.attempt("win", who, lambda by: deal.move_to(won, by=by, seen_in=deal.stage), on=deal)

    @precondition(lambda self: self.has(outcome="", archived_at=None))
    @rule(who=whoever, deal=which)
    def lose(self, who, deal):
        deal = self.some(deal, outcome="", archived_at=None)
        lost = self.closing("lost")
        self.attempt(
            "lose",
            who,
            lambda by: deal.move_to(lost, by=by, seen_in=deal.stage, lost_reason=World.lost_reason),
            on=deal,
        )

    @precondition(lambda self: self.has(closed_at__isnull=False, archived_at=None))
    @rule(who=whoever, deal=which, step=which)
    def reopen(self, who, deal, step):
        deal = self.some(deal, closed_at__isnull=False, archived_at=None)
        stages = self.open_stages()
        stage = stages[step % len(stages)]
        self.attempt("reopen", who, lambda by: deal.move_to(stage, by=by, seen_in=deal.stage), on=deal)

    @precondition(lambda self: self.has(archived_at=None))
    @rule(who=whoever, deal=which, to=which)
    def assign(self, who, deal, to):
        deal = self.some(deal, archived_at=None)
        others = [person for person in World.owners if person != deal.owner]
        owner = others[to % len(others)]
        self.attempt("assign", who, lambda by: deal.assign_to(owner, by=by), on=deal, to=owner)

    @precondition(lambda self: self.has(archived_at=None))
    @rule(who=whoever, deal=which, amount=amounts)
    def change_amount(self, who, deal, amount):
        deal = self.some(deal, archived_at=None)
        if amount == deal.amount:
            amount = (amount or 0) + 1
        self.attempt("amount", who, lambda by: deal.change({"amount": amount}, by=by), on=deal)

    @precondition(lambda self: self.has(archived_at=None))
    @rule(who=whoever, deal=which)
    def archive(self, who, deal):
        deal = self.some(deal, archived_at=None)
        self.attempt("archive", who, lambda by: deal.archive(by=by), on=deal)

    @precondition(lambda self: self.has(archived_at__isnull=False))
    @rule(who=whoever, deal=which)
    def restore(self, who, deal):
        deal = self.some(deal, archived_at__isnull=False)
        self.attempt("restore", who, lambda by: deal.restore(by=by), on=deal)

    @precondition(lambda self: self.merges < MERGES)
    @rule(stage=which, into=which)
    def merge_stages(self, stage, into):
        inner = [each for each in self.open_stages() if each.kind == "open"]
        source = inner[stage % len(inner)]
        targets = [each for each in self.open_stages() if each != source]
        source.merge_into(targets[into % len(targets)], by=World.people["admin"])
        last = World.pipeline.stages.order_by("position").last().position
        Stage.objects.create(pipeline=World.pipeline, name=f"Stage {last + 1}", position=last + 1)
        self.merges += 1
        World.done["merge"] += 1
        self.agree()

    @rule(owner=which, stage=which, amount=amounts, back=st.sampled_from([None, 0, 1, 3]))
    def import_a_file(self, owner, stage, amount, back):
        """A deal that stands in its stage since some day, or since nobody knows when, through the engine."""
        stages = self.open_stages()
        stage, owner = stages[stage % len(stages)], World.owners[owner % len(World.owners)]
        day = World.company.today() - timedelta(days=back) if back is not None else ""
        World.imported += 1
        World.file.write_text(
            "id,title,owner,stage,amount,day\n"
            f"{World.imported},Imported,{owner.email},{stage.name},{'' if amount is None else amount},{day}\n"
        )
        mapping = parse(MAPPING.format(stage=stage.name, admin=World.people["admin"].email), name="test.toml")
        run = Import(World.file, mapping, by=World.people["admin"]).run()
        assert run.counts["made"] == 1, str(list(run.remarks.values_list("text", flat=True)))
        World.done["import"] += 1
        self.agree()

    @precondition(lambda self: self.told and self.nights < NIGHTS)
    @rule()
    def night(self):
        """A day passes: all that was done and told is a day older; the page is asked for that day."""
        days_pass(1)
        for told in self.told:
            told.moment -= timedelta(days=1)
        self.nights += 1
        World.done["night"] += 1
        self.agree()
        self.page_agrees_about_each_day()

    # What must hold

    def agree(self):
        """For each person: the board = the dashboard = the past funnel of now = two bare queries."""
        self.check_no_gap()
        [(moment,)] = rows_of("SELECT clock_timestamp()")
        told = Told(moment, self.bare_now(), max(self.owners, default=0))
        for name, user in World.people.items():
            expected = self.totals(told.deals, World.scopes[name])
            dashboard = self.dashboard(user)
            said = {row.stage.pk: row.now for row in dashboard.rows if row.now.count}
            assert said == expected, name
            assert self.board(user) == expected, name
            assert self.totals(self.bare_stays(), World.scopes[name]) == expected, name
            told.by_person[name] = said
            self.still_said_to(name, told)
            then = {row.stage.pk: row.then for row in dashboard.rows if row.then.count}
            assert then == self.past(user, moment), name
            assert dashboard.now.count - dashboard.then.count == dashboard.unknown_count, name
        self.told.append(told)
        self.still_said(self.told[random.Random(len(self.told)).randrange(len(self.told))])  # noqa: S311
        self.turn += 1
        if self.turn % PAGES_EVERY == 0:
            self.pages_agree(told)

    def pages_agree(self, told):
        """The two pages themselves, which show these very objects, for one person in turn."""
        name = sorted(World.people)[self.turn // PAGES_EVERY % len(World.people)]
        client, pk = World.clients[name], World.pipeline.pk
        board = client.get(reverse("deals:board", args=[pk]))
        page = client.get(reverse("deals:funnel", args=[pk]))
        columns = {
            column.stage.pk: (column.count, column.amount)
            for column in board.context["columns"]
            if column.count
        }
        rows = {row.stage.pk: row.now for row in page.context["dashboard"].rows if row.now.count}
        assert columns == rows == told.by_person[name]

    def page_agrees_about_each_day(self):
        """`?asof=` a day that has passed says what the funnel of its last moment says, which is checked."""
        for back in (1, 2, 3):
            day = World.company.today() - timedelta(days=back)
            earlier = [told for told in self.told if told.moment < World.company.end_of(day)]
            if not earlier:
                return
            page = World.clients["admin"].get(
                reverse("deals:funnel", args=[World.pipeline.pk]), {"asof": day.isoformat()}
            )
            then = {row.stage.pk: row.then for row in page.context["dashboard"].rows if row.then.count}
            self.still_said(earlier[-1])
            assert then == self.past(World.people["admin"], earlier[-1].moment)

    def still_said(self, told):
        for name in World.people:
            self.still_said_to(name, told)

    def still_said_to(self, name, told):
        """The past funnel of then is what was open then, of whoever has it today, and what came in since."""
        known = [deal for deal in told.deals if deal[3]]
        told_later = rows_of(
            """SELECT deal_id, stage_id, amount FROM deals_stagehistory WHERE deal_id > %s
               AND counts_as_open AND entered_at <= %s AND (left_at IS NULL OR left_at > %s)""",
            told.last,
            told.moment,
            told.moment,
        )
        expected = self.totals([*known, *told_later], World.scopes[name])
        assert self.past(World.people[name], told.moment) == expected, (name, told)
        if World.scopes[name] is None and len(known) == len(told.deals) and not told_later:
            assert expected == told.by_person[name]

    def check_all_that_was_told(self):
        for told in self.told:
            self.still_said(told)

    def check_no_gap(self):
        """Each stay begins when the one before ended; the current one is as the deal is."""
        assert not rows_of(
            """SELECT deal_id FROM (
                 SELECT deal_id, entered_at, left_at, lag(left_at) OVER w AS ended, lag(id) OVER w AS before
                 FROM deals_stagehistory WINDOW w AS (PARTITION BY deal_id ORDER BY id)) AS stays
               WHERE before IS NOT NULL AND ended IS DISTINCT FROM entered_at"""
        )
        assert not rows_of(
            """SELECT d.id FROM deals_deal d
               LEFT JOIN deals_stagehistory h ON h.deal_id = d.id AND h.left_at IS NULL
               WHERE h.id IS NULL OR (h.stage_id, h.amount, h.owner_id, h.archived, h.stage_since)
                 IS DISTINCT FROM (d.stage_id, d.amount, d.owner_id, d.archived_at IS NOT NULL, d.stage_since)
                 OR h.counts_as_open <> (d.closed_at IS NULL AND d.archived_at IS NULL)"""
        )

    def check_the_month(self):
        """For each person, what happened this month is what the rows say, read one after the other."""
        rows = rows_of(
            """SELECT deal_id, stage_id, entered_at, stage_since, coalesce(amount, 0), owner_id
               FROM deals_stagehistory ORDER BY deal_id, id"""
        )
        kinds, owners = dict(World.pipeline.stages.values_list("pk", "kind")), self.owners
        begins, ends = this_month(World.company.today()).moments(World.company)
        for name, user in World.people.items():
            new, moves, closed, people = 0, {}, {}, World.scopes[name]
            for deal, path in groupby(rows, key=itemgetter(0)):
                before = since = None
                for _deal, stage, entered, stage_since, amount, owner in path:
                    is_told = people is None or owners[deal] in people
                    if is_told and entered and begins <= entered < ends and stage != before:
                        new += before is None
                        if kinds.get(before) in ("lead", "open"):
                            moves.setdefault((before, stage), []).append(since and entered - since)
                        if kinds[stage] in ("won", "lost"):
                            closed[kinds[stage], deal] = (amount, owner)
                    before, since = stage, stage_since
            dashboard = self.dashboard(user)
            assert dashboard.new.count == new, name
            assert {
                (row["came_from"], row["stage"]): (row["count"], row["known"], row["lasted"] or timedelta())
                for row in dashboard.transitions
            } == {
                move: (len(all_lasted), len(lasted), sum(lasted, timedelta()))
                for move, all_lasted in moves.items()
                for lasted in [[each for each in all_lasted if each is not None]]
            }, name
            won, lost = (
                [entry for (each, _deal), entry in closed.items() if each == kind] for kind in ("won", "lost")
            )
            said = dashboard.closings
            assert said.won == (len(won), sum(amount for amount, _owner in won)), name
            assert said.lost == (len(lost), sum(amount for amount, _owner in lost)), name
            assert said.won_by_owner == Counter(owner for _amount, owner in won), name

    # How it is asked

    def dashboard(self, user):
        company = World.company
        return Dashboard(
            World.pipeline,
            deals=Deal.objects.visible_to(user).of_people(user.people_in_funnel()),
            stays=StageHistory.objects.visible_to(user).of_deals_of(user.people_in_funnel()),
            people=None,
            period=this_month(company.today()),
            asof=company.today(),
            company=company,
        )

    def board(self, user):
        narrowed_by = BoardFilter(QueryDict(""), user=user, company=World.company)
        columns = Board(World.pipeline, user, narrowed_by).totals()
        return {column.stage.pk: (column.count, column.amount) for column in columns if column.count}

    def past(self, user, moment):
        rows = StageHistory.objects.visible_to(user).open_at(moment).per_stage()
        return {pk: (row["count"], row["amount"] or Decimal(0)) for pk, row in rows.items()}

    def bare_now(self):
        return rows_of(
            """SELECT d.id, d.stage_id, d.amount, h.entered_at IS NOT NULL
               FROM deals_deal d JOIN deals_stagehistory h ON h.deal_id = d.id AND h.left_at IS NULL
               WHERE d.closed_at IS NULL AND d.archived_at IS NULL ORDER BY d.id"""
        )

    def bare_stays(self):
        return rows_of(
            """SELECT deal_id, stage_id, amount FROM deals_stagehistory
               WHERE left_at IS NULL AND counts_as_open ORDER BY deal_id"""
        )

    @property
    def owners(self):
        """{deal: its responsible of today}."""
        return dict(rows_of("SELECT id, owner_id FROM deals_deal"))

    def totals(self, deals, people):
        """{stage: (count, sum)} of those of `deals` whose responsible is today among `people`."""
        owners, found = self.owners, {}
        for pk, stage, amount, *_known in deals:
            if people is None or owners[pk] in people:
                count, whole = found.get(stage, (0, Decimal(0)))
                found[stage] = (count + 1, whole + (amount or 0))
        return found


@pytest.fixture
def machine(tmp_path, company, pipeline, anna, boris, vera, head, admin, lost_reason, logged_in):
    World.company, World.pipeline, World.lost_reason = company, pipeline, lost_reason
    World.people = {"anna": anna, "head": head, "admin": admin}
    World.scopes = {"anna": [anna.pk], "head": sorted([anna.pk, boris.pk, head.pk]), "admin": None}
    World.owners = [anna, boris, vera, head]
    World.clients = {name: logged_in(user) for name, user in World.people.items()}
    World.done, World.refused = Counter(), Counter()
    World.file, World.imported = tmp_path / "deals.csv", 0
    return Funnel


def test_board_dashboard_past_funnel_and_bare_sql_agree_whatever_people_do(machine):
    seed = int(os.environ.get("FUNNEL_SEED") or random.randrange(2**32))  # noqa: S311
    print(f"FUNNEL_SEED={seed}")  # noqa: T201
    for more in range(MOST_RUNS):
        run_state_machine_as_test(
            hypothesis.seed(seed + more)(machine),
            settings=settings(
                max_examples=EXAMPLES if not more else 2,
                stateful_step_count=STEPS,
                deadline=None,
                database=None,
                phases=[Phase.generate],  # a failure shows all its steps; to shorten them takes minutes
                suppress_health_check=list(HealthCheck),
            ),
        )
        if World.steps() >= ENOUGH and set(World.done) == KINDS and World.refused:
            break
    print(World.done, World.refused)  # noqa: T201
    assert World.steps() >= ENOUGH
    assert set(World.done) == KINDS
    assert World.refused
