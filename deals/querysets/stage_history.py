"""Stays: how they are written, and what they say of the past."""

from django.db import models
from django.db.models import Count, F, Q, Sum


class StageHistoryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Keep the stays of deals that `user` may see today (DESIGN §4: visibility is today's)."""
        people = user.people_in("deal", "view")
        return self if people is None else self.filter(deal__owner_id__in=people)

    def for_system(self, why):
        """The unscoped beginning: work that no person asked for, and why."""
        if not why:
            raise ValueError("Say why no person asks.")
        return self

    def current(self):
        return self.filter(left_at=None)

    def open_at(self, moment):
        """Keep the stays in which a deal was open at `moment`; unknown starts are left out."""
        return self.filter(counts_as_open=True, entered_at__isnull=False).filter(
            Q(entered_at__lte=moment), Q(left_at__gt=moment) | Q(left_at=None)
        )

    def per_stage(self):
        """Return {stage id: {"count", "amount"}} of these stays."""
        rows = self.order_by().values("stage").annotate(count=Count("pk"), amount=Sum("amount"))
        return {row["stage"]: row for row in rows}


class StageHistoryManager(models.Manager.from_queryset(StageHistoryQuerySet)):
    def begin(self, deal, *, at, by):
        """Begin the current stay of `deal`, as the deal is now, at the moment `at`."""
        return self.create(
            deal=deal,
            stage=deal.stage,
            counts_as_open=deal.stage.is_open and not deal.is_archived,
            entered_at=at,
            stage_since=deal.stage_since,
            amount=deal.amount,
            owner_id=deal.owner_id,
            archived=deal.is_archived,
            moved_by=by,
        )

    def follow(self, deal, *, at, by):
        """End the current stay of `deal` at `at` and begin the next as the deal is now."""
        self.filter(deal=deal, left_at=None).update(left_at=at)
        return self.begin(deal, at=at, by=by)

    def record_past(self, stays):
        """Write the past of *new* deals, set-based (an import's door): `stays` are unsaved rows.

        The constraints check them; raises IntegrityError where stays of a deal overlap.
        """
        return self.bulk_create(stays, batch_size=1000)
