"""The figures of one funnel, counted once and kept for the page."""

from datetime import timedelta
from decimal import Decimal
from functools import cached_property

from django.db.models import Count, Sum

from accounts.models import User
from pipeline.models import Stage

from .rows import ONE_DAY, Closings, PersonFigures, StageFigures, Total, sum_of
from .shape import draw

REASONS_SHOWN = 3


class Dashboard:
    """The figures of `pipeline` at `company`, over the `deals` and `stays` that the person may count.

    `people` are the ids of those asked for among them, None for all: the responsibles of today for
    what is open now, those of then for what was. `period` (Period) and `asof` (a date) are days of
    the company.
    """

    def __init__(self, pipeline, *, deals, stays, people, period, asof, company):
        self.pipeline, self.period, self.asof, self.company = pipeline, period, asof, company
        stages = list(pipeline.stages.in_order())
        self.open_stages = [stage for stage in stages if stage.is_open]
        self.closing = {stage.pk: stage.kind for stage in stages if not stage.is_open}
        self.stages = {stage.pk: stage for stage in stages}
        self.deals = deals.open().filter(stage__in=[stage.pk for stage in self.open_stages]).of_people(people)
        self.stays_of_all, self.asked_for = stays, people
        self.stays = stays.of_people(people)

    def _stays_in(self, stages):
        return self.stays.filter(stage__in=list(stages))

    # Open now, and then

    @cached_property
    def then_moment(self):
        """The last moment of the day compared with: what begins at its midnight belongs to the next day."""
        return self.company.end_of(self.asof) - timedelta.resolution

    @cached_property
    def _perhaps_then(self):
        return self._stays_in(stage.pk for stage in self.open_stages).perhaps_open_at(self.then_moment)

    @cached_property
    def unknown_count(self):
        """How many deals were perhaps open then: their start is not known."""
        return self._perhaps_then.aggregate(count=Count("deal", distinct=True))["count"]

    @cached_property
    def attention(self):
        return list(self.deals.attention_by_stage_and_owner())

    @cached_property
    def rows(self):
        """The stages in their order; a retired one only if deals stood there then."""
        now = self.deals.per_stage()
        then = self._stays_in(stage.pk for stage in self.open_stages).open_at(self.then_moment).per_stage()
        unknown = self.deals.filter(pk__in=self._perhaps_then.values("deal")).per_stage()
        rows = [
            StageFigures(stage, *(Total.of(found.get(stage.pk)) for found in (now, then, unknown)))
            for stage in self.open_stages
        ]
        rows = [row for row in rows if not row.stage.is_retired or row.now.count or row.then.count]
        paths = draw([row.now.count for row in rows], [row.then.count for row in rows])
        for row, (row.path, row.dashes) in zip(rows, paths, strict=True):
            self._add_attention(row)
            self._add_transitions(row)
        return rows

    def _add_attention(self, row):
        mine = [each for each in self.attention if each["stage"] == row.stage.pk]
        row.without_step = sum(each["without_step"] for each in mine)
        row.idle = sum(each["idle"] for each in mine)

    def _add_transitions(self, row):
        mine = [each for each in self.transitions if each["came_from"] == row.stage.pk]
        row.ended = sum(each["count"] for each in mine)
        row.went_on = sum(each["count"] for each in mine if self._is_further(row.stage, each["stage"]))
        known = sum(each["known"] for each in mine)
        if known:
            row.lasted = sum((each["lasted"] or timedelta() for each in mine), timedelta()) / known

    @cached_property
    def transitions(self):
        begins, ends = self.period.moments(self.company)
        left = [stage.pk for stage in self.open_stages]
        return list(self.stays.filter(came_from__in=left).transitions(begins, ends))

    def _is_further(self, stage, pk):
        """Say whether the stage with the id `pk` is a later one of this pipeline, or won."""
        onward = self.stages.get(pk)
        if onward is None or onward.kind == Stage.Kind.LOST:
            return False
        return onward.kind == Stage.Kind.WON or onward.position > stage.position

    @cached_property
    def now(self):
        return sum_of(row.now for row in self.rows)

    @cached_property
    def then(self):
        return sum_of(row.then for row in self.rows)

    @cached_property
    def difference(self):
        """How much more is open now than then, of the deals whose start is known: Total."""
        return sum_of(row.difference for row in self.rows)

    @cached_property
    def whole(self):
        """The last line of the table: all stages together."""
        lasted = [row.lasted for row in self.rows if row.lasted is not None]
        return {
            "weighted": sum((row.weighted for row in self.rows), Decimal(0)),
            "weighted_difference": sum((row.weighted_difference for row in self.rows), Decimal(0)),
            "days": sum(lasted, timedelta()) / ONE_DAY if lasted else None,
            "without_step": sum(row.without_step for row in self.rows),
            "idle": sum(row.idle for row in self.rows),
        }

    # Within the period

    @cached_property
    def new(self):
        """The deals whose first row lies in the period, at the sums of now: few begin with one."""
        begins, ends = self.period.moments(self.company)
        first = self._stays_in(self.stages).first(begins, ends)
        return Total.of(first.aggregate(count=Count("*"), amount=Sum("deal__amount")))

    @cached_property
    def closings(self):
        return self._closings(self.period)

    @cached_property
    def closings_before(self):
        return self._closings(self.period.before)

    def _last_entries(self, stages, period):
        entries = self.stays_of_all.filter(stage__in=list(stages))
        return entries.last_entries(*period.moments(self.company)).of_people(self.asked_for)

    def _closings(self, period):
        found, lasted, known = Closings(), timedelta(), 0
        for row in self._last_entries(self.closing, period).closings():
            if self.closing[row["stage"]] == Stage.Kind.LOST:
                found.lost = found.lost.plus(Total.of(row))
                continue
            found.won = found.won.plus(Total.of(row))
            found.won_by_owner[row["owner"]] = found.won_by_owner.get(row["owner"], 0) + row["count"]
            lasted, known = lasted + (row["lasted"] or timedelta()), known + row["known"]
        if known:
            found.days_to_win = lasted / ONE_DAY / known
        return found

    @cached_property
    def lines(self):
        """The three lines of the period, each with the length of its bar, 100 for the longest."""
        lines = [
            {"name": "new", "total": self.new, "icon": "inbox", "css": "quiet", "bar": "bar-v"},
            {"name": "won", "total": self.closings.won, "icon": "trophy", "css": "t-won", "bar": "bar-won"},
            {
                "name": "lost",
                "total": self.closings.lost,
                "icon": "circle-x",
                "css": "t-lost",
                "bar": "bar-lost",
            },
        ]
        most = max(line["total"].count for line in lines)
        return [line | {"width": f"{100 * line['total'].count / (most or 1):.1f}"} for line in lines]

    @cached_property
    def reasons(self):
        """The most frequent reasons of the losses of the period, as (id, name, count)."""
        lost = [pk for pk, kind in self.closing.items() if kind == Stage.Kind.LOST]
        rows = (
            self._last_entries(lost, self.period)
            .filter(deal__lost_reason__isnull=False)
            .values_list("deal__lost_reason", "deal__lost_reason__name")
            .annotate(count=Count("*"))
            .order_by("-count", "deal__lost_reason__name")
        )
        return list(rows[:REASONS_SHOWN])

    @cached_property
    def people(self):
        """A row for each who has open deals or has won some in the period, the greatest sum first."""
        found = {pk: PersonFigures(None, open=Total.of(row)) for pk, row in self.deals.per_owner().items()}
        for row in self.attention:
            found.setdefault(row["owner"], PersonFigures(None)).overdue += row["overdue"]
        for pk, count in self.closings.won_by_owner.items():
            found.setdefault(pk, PersonFigures(None)).won += count
        for pk, person in User.objects.in_bulk(list(found)).items():
            found[pk].person = person
        return sorted(found.values(), key=lambda row: (-row.open.amount, -row.open.count, str(row.person)))
