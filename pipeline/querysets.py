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
        """Put stages of one pipeline to the `places` (id → position) that they held among themselves.

        Raises OrderIsBroken for anything else. Returns how many changed places.
        """
        stages = list(self.select_for_update().filter(pk__in=places).order_by("pk"))
        same_places = sorted(stage.position for stage in stages) == sorted(places.values())
        if len(stages) != len(places) or not same_places or len({stage.pipeline_id for stage in stages}) > 1:
            raise OrderIsBroken
        for stage in stages:
            stage.position = places[stage.pk]
        return self.bulk_update(stages, ["position"])

    def held(self, *pks):
        """Return the stages by id, locked FOR SHARE: nobody retires them before the transaction ends."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM pipeline_stage WHERE id = ANY(%s) ORDER BY id FOR SHARE", [sorted(set(pks))]
            )
        return self.select_related("pipeline").in_bulk(pks)
