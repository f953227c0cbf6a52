"""Deals: who sees them, adjectives, and what board, list and card need."""

from datetime import timedelta

from django.db import transaction
from django.db.models import FETCH_RAISE, Count, F, Q, Sum
from django.db.models.functions import Now
from django.utils import timezone

from pipeline.models import Stage
from records.querysets import OwnedQuerySet

ONE_DAY = timedelta(days=1)
# Longer in the stage than it allows, and no step in the future.
IS_IDLE = Q(
    Q(next_step_at=None) | Q(next_step_at__lt=Now()),
    stage__idle_days__isnull=False,
    stage_since__lt=Now() - F("stage__idle_days") * ONE_DAY,
)


class DealQuerySet(OwnedQuerySet):
    def open(self):
        """Keep open deals; the partial indexes serve this very condition (FACTS 29)."""
        return self.filter(closed_at=None, archived_at=None)

    def closed(self):
        return self.filter(closed_at__isnull=False, archived_at=None)

    def closed_counts(self):
        """Return {"won", "lost", "any"}: how many of these deals are closed, and how."""
        return (
            self.closed()
            .order_by()
            .aggregate(
                won=Count("pk", filter=Q(outcome="won")),
                lost=Count("pk", filter=Q(outcome="lost")),
                any=Count("*"),
            )
        )

    def of_parties(self, *, contacts, organizations):
        """Keep the deals with one of these contacts or organizations."""
        return self.filter(Q(contact__in=contacts) | Q(organization__in=organizations))

    def of_pipeline(self, pipeline):
        return self.filter(stage__pipeline=pipeline)

    def without_next_step(self):
        """Open deals for which nothing is planned."""
        return self.open().filter(next_step_at=None)

    def overdue(self):
        """Open deals whose next step is past its moment."""
        return self.open().filter(next_step_at__lt=Now())

    def idle(self):
        """Open deals that stand longer than their stage allows, and have no step in the future."""
        return self.open().filter(IS_IDLE)

    def per_stage(self):
        """Return {stage id: {"count", "amount"}} of these deals: the totals of board and dashboard."""
        # "*" and not "pk", which the index of the totals does not hold
        rows = self.order_by().values("stage").annotate(count=Count("*"), amount=Sum("amount"))
        return {row["stage"]: row for row in rows}

    def needing_attention(self):
        """Return {"without_step", "idle"}: how many of these open deals lack a next step, how many stand."""
        return self.order_by().aggregate(
            without_step=Count("stage", filter=Q(next_step_at=None)), idle=Count("stage", filter=IS_IDLE)
        )

    def per_pipeline(self):
        """Return {pipeline id: how many of these deals}."""
        rows = self.order_by().values("stage__pipeline").annotate(count=Count("*"))
        return {row["stage__pipeline"]: row["count"] for row in rows}

    def per_owner(self):
        """Return {owner id: {"count", "amount"}} of these deals."""
        rows = self.order_by().values("owner").annotate(count=Count("*"), amount=Sum("amount"))
        return {row["owner"]: row for row in rows}

    def attention_by_stage_and_owner(self):
        """Return rows of these open deals by stage and owner: without_step, overdue, idle."""
        # without the amount, which the index that serves this does not hold
        return (
            self.order_by().values("stage", "owner")
            .annotate(
                without_step=Count("owner", filter=Q(next_step_at=None)),
                overdue=Count("owner", filter=Q(next_step_at__lt=Now())),
                idle=Count("owner", filter=IS_IDLE),
            )
        )  # fmt: skip

    def newest_in_stage_first(self):
        """The order of a column: a card that comes in stands on top."""
        return self.order_by("-in_column_since", "-pk")

    def for_board(self):
        """With what a card of the board shows, and no more; the board knows the stages already."""
        return (
            self.select_related("contact", "organization", "owner")
            .only(
                "title", "amount", "stage", "contact", "organization", "owner",
                "stage_since", "in_column_since", "closed_at", "archived_at",
                "next_step_at", "next_step_kind", "next_step_title", "version",
                "contact__first_name", "contact__patronymic", "contact__last_name",
                "organization__name", "owner__first_name", "owner__last_name",
            )
            .fetch_mode(FETCH_RAISE)
        )  # fmt: skip

    def for_card(self):
        """One deal with all that its card names, and nothing to be fetched later."""
        return self.select_related(
            "stage__pipeline", "owner", "created_by", "contact", "organization", "source", "lost_reason"
        ).fetch_mode(FETCH_RAISE)

    def for_list(self):
        """With what a row of the list shows, and no more."""
        return (
            self.select_related("stage__pipeline", "contact", "organization", "owner", "lost_reason")
            .only(
                "title", "amount", "stage_since", "in_column_since", "closed_at", "archived_at", "outcome",
                "created_at", "updated_at", "next_step_at", "next_step_kind", "next_step_title", "search",
                "custom", "contact__first_name", "contact__patronymic", "contact__last_name",
                "organization__name",
                "owner__first_name", "owner__last_name", "lost_reason__name",
                "stage__name", "stage__color", "stage__idle_days", "stage__kind", "stage__pipeline__currency",
            )
            .fetch_mode(FETCH_RAISE)
        )  # fmt: skip

    def worth(self):
        """Return [(currency, amount)] of these deals, and how many they are: (count, sums)."""
        rows = list(
            self.order_by()
            .values("stage__pipeline__currency")
            .annotate(count=Count("*"), amount=Sum("amount"))
            .order_by("stage__pipeline__currency")
        )
        sums = [
            (row["stage__pipeline__currency"], row["amount"]) for row in rows if row["amount"] is not None
        ]
        return sum(row["count"] for row in rows), sums

    @transaction.atomic
    def make(self, *, by, stage, token=None, **values):
        """Make a deal in `stage`, as `by`, and return it. See OwnedQuerySet.make; raises what
        `stage.check_entry` does.
        """
        stage = Stage.objects.held(stage.pk)[stage.pk]
        stage.check_entry(lost_reason=values.get("lost_reason"))
        now = timezone.now()
        return super().make(
            by=by,
            token=token,
            stage=stage,
            outcome=stage.outcome,
            stage_since=now,
            closed_at=None if stage.is_open else now,
            **values,
        )
