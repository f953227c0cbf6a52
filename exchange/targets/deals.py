"""Deals with their past."""

from django.utils import timezone
from django.utils.translation import gettext as _

from deals.models import Deal, StageHistory
from directories.kinds import KINDS
from pipeline.models import Pipeline, Stage

from ..refusals import MappingMistake, RowRefused
from .records import Records
from .target import PlainField, as_json

ENTERED = "entered"  # in what a row says: {stage id: day}


class StageField(PlainField):
    """The stage where the deal stands now, by its name in the pipeline of the mapping."""

    def __init__(self):
        super().__init__(Deal, "stage")


class EnteredField:
    """A column that says on which day a stage was entered."""

    is_own, required, kind = True, False, KINDS["date"]

    def __init__(self, column):
        self.name, self.label = f"{ENTERED} {column}", column

    def parse(self, text, context):
        return self.kind.parse(text, self, context)


class Deals(Records):
    """New deals get the past that [entered] tells; deals that are here move by their door, now."""

    model = Deal
    goes_along = (StageHistory,)

    def all_fields(self):
        pipeline = Pipeline.objects.in_use().filter(code=self.mapping.pipeline).first()
        if pipeline is None:
            raise MappingMistake(
                _("There is no pipeline with the code “%(code)s”.") % {"code": self.mapping.pipeline}
            )
        self.stages = pipeline.stages.in_use().in_order()
        by_name = {stage.name: stage for stage in self.stages}
        unknown = [name for name in self.mapping.entered if name not in by_name]
        if unknown:
            raise MappingMistake(
                _("[entered] names the stage “%(name)s”; the pipeline has %(all)s.")
                % {"name": unknown[0], "all": ", ".join(by_name)}
            )
        self.entered = {by_name[name]: EnteredField(column) for name, column in self.mapping.entered.items()}
        return [*super().all_fields(), StageField()]

    def choices(self, field):
        return (self.stages, "stage") if field.name == "stage" else super().choices(field)

    def read(self, cells):
        values = super().read(cells)
        if values["stage"].kind != Stage.Kind.LOST:
            values.pop("lost_reason", None)
        elif not values.get("lost_reason"):
            raise RowRefused(_("A lost deal needs a reason: let the mapping name one."))
        days = {
            stage: day
            for stage, field in self.entered.items()
            if (day := self._parse_once(field, cells[field.label]))
        }
        return {**values, ENTERED: self._path(values["stage"], days)}

    def _path(self, stage, days):
        """Return [(stage, day)] up to `stage`, in the order of the days; the other ending's day is none.

        Raises RowRefused if a closed deal does not say when it was closed, or it went backwards.
        """
        path = [
            (each, days[each]) for each in self.entered if each in days and (each.is_open or each == stage)
        ]
        if not stage.is_open and stage in self.entered and stage not in days:
            raise RowRefused(_("A closed deal needs the day on which it was closed."))
        if any(day > later for (_s, day), (_t, later) in zip(path, path[1:], strict=False)):
            raise RowRefused(_("The dates go backwards: a later stage was entered before an earlier one."))
        # a past whose end is not known can't be told: the stay before would have no end
        return path if path and path[-1][0] == stage else [(stage, None)]

    # New deals

    def build(self, values):
        path = [(stage, day and self.company.midnight(day)) for stage, day in values[ENTERED]]
        stage, since = path[-1]
        deal = super().build({name: value for name, value in values.items() if name != ENTERED})
        deal.outcome, deal.stage_since = stage.outcome, since
        deal.closed_at = None if stage.is_open else since or timezone.now()
        deal.created_at = path[0][1] or timezone.now()
        deal.past = path
        return deal

    def make(self, records):
        super().make(records)
        StageHistory.objects.record_past([stay for deal in records for stay in self._stays(deal)])

    @classmethod
    def unmake(cls, pks):
        """With their past, which came with the same file."""
        StageHistory.objects.filter(deal__in=pks)._raw_delete("default")
        super().unmake(pks)

    def _stays(self, deal):
        """The stays of a new deal. Its amount is known where it stands now; the file says none of before."""
        ends = [*(since for _stage, since in deal.past[1:]), None]
        for (stage, since), left in zip(deal.past, ends, strict=True):
            is_now = left is None
            yield StageHistory(
                deal=deal,
                stage=stage,
                counts_as_open=stage.is_open,
                entered_at=since,
                left_at=left,
                stage_since=since,
                amount=deal.amount if is_now else None,
                owner_id=deal.owner_id,
                moved_by=None,
            )

    # Deals that are here

    def find(self, pks):
        deals = Deal.objects.visible_to(self.by).select_related("owner", "stage")
        return deals.in_bulk(pks)

    def settle(self, record, before, values):
        past = self.as_json(values)[ENTERED]
        values = {name: value for name, value in values.items() if name != ENTERED}
        write, kept = super().settle(record, before, values)
        if past != before.get(ENTERED) and before.get("stage") == values["stage"].pk:
            kept[ENTERED] = _("The dates differ: the past of a deal that is here is not rewritten.")
        return write, kept

    def as_json(self, values):
        path = (
            {ENTERED: [[stage.pk, as_json(day)] for stage, day in values[ENTERED]]}
            if ENTERED in values
            else {}
        )
        return super().as_json({name: value for name, value in values.items() if name != ENTERED}) | path

    def change(self, record, values):
        stage = values.pop("stage", None)
        target = stage or record.stage
        if stage is not None or target.kind != Stage.Kind.LOST:
            reason = values.pop("lost_reason", None)
        if stage is not None:
            record = record.move_to(stage, by=self.by, seen_in=record.stage, lost_reason=reason)
        super().change(record, values)
