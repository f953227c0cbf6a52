"""Pipelines and stages: who sees them, which are in use."""

from django.db import connection, models, transaction
from django.utils.translation import override

from .ready import READY_PIPELINES
from .refusals import OrderIsBroken


class PipelineQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Pipelines are for everyone who is logged in."""
        return self if user.is_authenticated else self.none()

    def in_use(self):
        return self.filter(retired_at=None)


class PipelineManager(models.Manager.from_queryset(PipelineQuerySet)):  # type: ignore[misc]
    @transaction.atomic
    def make_ready(self, code, *, language, currency):
        """Make the ready pipeline `code` of `ready.py` with its stages, named in `language`."""
        with override(language):
            ready = READY_PIPELINES[code]
            pipeline = self.create(code=code, name=str(ready.pipeline_name), currency=currency)
            pipeline.stages.bulk_create(
                pipeline.stages.model(pipeline=pipeline, position=position, **stage)
                for position, stage in enumerate(ready.stages_with_ends(), start=1)
            )
        return pipeline


class StageQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Stages are for everyone who is logged in."""
        return self if user.is_authenticated else self.none()

    def in_use(self):
        return self.filter(retired_at=None)

    def open(self):
        """Keep the stages in which a deal counts as open."""
        return self.filter(kind__in=self.model.OPEN_KINDS)

    def in_order(self):
        return self.order_by("position")

    @transaction.atomic
    def reorder(self, places):
        """Put stages of one pipeline into the order of `places` (id → any number, each another).

        They share the places that they held among themselves, so those not named keep theirs: retired
        ones, which a list does not show. Raises OrderIsBroken. Returns how many stages were named.
        """
        stages = list(self.select_for_update(no_key=True).filter(pk__in=places).order_by("pk"))
        of_one_pipeline = len({stage.pipeline_id for stage in stages}) <= 1
        if len(stages) != len(places) or len(set(places.values())) != len(places) or not of_one_pipeline:
            raise OrderIsBroken
        held = sorted(stage.position for stage in stages)
        for stage, position in zip(sorted(stages, key=lambda stage: places[stage.pk]), held, strict=True):
            stage.position = position
        return self.bulk_update(stages, ["position"])

    def held(self, *pks):
        """Return the stages by id, locked FOR SHARE: nobody retires them before the transaction ends."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM pipeline_stage WHERE id = ANY(%s) ORDER BY id FOR SHARE", [sorted(set(pks))]
            )
        return self.select_related("pipeline").in_bulk(pks)
