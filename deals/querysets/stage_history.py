"""Stays: how they are written, and what they say of the past."""

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import Count, Exists, ExpressionWrapper, F, Func, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, Greatest, Now

from records.bulk import copy_in


class Span(Func):
    """`tstzrange(entered_at, left_at)`: from the entry on, up to and without the leaving."""

    function = "tstzrange"
    output_field = DateTimeRangeField()


class OpenSpan(Span):
    """The same, written as only the index of open stays is.

    The planner takes its figures for an expression from the first index that has it. Those of all
    stays, of which each closed deal has an endless one, made it expect fifty times too many.
    """

    template = "%(function)s(%(expressions)s, '[)')"


class StageHistoryQuerySet(models.QuerySet):
    """Rows say what was: their amount and owner are those of then, whoever may see the deal today."""

    def visible_to(self, user):
        """Keep the stays of deals that `user` may see today (DESIGN §4: visibility is today's)."""
        return self.of_deals_of(user.people_in("deal", "view"))

    def of_deals_of(self, people):
        """Keep the stays of deals whose responsible of today is among the ids `people`; None keeps all."""
        return self if people is None else self.filter(deal__owner_id__in=people)

    def of_people(self, people):
        """Keep the stays whose responsible of then is among the ids `people`; None keeps all."""
        return self if people is None else self.filter(owner_id__in=people)

    def seen_then_by(self, user):
        """Keep the stays whose responsible of then is within what `user` may view today."""
        people = user.people_in("deal", "view")
        return self if people is None else self.filter(owner_id__in=people)

    def for_system(self, why):
        """The unscoped beginning: work that no person asked for, and why."""
        if not why:
            raise ValueError("Say why no person asks.")
        return self

    def current(self):
        return self.filter(left_at=None)

    def days_per_stage(self):
        """Return {stage id: whole days} that these stays of one deal lasted; unknown starts are left out."""
        lasted = Sum(Coalesce("left_at", Now()) - F("entered_at"), output_field=models.DurationField())
        rows = self.order_by().filter(entered_at__isnull=False).values("stage").annotate(lasted=lasted)
        return {row["stage"]: row["lasted"].days for row in rows}

    # The funnel of a past moment

    def open_at(self, moment):
        """Keep the stays in which a deal was open at `moment`; unknown starts are left out.

        Asked as the GiST index `stay_open_at` is written (FACTS 23): what it costs grows with what
        was open then.
        """
        return self.alias(span=OpenSpan("entered_at", "left_at")).filter(
            counts_as_open=True, span__contains=moment, entered_at__isnull=False
        )

    def perhaps_open_at(self, moment):
        """Keep what `open_at` leaves out: open stays of unknown start that ended later, or not yet."""
        return self.filter(Q(left_at=None) | Q(left_at__gt=moment), counts_as_open=True, entered_at=None)

    def per_stage(self):
        """Return {stage id: {"count", "amount"}} of these stays, as DealQuerySet.per_stage does of deals."""
        rows = self.order_by().values("stage").annotate(count=Count("*"), amount=Sum("amount"))
        return {row["stage"]: row for row in rows}

    # What happened within a period, from `start` on and before `end`

    def entries(self, start, end):
        """Keep the rows that begin a stay in a stage within the period: each is a move, or a new deal.

        A change of amount, responsible or archive goes on with the `stage_since` of the row before.
        """
        return self.filter(entered_at__gte=start, entered_at__lt=end, stage_since=F("entered_at"))

    def first(self, start, end):
        """Keep the first rows of deals, if they begin within the period: the new deals."""
        earlier = self._of_same_deal().filter(
            Q(entered_at=None)
            | Q(entered_at__lt=OuterRef("entered_at"))
            | Q(entered_at=OuterRef("entered_at"), pk__lt=OuterRef("pk"))
        )
        return self.filter(~Exists(earlier), entered_at__gte=start, entered_at__lt=end)

    def last_entries(self, start, end):
        """Keep each deal's last entry into a stage within the period: it counts there once."""
        again = self._of_same_deal().entries(start, end).filter(stage=OuterRef("stage"))
        later = Q(entered_at__gt=OuterRef("entered_at")) | Q(
            entered_at=OuterRef("entered_at"), pk__gt=OuterRef("pk")
        )
        return self.entries(start, end).filter(~Exists(again.filter(later)))

    def closings(self):
        """Return rows of these entries by stage and owner of then: count, amount, and how long deals took.

        `lasted` is the sum of the times from the beginning of a deal to its entry, over the `known` ones.
        """
        began = self._of_same_deal().order_by(F("entered_at").asc(nulls_first=True)).values("entered_at")
        took = ExpressionWrapper(F("entered_at") - Subquery(began[:1]), models.DurationField())
        return (
            self.order_by().annotate(took=took).values("stage", "owner")
            .annotate(count=Count("pk"), amount=Sum("amount"), lasted=Sum("took"), known=Count("took"))
        )  # fmt: skip

    def transitions(self, start, end):
        """Return what the stays in a stage that ended within the period went on to.

        Rows of stage id, next stage id, count, and `lasted`, the sum of the stays whose beginning is
        `known`. A stay in a stage goes over changes of amount, responsible and archive: only a move
        ends it.
        """
        ended = self.filter(left_at__gte=start, left_at__lt=end).exclude(next__stage=F("stage"))
        return (
            ended.filter(next__isnull=False).order_by().values("stage", "next__stage")
            .annotate(count=Count("pk", distinct=True), known=Count("stage_since"))
            .annotate(lasted=Sum(ExpressionWrapper(F("left_at") - F("stage_since"), models.DurationField())))
        )  # fmt: skip

    def _of_same_deal(self):
        return self.model._default_manager.for_system("the other rows of the same deal").filter(
            deal=OuterRef("deal")
        )


class ClockTimestamp(Func):
    """`clock_timestamp()`: this very moment, not the transaction's beginning (FACTS 3)."""

    function = "clock_timestamp"
    arity = 0
    output_field = models.DateTimeField()


class StageHistoryManager(models.Manager.from_queryset(StageHistoryQuerySet)):  # type: ignore[misc]
    def next_moment(self):
        """Return the moment at which a deal's current stay may end: now, and never before it began."""
        now = Greatest(ClockTimestamp(), "entered_at", output_field=models.DateTimeField())
        return self.current().values_list(now, flat=True)[0]

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
        return copy_in(stays)
