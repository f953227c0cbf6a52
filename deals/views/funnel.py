"""The dashboard: the figures of one funnel, now, in a period, and on a past date."""

from urllib.parse import urlencode

from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.rights import Right, right_required
from pipeline.models import Pipeline
from ui.answers import show

from ..dashboard import Dashboard, FunnelForm
from ..dashboard.form import PERIODS
from ..dashboard.tiles import in_days, tiles
from ..models import Deal, StageHistory
from .board import A_YEAR, LAST_BOARD


@require_safe
@right_required(Right.SEE_FUNNEL)
def funnel_last(request):
    """On to the funnel last looked at, else to the first one."""
    pipelines = {
        str(pipeline.pk): pipeline for pipeline in Pipeline.objects.visible_to(request.user).in_use()
    }
    last = pipelines.get(request.COOKIES.get(LAST_BOARD)) or next(iter(pipelines.values()), None)
    if last is None:
        return show(request, "deals/funnel_none.html", None)
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(reverse("deals:funnel", args=[last.pk]) + query)


@require_safe
@right_required(Right.SEE_FUNNEL)
def funnel(request, pk):
    pipeline = get_object_or_404(Pipeline.objects.visible_to(request.user), pk=pk)
    people = request.user.people_in_funnel()
    form = FunnelForm(request.GET, user=request.user, today=request.company.today())
    dashboard = Dashboard(
        pipeline,
        deals=Deal.objects.visible_to(request.user).of_people(people),
        stays=StageHistory.objects.visible_to(request.user).of_deals_of(people),
        people=form.chosen_people,
        period=form.chosen_period,
        asof=form.chosen_asof,
        company=request.company,
    )
    links = Links(pipeline, form, dashboard.period)
    context = {
        "pipeline": pipeline,
        "pipelines": Pipeline.objects.visible_to(request.user).in_use(),
        "form": form,
        "periods": [(name, label) for name, (label, _make) in PERIODS.items()],
        "dashboard": dashboard,
        "links": links,
        "tiles": tiles(dashboard, open_url=links.open, won_url=links.won),
        "days": in_days(dashboard.period),
        "today": request.company.today(),
    }
    response = show(request, "deals/funnel.html", None, context)
    response.set_cookie(
        LAST_BOARD,
        pipeline.pk,
        max_age=A_YEAR,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


class Links:
    """The addresses in the list of deals that the figures open."""

    def __init__(self, pipeline, form, period):
        asked = {name: form.cleaned_data.get(name) for name in ("team", "responsible")}
        self.narrowed = {"pipeline": pipeline.pk} | {name: one.pk for name, one in asked.items() if one}
        self.days = {"from": period.first.isoformat(), "to": period.last.isoformat()}

    def _deals(self, **parameters):
        return f"{reverse('deals:deal_list')}?{urlencode(self.narrowed | parameters)}"

    @property
    def open(self):
        return self._deals()

    @property
    def of_pipeline(self):
        """The open deals whoever has them, for the lines of one person."""
        return f"{reverse('deals:deal_list')}?{urlencode({'pipeline': self.narrowed['pipeline']})}"

    @property
    def won_days(self):
        """What narrows a list to the won deals of the period."""
        return urlencode({"outcome": "won", **{f"closed_{end}": day for end, day in self.days.items()}})

    @property
    def new(self):
        days = {f"created_{end}": day for end, day in self.days.items()}
        return self._deals(outcome="any", **days)

    @property
    def won(self):
        return self._closed("won")

    @property
    def lost(self):
        return self._closed("lost")

    def _closed(self, outcome):
        return self._deals(outcome=outcome, **{f"closed_{end}": day for end, day in self.days.items()})
