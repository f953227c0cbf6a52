"""Where a deal stood, when, worth what, whose: rows that never change but to end."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pipeline.models import Stage

from ..querysets.stage_history import ENTRY, OpenSpan, Span, StageHistoryManager
from .deal import Deal


class StageHistory(models.Model):
    """A stay. A change of stage, amount, responsible or archive ends it and begins the next.

    `entered_at` is None where the start is not known (after an import); such a stay is left out of
    past funnels. `stage_since` keeps the entry into the stage over the stays in it.

    What was before is known when a row is written, so each tells it by itself, and no figure looks for
    another row: `came_from` is the stage of the row before (the same one, unless this is a move; None
    in a deal's first row), `came_since` its `stage_since`, `deal_since` the `entered_at` of the first.
    """

    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="stays", db_index=False)
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="stays", db_index=False)
    counts_as_open = models.BooleanField()
    entered_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    stage_since = models.DateTimeField(null=True)
    came_from = models.ForeignKey(
        Stage, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    came_since = models.DateTimeField(null=True)
    deal_since = models.DateTimeField(null=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    archived = models.BooleanField(default=False)
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    objects = StageHistoryManager()

    class Meta:
        verbose_name = _("stay in a stage")
        verbose_name_plural = _("stage history")
        constraints = [
            models.UniqueConstraint(
                name="deal_open_stay_is_unique", fields=["deal"], condition=Q(left_at=None)
            ),
            ExclusionConstraint(
                name="deal_stays_do_not_overlap",
                expressions=[
                    (F("deal"), RangeOperators.EQUAL),
                    (Span(F("entered_at"), F("left_at")), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                name="deal_stay_ends_after_it_begins",
                condition=Q(left_at=None) | Q(entered_at=None) | Q(left_at__gte=F("entered_at")),
            ),
            # who writes a row and forgets to say what was before is refused here
            models.CheckConstraint(
                name="deal_stay_says_what_was_before",
                condition=Q(came_from__isnull=False)
                | Q(came_since=None, deal_since=None, entered_at=None)
                | Q(
                    came_since=None,
                    deal_since__isnull=False,
                    entered_at__isnull=False,
                    deal_since=F("entered_at"),
                ),
            ),
        ]
        indexes = [
            # the funnel of a past moment (FACTS 23)
            GistIndex(
                OpenSpan(F("entered_at"), F("left_at")), name="stay_open_at", condition=Q(counts_as_open=True)
            ),
            # entries into a stage within a period: new, won, lost; index-only
            models.Index(
                name="stay_by_entry",
                fields=["stage", "entered_at"],
                include=["id", "deal", "came_from", "deal_since", "amount", "owner"],
                condition=ENTRY,
            ),
            # moves out of a stage within a period: conversion, days in the stage; index-only
            models.Index(
                name="stay_by_origin",
                fields=["came_from", "entered_at"],
                include=["stage", "came_since", "deal", "owner"],
                condition=Q(came_from__isnull=False) & ENTRY,
            ),
            # what left a board of late, as who saw it then; index-only
            models.Index(
                name="stay_by_leaving",
                fields=["stage", "left_at"],
                include=["id", "deal", "owner"],
                condition=Q(left_at__isnull=False),
            ),
            # the path of one deal
            models.Index(name="stay_of_deal", fields=["deal", "entered_at"]),
            # open deals whose start is not known, which a past funnel counts and names
            models.Index(
                name="stay_of_unknown_start",
                fields=["stage"],
                condition=Q(entered_at__isnull=True, counts_as_open=True),
            ),
        ]

    def __str__(self):
        return f"{self.deal_id}: {self.entered_at} – {self.left_at}"

    def come_after(self, before):
        """Say in this unsaved stay what was before it: the stay `before`, None if it is the deal's first."""
        if before is None:
            self.came_from_id, self.came_since, self.deal_since = None, None, self.entered_at
        else:
            self.came_from_id, self.came_since = before.stage_id, before.stage_since
            self.deal_since = before.deal_since
