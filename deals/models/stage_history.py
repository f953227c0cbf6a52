"""Where a deal stood, when, worth what, whose: rows that never change but to end."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pipeline.models import Stage

from ..querysets.stage_history import OpenSpan, Span, StageHistoryManager
from .deal import Deal


class NextStay(models.ForeignObject):
    """The row with which the deal went on, at the moment this one ended: a join, not a column."""

    requires_unique_target = False

    def contribute_to_class(self, cls, name, private_only=True, **kwargs):
        """Stay out of migrations: there is nothing of it in the base."""
        super().contribute_to_class(cls, name, private_only=private_only, **kwargs)


class StageHistory(models.Model):
    """A stay. A change of stage, amount, responsible or archive ends it and begins the next.

    `entered_at` is None where the start is not known (after an import); such a stay is left out of
    past funnels. `stage_since` keeps the entry into the stage over the stays in it.
    """

    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="stays", db_index=False)
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="stays", db_index=False)
    counts_as_open = models.BooleanField()
    entered_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    stage_since = models.DateTimeField(null=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    archived = models.BooleanField(default=False)
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    next = NextStay(
        "self",
        on_delete=models.DO_NOTHING,
        from_fields=["deal", "left_at"],
        to_fields=["deal", "entered_at"],
        related_name="+",
        null=True,
        editable=False,
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
                include=["id", "deal", "stage_since", "amount", "owner"],
            ),
            # stays that ended within a period: conversion; index-only
            models.Index(
                name="stay_by_leaving",
                fields=["stage", "left_at"],
                include=["id", "deal", "stage_since"],
                condition=Q(left_at__isnull=False),
            ),
            # the path of one deal; what came before and after a row, index-only
            models.Index(
                name="stay_of_deal", fields=["deal", "entered_at"], include=["id", "stage", "stage_since"]
            ),
            # open deals whose start is not known, which a past funnel counts and names
            models.Index(
                name="stay_of_unknown_start",
                fields=["stage"],
                condition=Q(entered_at__isnull=True, counts_as_open=True),
            ),
        ]

    def __str__(self):
        return f"{self.deal_id}: {self.entered_at} – {self.left_at}"
