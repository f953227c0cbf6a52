"""The pipeline."""

from typing import Any

from django.db import models, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.company import CURRENCIES
from accounts.tracking import tracked

from ..querysets import PipelineManager
from ..refusals import PipelineInUse, PipelineRetired


@tracked
class Pipeline(models.Model):
    """A funnel: the stages a deal goes through, and the currency it is counted in."""

    put_back = ("name", "currency", "position")

    code = models.SlugField(_("code"), max_length=40, unique=True, null=True, blank=True, editable=False)
    name = models.CharField(
        _("name"),
        max_length=200,
        unique=True,
        help_text=_("What is sold by these steps: equipment, service."),
    )
    currency = models.CharField(
        _("currency"),
        max_length=3,
        choices=CURRENCIES,
        default="RUB",
        help_text=_("All amounts of its deals are in it."),
    )
    position = models.PositiveIntegerField(_("order"), default=0, help_text=_("Smaller ones stand first."))
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = PipelineManager()

    class Meta:
        verbose_name = _("pipeline")
        verbose_name_plural = _("pipelines")
        ordering = ["position", "pk"]

    def __str__(self):
        return self.name

    def open_deals_count(self):
        """Return how many open deals stand in this pipeline."""
        deal: Any = self.stages.model.deals.rel.related_model
        return deal.objects.for_system("how many deals hold a pipeline").open().of_pipeline(self).count()

    @property
    def is_retired(self):
        return self.retired_at is not None

    def check_entry(self):
        """Refuse a deal that may not enter: raises PipelineRetired."""
        if self.is_retired:
            raise PipelineRetired(self)

    def check_can_go(self):
        """Raise PipelineInUse while open deals stand in it, or if it is the last one."""
        self._check_can_go(Pipeline.objects.in_use().in_bulk())

    def _check_can_go(self, in_use):
        count = self.open_deals_count()
        if count or not in_use.keys() - {self.pk}:
            raise PipelineInUse(count)

    # Doors

    @transaction.atomic
    def begin_with_ends(self):
        """Make the stages that a new pipeline must have: for leads, won and lost deals."""
        stage = self.stages.model
        self.stages.bulk_create(
            [
                stage(pipeline=self, position=1, name=str(_("Inquiry")), kind="lead", probability=10),
                stage(pipeline=self, position=2, name=str(_("Won")), kind="won", color=10, probability=100),
                stage(pipeline=self, position=3, name=str(_("Lost")), kind="lost", color=6, probability=0),
            ]
        )

    @transaction.atomic
    def retire(self, *, by):
        """Take the pipeline out of use, as the admin `by`.

        Its closed and archived deals stay. Raises PipelineInUse while open deals stand in it, or if it
        is the last one.
        """
        pipelines = Pipeline.objects.in_use().select_for_update(no_key=True).order_by("pk").in_bulk()
        # who lets a deal in holds its stage: he is waited for, or waits and is refused
        list(self.stages.select_for_update(no_key=True).order_by("pk"))
        self._check_can_go(pipelines)
        self.retired_at = timezone.now()
        self.save(update_fields=["retired_at"])
        return self

    @transaction.atomic
    def bring_back(self, *, by):
        """Put the pipeline into use again, as the admin `by`."""
        self.retired_at = None
        self.save(update_fields=["retired_at"])
        return self
