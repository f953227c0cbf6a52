"""Stays: how they are written, and what they say of the past."""

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import Count, Exists, F, Func, OuterRef, Q, Sum
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


# A row that begins a stay in a stage: a move, or a new deal (`~Q` keeps what came from nowhere). The
# partial indexes of entries are found by this very condition.
ENTRY = ~Q(came_from=F("stage"))


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

        A change of amount, responsible or archive comes from the stage where the deal stays.
        """
        return self.filter(ENTRY, entered_at__gte=start, entered_at__lt=end)

    def first(self, start, end):
        """Keep the first rows of deals, if they begin within the period: the new deals."""
        return self.filter(came_from=None, entered_at__gte=start, entered_at__lt=end)

    def last_entries(self, start, end):
        """Keep each deal's last entry into a stage within the period: it counts there once.

        To be narrowed to people afterwards: a deal that was won again by somebody else is his.
        """
        entries = self.entries(start, end)
        again = entries.filter(deal=OuterRef("deal"), stage=OuterRef("stage"))
        later = Q(entered_at__gt=OuterRef("entered_at")) | Q(
            entered_at=OuterRef("entered_at"), pk__gt=OuterRef("pk")
        )
        return entries.filter(~Exists(again.filter(later)))

    def closings(self):
        """Return rows of these entries by stage and owner of then: count, amount, and how long deals took.

        `lasted` is the sum of the times from the beginning of a deal to its entry, over the `known` ones.
        """
        took = Sum(F("entered_at") - F("deal_since"))
        return (
            self.order_by().values("stage", "owner")
            .annotate(count=Count("*"), amount=Sum("amount"), lasted=took, known=Count("deal_since"))
        )  # fmt: skip

    def transitions(self, start, end):
        """Return what the stays in a stage that ended within the period went on to.

        Rows of `came_from`, the stage that was left, `stage`, the one entered, count, and `lasted`, the
        sum of the stays there whose beginning is `known`. A stay in a stage goes over changes of
        amount, responsible and archive: only a move ends it, and a move keeps the responsible.
        """
        moves = self.entries(start, end).filter(came_from__isnull=False)
        return (
            moves.order_by().values("came_from", "stage")
            .annotate(count=Count("*"), known=Count("came_since"))
            .annotate(lasted=Sum(F("entered_at") - F("came_since")))
        )  # fmt: skip


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

    def begin(self, deal, *, at, by, before=None):
        """Begin the current stay of `deal`, as the deal is now, at the moment `at`.

        `before` is the stay that ended then, None for a new deal.
        """
        stay = self.model(
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
        stay.come_after(before)
        stay.save(force_insert=True)
        return stay

    def follow(self, deal, *, at, by):
        """End the current stay of `deal` at `at` and begin the next as the deal is now."""
        before = self.current().get(deal=deal)
        before.left_at = at
        before.save(update_fields=["left_at"])
        return self.begin(deal, at=at, by=by, before=before)

    def record_past(self, stays):
        """Write the past of *new* deals, set-based (an import's door): `stays` are unsaved rows.

        All the stays of a deal, in their order: each is told here what it came after. The constraints
        check them; raises IntegrityError where stays of a deal overlap.
        """
        last = {}
        for stay in stays:
            stay.come_after(last.get(stay.deal_id))
            last[stay.deal_id] = stay
        return copy_in(stays)
