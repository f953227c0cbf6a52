"""The deal."""

from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action, Entity
from contacts.models import Contact
from directories.models import Entry
from directories.registry import described
from organizations.models import Organization
from pipeline.models import Stage
from pipeline.refusals import OtherPipeline
from records.events import tell
from records.models import Record, tracked
from records.models.record import check_offered, hold, plain
from records.search import folded

from ..events import DealMoved, untold_moves
from ..querysets.deal import DealQuerySet
from ..refusals import MovedElsewhere
from .indexes import INDEXES
from .merge import move_all
from .standing import Standing

# A change of these ends the current stay and begins the next (DESIGN §4).
KEPT_IN_STAYS = {"stage", "amount", "owner", "archived_at"}


@described
@tracked
class Deal(Standing, Record):
    """A deal goes through the stages of one pipeline, which is its stage's; so is its currency."""

    entity = Entity.DEAL
    described = (
        "title", "amount", "contact", "organization", "source", "expected_close_on", "lost_reason", "owner",
    )  # fmt: skip

    moved_by = ("stage", "lost_reason")
    follows = ("outcome", "stage_since", "closed_at", "next_step_kind", "next_step_title")

    title = models.CharField(_("title"), max_length=200)
    contact = models.ForeignKey(
        Contact,
        verbose_name=_("contact"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="deals",
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name=_("organization"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="deals",
    )
    stage = models.ForeignKey(
        Stage, verbose_name=_("stage"), on_delete=models.PROTECT, related_name="deals", db_index=False
    )
    amount = models.DecimalField(
        _("amount"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    outcome = models.CharField(max_length=4, blank=True, db_default="", default="", editable=False)
    lost_reason = models.ForeignKey(
        Entry,
        verbose_name=_("reason of the loss"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="deals_lost_for_this",
        limit_choices_to={"directory__code": "lost_reasons"},
    )
    source = models.ForeignKey(
        Entry,
        verbose_name=_("source"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="deals_from_here",
        limit_choices_to={"directory__code": "sources"},
    )
    expected_close_on = models.DateField(_("expected close"), null=True, blank=True)
    stage_since = models.DateTimeField(_("in the stage since"), null=True, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)
    next_step_at = models.DateTimeField(_("next step"), null=True, editable=False)
    next_step_kind = models.CharField(max_length=20, blank=True, db_default="", default="", editable=False)
    next_step_title = models.CharField(max_length=200, blank=True, db_default="", default="", editable=False)
    in_column_since = models.GeneratedField(
        expression=Coalesce("stage_since", "created_at"),
        output_field=models.DateTimeField(),
        db_persist=True,
    )
    search = models.GeneratedField(
        expression=folded("title"), output_field=models.TextField(), db_persist=True
    )

    objects = DealQuerySet.as_manager()

    class Meta:
        verbose_name = _("deal")
        verbose_name_plural = _("deals")
        constraints = [
            models.CheckConstraint(
                name="deal_amount_is_not_negative",
                condition=Q(amount=None) | Q(amount__gte=0),
                violation_error_message=_("An amount can't be negative."),
            ),
            models.CheckConstraint(
                name="deal_outcome_is_known", condition=Q(outcome__in=["", "won", "lost"])
            ),
            models.CheckConstraint(
                name="closed_deal_has_a_closing_time",
                condition=Q(outcome="", closed_at=None) | (~Q(outcome="") & Q(closed_at__isnull=False)),
                violation_error_message=_("A closed deal has a closing time."),
            ),
            models.CheckConstraint(
                name="lost_deal_has_a_reason",
                condition=~Q(outcome="lost") | Q(lost_reason__isnull=False),
                violation_error_message=_("A lost deal has a reason."),
            ),
        ]
        indexes = INDEXES

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("deals:deal_card", args=[self.pk])

    @property
    def timeline_deal_id(self):
        return self.pk

    @property
    def currency(self):
        """The pipeline's; its stage and pipeline are selected (DESIGN §4)."""
        return self.stage.pipeline.currency

    def untold(self, *, before):
        return untold_moves(self, before=before)

    # For the doors, on a locked deal

    def begin(self, *, by):
        self.stays.begin(self, at=self.stage_since, by=by)

    def moment(self):
        """Return `greatest(clock_timestamp(), entered_at)` of the current stay."""
        return self.stays.next_moment()

    def write(self, *, by, at, **values):
        """Write as every record does; what stays keep ends the current stay and begins the next."""
        super().write(by=by, at=at, **values)
        if KEPT_IN_STAYS & values.keys():
            self.stays.follow(self, at=at, by=by)

    def check_still(self, **shown):
        seen_in = shown.pop("stage", None)
        if seen_in is not None and seen_in.pk != self.stage_id:
            stay = self.stays.select_related("moved_by").get(left_at=None)
            raise MovedElsewhere(shown=seen_in, now=self.stage, by=stay.moved_by, at=self.stage_since)
        super().check_still(**shown)

    def enter(self, stage, *, by, lost_reason=None):
        """Write the move of this locked deal to the held `stage`, and tell DealMoved."""
        before, days, at = self.stage, self.days_in_stage, self.moment()
        lost_reason = lost_reason if stage.kind == Stage.Kind.LOST else None
        self.write(
            by=by,
            at=at,
            stage=stage,
            outcome=stage.outcome,
            stage_since=at,
            closed_at=None if stage.is_open else at,
            lost_reason=lost_reason,
        )
        before, after = ({"id": each.pk, "name": each.name, "color": each.color} for each in (before, stage))
        told = {"before": before, "after": after, "days": days, "changes": {"stage": [before, after]}}
        if lost_reason:
            told["reason"] = plain(lost_reason)
        tell(DealMoved(self, by=by, at=at, **told))

    # Doors

    @transaction.atomic
    def move_to(self, stage, *, by, seen_in, lost_reason=None):
        """Move the deal from `seen_in`, the stage it was shown in, to `stage` of its pipeline, as `by`.

        Raises NotAllowed, Archived, MovedElsewhere (who moved it where, when) if it no longer stands
        in `seen_in`, OtherPipeline, EntryRetired for a reason of loss that is out of use, and what
        `stage.check_entry` raises. Ends the current stay and begins the next, tells DealMoved. Returns
        the deal as it is now; a move to where it stands writes nothing.
        """
        stage = Stage.objects.held(stage.pk)[stage.pk]
        hold([lost_reason])
        deal = self.locked_for(by)
        deal.check_still(stage=seen_in)
        if stage.pipeline_id != deal.stage.pipeline_id:
            raise OtherPipeline
        if stage.pk != deal.stage_id:
            stage.check_entry(lost_reason=lost_reason)
            check_offered([lost_reason])
            deal.enter(stage, by=by, lost_reason=lost_reason)
        return deal

    @transaction.atomic
    def move_to_pipeline(self, stage, *, by, seen_in):
        """Move the open deal to the open `stage` of another pipeline, as `by`. As move_to otherwise."""
        stage = Stage.objects.held(stage.pk)[stage.pk]
        deal = self.locked_for(by)
        deal.check_still(stage=seen_in)
        if not stage.is_open or stage.pipeline_id == deal.stage.pipeline_id:
            raise OtherPipeline
        stage.check_entry()
        deal.enter(stage, by=by)
        return deal

    def move_back(self, before, after, *, by):
        """Move the deal from the stage of `after` to that of `before`, two past states of it, as `by`."""
        if before.stage.pipeline_id != after.stage.pipeline_id:
            return self.move_to_pipeline(before.stage, by=by, seen_in=after.stage)
        return self.move_to(before.stage, by=by, seen_in=after.stage, lost_reason=before.lost_reason)

    @transaction.atomic
    def restore(self, *, by, into=None):
        """Take the deal out of the archive, as `by`; then on to the open stage `into` of another pipeline.

        Without `into` an open deal comes back only where its pipeline is in use: raises PipelineRetired;
        MovedElsewhere if its stage was merged just now, and what move_to_pipeline raises.
        """
        stage = self._held_stage()
        deal = self.locked_for(by, Action.ARCHIVE, even_archived=True)
        deal.check_still(stage=stage)
        if deal.is_archived and deal.is_open and into is None:
            stage.pipeline.check_entry()
        deal = super().restore(by=by)
        return deal.move_to_pipeline(into, by=by, seen_in=stage) if into else deal

    def _held_stage(self):
        """Return the stage in which the deal stands, held before the deal is locked, as all doors do."""
        deals = Deal.objects.for_system("a door holds the stage of what a person was shown")
        stage_id = deals.values_list("stage_id", flat=True).get(pk=self.pk)
        return Stage.objects.held(stage_id)[stage_id]

    @classmethod
    def follow_merge(cls, stage, target, *, by):
        """Move all deals of `stage` to `target`, into which the admin `by` merges it; only for that door."""
        return move_all(cls, stage, target, by=by)

    @transaction.atomic
    def refresh_next_step(self):
        """Write the nearest open activity with a due moment as the deal's next step; returns the deal.

        The only writer of `next_step_*`; called by the doors of activities. Writes nothing if it is the
        next step already: a note is no change of the deal.
        """
        deal = (
            Deal.objects.for_system("the next step follows activities")
            .select_for_update(no_key=True, of=("self",))
            .get(pk=self.pk)
        )
        step = deal.activities.for_system("the next step follows activities").next_step()
        found = {
            "next_step_at": step.due_at if step else None,
            "next_step_kind": step.kind if step else "",
            "next_step_title": step.title[:200] if step else "",
        }
        if any(getattr(deal, name) != value for name, value in found.items()):
            found |= {"version": deal.version + 1, "updated_at": timezone.now()}
            for name, value in found.items():
                setattr(deal, name, value)
            deal.save(update_fields=list(found))
        return deal
