"""The stage."""

from django.core.validators import MaxValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.tracking import tracked
from directories.merging import Mergeable
from directories.models import COLORS

from ..querysets import StageQuerySet
from ..refusals import MissingFields, OtherPipeline, StageInUse, StageRetired
from .pipeline import Pipeline


@tracked
class Stage(Mergeable):
    """A step of a pipeline. Its kind says what a deal that stands in it counts as."""

    class Kind(models.TextChoices):
        LEAD = "lead", _("lead")
        OPEN = "open", _("in work")
        WON = "won", _("won")
        LOST = "lost", _("lost")

    finish_task = "pipeline.finish_merge"
    named_with = ("pipeline",)
    put_back = ("name", "color", "probability", "idle_days")
    OPEN_KINDS = (Kind.LEAD, Kind.OPEN)

    pipeline = models.ForeignKey(
        Pipeline,
        verbose_name=_("pipeline"),
        on_delete=models.PROTECT,
        related_name="stages",
        help_text=_("The stage stays in it; its new place is before those that close deals."),
    )
    name = models.CharField(_("name"), max_length=100, help_text=_("The head of a column of the board."))
    kind = models.CharField(
        _("kind"),
        max_length=4,
        choices=Kind,
        default=Kind.OPEN,
        help_text=_(
            "A pipeline has one stage for leads, one for won and one for lost deals. Fixed once used."
        ),
    )
    position = models.PositiveIntegerField(_("order"), default=0, help_text=_("Drag the rows of the list."))
    color = models.PositiveSmallIntegerField(
        _("colour"),
        default=1,
        validators=COLORS,
        help_text=_("The mark at its name on the board and in lists."),
    )
    probability = models.PositiveSmallIntegerField(
        _("probability, %"),
        default=50,
        validators=[MaxValueValidator(100)],
        help_text=_("How many of a hundred such deals are won; weighs the forecast."),
    )
    idle_days = models.PositiveSmallIntegerField(
        _("limit, days"),
        null=True,
        blank=True,
        help_text=_("A deal that stands here longer and has no planned step is shown as idle."),
    )
    outcome = models.GeneratedField(
        expression=models.Case(models.When(kind__in=("won", "lost"), then="kind"), default=models.Value("")),
        output_field=models.CharField(max_length=4),
        db_persist=True,
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = StageQuerySet.as_manager()

    class Meta:
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        ordering = ["pipeline", "position"]
        constraints = [
            models.UniqueConstraint(
                name="stage_order_is_unique_in_its_pipeline",
                fields=["pipeline", "position"],
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message=_("Two stages can't have the same place."),
            ),
            models.UniqueConstraint(
                name="pipeline_has_one_stage_a_closing_kind",
                fields=["pipeline", "kind"],
                condition=Q(retired_at=None) & ~Q(kind="open"),
                violation_error_message=_(
                    "A pipeline has one stage for leads, one for won and one for lost deals."
                ),
            ),
            # what the composite foreign key of deals points at
            models.UniqueConstraint(name="stage_with_its_outcome", fields=["id", "outcome"]),
            models.CheckConstraint(name="stage_color_is_of_the_palette", condition=Q(color__range=(1, 10))),
            models.CheckConstraint(name="stage_probability_is_a_share", condition=Q(probability__lte=100)),
        ]

    def __str__(self):
        return self.name

    @property
    def is_open(self):
        """Say whether a deal that stands here is open."""
        return self.kind in self.OPEN_KINDS

    def deals_count(self):
        """Return how many deals stand here now."""
        return self.deals.for_system("how many deals hold a stage").count()

    def check_entry(self, *, lost_reason=None):
        """Refuse a deal that may not enter this held stage.

        Raises what check_offered does, MissingFields (a lost deal has a reason).
        """
        self.check_offered()
        if self.kind == Stage.Kind.LOST and lost_reason is None:
            raise MissingFields(self, {"lost_reason": _("Loss reason")})

    def check_offered(self):
        """Refuse all deals where the stage is out of use: raises PipelineRetired, StageRetired."""
        self.pipeline.check_entry()
        if self.is_retired or self.is_merging:
            raise StageRetired

    def check_can_go(self):
        """Refuse to let a stage go that its pipeline must have: raises StageInUse."""
        if self.kind != Stage.Kind.OPEN:
            raise StageInUse(self, 0)

    # Doors

    @transaction.atomic
    def retire(self, *, by):
        """Take an empty stage out of use, as the admin `by`.

        Raises StageInUse while deals stand here, or if its pipeline would lose its only stage of a
        kind it must have; BeingMerged.
        """
        stage = self.alone()
        stage.check_can_go()
        count = stage.deals_count()
        if count:
            raise StageInUse(stage, count)
        stage.retired_at = timezone.now()
        stage.save(update_fields=["retired_at"])
        return stage

    @transaction.atomic
    def bring_back(self, *, by):
        """Put the stage into use again, empty, or stop its merge, as the admin `by`. Safe to run again.

        Raises BeingMerged.
        """
        if self.is_merging:
            return self.stop_merge(by=by)
        stage = self.alone()
        stage.retired_at = stage.merged_into = None
        stage.save(update_fields=["retired_at", "merged_into"])
        return stage

    @transaction.atomic
    def stand_after(self, other):
        """Take the place after the stage `other` of the same pipeline, the first one after None.

        Raises OtherPipeline.
        """
        Pipeline.objects.select_for_update(no_key=True).get(pk=self.pipeline_id)
        if other is not None and other.pipeline_id != self.pipeline_id:
            raise OtherPipeline
        stages = list(self.pipeline.stages.in_order())
        order = [stage.pk for stage in stages if stage.pk != self.pk]
        order.insert(0 if other is None else order.index(other.pk) + 1, self.pk)
        places = (stage.position for stage in stages)
        Stage.objects.reorder(dict(zip(order, places, strict=True)))

    @transaction.atomic
    def stand_before_the_ends(self):
        """Save this new stage in the place before the first one that closes deals.

        Raises PipelineRetired.
        """
        self.pipeline = Pipeline.objects.select_for_update(no_key=True).get(pk=self.pipeline_id)
        self.pipeline.check_entry()
        stages = self.pipeline.stages.order_by("position")
        ends = [stage.position for stage in stages if not stage.is_open and not stage.is_retired]
        last = max((stage.position for stage in stages), default=0)
        self.position = min(ends, default=last + 1)
        stages.filter(position__gte=self.position).update(position=F("position") + 1)
        self.save()

    # What else Mergeable asks: the deals that stand here move to the target; past stays remain on this stage

    def check_merge(self, target):
        """Raise OtherPipeline, StageInUse if the pipeline needs this stage, StageRetired for the target."""
        if self.pipeline_id != target.pipeline_id or self.pk == target.pk:
            raise OtherPipeline
        self.check_can_go()
        if target.is_retired or not target.is_open:
            raise StageRetired

    def is_held_by_more_than(self, count):
        return self.deals.for_system("how many deals hold a stage").order_by()[: count + 1].count() > count

    def give_all_to(self, target, *, by):
        self.deals.model.follow_merge(self, target, by=by)
