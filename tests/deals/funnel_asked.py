"""The funnel of the property: who is in it, and how board, dashboard, past and bare SQL are asked."""

from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.http import QueryDict

from deals.board import Board
from deals.board_filter import BoardFilter
from deals.dashboard import Dashboard
from deals.dashboard.period import this_month
from deals.models import Deal, StageHistory
from tests.deals.nights import rows_of


class World:
    """The fixtures of the test, for the machine; and what the whole run did."""

    company: Any
    pipeline: Any
    lost_reason: Any
    people: dict
    scopes: dict
    owners: list
    clients: dict
    file: Path
    imported: int
    done: Counter = Counter()
    refused: Counter = Counter()

    @classmethod
    def steps(cls):
        return sum(cls.done.values()) + sum(cls.refused.values())


class Asked:
    """What each says of the funnel, as {stage: (count, sum)}, or as the rows of a query."""

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
        owners = self.owners
        found: dict[int, tuple] = {}
        for pk, stage, amount, *_known in deals:
            if people is None or owners[pk] in people:
                count, whole = found.get(stage, (0, Decimal(0)))
                found[stage] = (count + 1, whole + (amount or 0))
        return found
