"""The board of one pipeline, as one person sees it."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models.functions import Now
from django.urls import reverse

from accounts.rights import Action
from pipeline.models import Stage
from ui.paging import Page, by_key, first_page

from .models import Deal

CARDS = 25  # a page of a column
ORDER = ("-in_column_since", "-id")


@dataclass
class Column:
    """An open stage, its figures, and a page of its cards."""

    stage: Stage
    count: int = 0
    amount: Decimal = Decimal(0)
    cards: Page = Page([], "")


class Board:
    """The open stages of `pipeline` with the deals that `user` sees and `narrowed_by` lets through.

    `asked_at` is the base's moment before anything was read.
    """

    def __init__(self, pipeline, user, narrowed_by):
        self.pipeline, self.user, self.narrowed_by = pipeline, user, narrowed_by
        self.stages = list(pipeline.stages.in_use().in_order().annotate(asked_at=Now()))
        self.asked_at = self.stages[0].asked_at
        self.open_stages = [stage for stage in self.stages if stage.is_open]
        self.ends = [stage for stage in self.stages if not stage.is_open]
        for stage in self.stages:
            stage.pipeline = pipeline

    @property
    def address(self):
        """The address of this board with what narrows it."""
        query = self.narrowed_by.query.urlencode()
        return reverse("deals:board", args=[self.pipeline.pk]) + (f"?{query}" if query else "")

    @property
    def deals(self):
        """The open deals of this board."""
        return self.narrowed_by.narrow(self._all)

    @property
    def _all(self):
        stages = [stage.pk for stage in self.open_stages]
        return Deal.objects.visible_to(self.user).open().filter(stage__in=stages)

    def _in(self, stage):
        """The open deals of one column.

        Not `deals` narrowed once more: the base multiplies the shares of two conditions on the stage,
        expects next to nothing, and sorts the whole column instead of reading the first of its index.
        """
        return self.narrowed_by.narrow(Deal.objects.visible_to(self.user).open().filter(stage=stage))

    def columns(self):
        """Return the columns with the first page of each: one query for the figures, one for all cards."""
        columns = self.totals()
        # Each column's slice goes by its index alone; names are joined to the cards that are left.
        firsts = [
            self._in(stage).newest_in_stage_first().values("pk")[: CARDS + 1] for stage in self.open_stages
        ]
        first = firsts[0].union(*firsts[1:], all=True) if firsts[1:] else firsts[0]
        cards = {stage.pk: [] for stage in self.open_stages}
        for deal in self._shown(Deal.objects.visible_to(self.user).filter(pk__in=first).for_board()):
            cards[deal.stage_id].append(deal)
        for column in columns:
            rows = sorted(
                cards[column.stage.pk], key=lambda deal: (deal.in_column_since, deal.pk), reverse=True
            )
            column.cards = first_page(rows, Deal.objects.none(), order=ORDER, size=CARDS)
        return columns

    def totals(self):
        """Return the columns with their figures only."""
        figures = self.deals.per_stage()
        return [
            Column(stage, figure["count"], figure["amount"] or Decimal(0))
            for stage in self.open_stages
            for figure in [figures.get(stage.pk, {"count": 0, "amount": None})]
        ]

    def attention(self):
        """Return how many deals lack a step and how many stand, whether the filter keeps only them or not."""
        return self.narrowed_by.narrow(self._all, attention=False).needing_attention()

    def page(self, stage, after):
        """Return the page of the column of `stage` that comes after the key `after`."""
        page = by_key(self._in(stage).for_board(), order=ORDER, after=after, size=CARDS)
        self._shown(page.rows)
        return page

    def cards(self, pks):
        """Return those of the deals `pks` that stand on this board now."""
        return self._shown(self.deals.filter(pk__in=pks).for_board())

    def _shown(self, deals):
        stages = {stage.pk: stage for stage in self.stages}
        deals = list(deals)
        for deal in deals:
            deal.stage = stages[deal.stage_id]
            deal.is_movable = deal.allows(self.user, Action.CHANGE)
        return deals
