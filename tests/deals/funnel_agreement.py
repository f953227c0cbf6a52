"""What must hold of the funnel after each step, and at the end."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby
from operator import itemgetter

from django.urls import reverse

from deals.dashboard.period import this_month
from tests.deals.funnel_asked import Asked, World
from tests.deals.nights import rows_of

PAGES_EVERY = 5  # steps


@dataclass
class Told:
    """What was said at a moment: the deals open then, as (deal, stage, amount, is its start known).

    `last` is the newest deal in the base; what an import tells later of that moment is of newer ones.
    """

    moment: object
    deals: list
    last: int
    by_person: dict = field(default_factory=dict)


class Agreement(Asked):
    """For each person all say the same; `told` are the moments of which something was said."""

    told: list
    turn: int

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
            new, people = 0, World.scopes[name]
            moves: dict = {}
            closed: dict = {}
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
