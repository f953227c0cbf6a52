"""The dashboard: the figures of one funnel, now, in a period, and on a past date."""

from urllib.parse import urlencode

from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.rights import Action, Entity, Right, right_required
from pipeline.models import Pipeline
from ui.answers import show

from ..dashboard import Dashboard, FunnelForm
from ..dashboard.form import PERIODS
from ..dashboard.tiles import in_days, tiles
from ..models import Deal, StageHistory
from .board import A_YEAR, LAST_BOARD

WHOSE = {"team": "team", "responsible": "person"}  # what narrows figures → what narrows what happened


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
    links = Links(request.user, form, dashboard)
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
    """The addresses in the list of deals that the figures of `dashboard` open (deals.happened)."""

    def __init__(self, user, form, dashboard):
        self.pipeline, self.asof = dashboard.pipeline.pk, dashboard.asof.isoformat()
        self.asked = {name: form.cleaned_data[name].pk for name in WHOSE if form.cleaned_data.get(name)}
        self.days = {
            "happened_from": dashboard.period.first.isoformat(),
            "happened_to": dashboard.period.last.isoformat(),
        }
        self.of_pipeline = _deals(pipeline=self.pipeline)
        self.open = _deals(pipeline=self.pipeline, **self._of_today(user))
        self.new, self.won, self.lost, self.left = map(self._within, ("new", "won", "lost", "left"))
        self.then = self._happened("open", happened_to=self.asof)
        self.won_by = _deals(happened="won", happened_in=self.pipeline, **self.days)

    def _of_today(self, user):
        """Whose open deals are counted: those asked for, else all whose figures the person may see."""
        counted, seen = user.people_in_funnel(), user.people_in(Entity.DEAL, Action.VIEW)
        if self.asked or counted is None or (seen is not None and set(seen) <= set(counted)):
            return self.asked
        return {"responsible": sorted(counted)}

    def _within(self, kind):
        return self._happened(kind, **self.days)

    def _happened(self, kind, **days):
        whose = {f"happened_{short}": self.asked[name] for name, short in WHOSE.items() if name in self.asked}
        return _deals(happened=kind, happened_in=self.pipeline, **days, **whose)


def _deals(**parameters):
    return f"{reverse('deals:deal_list')}?{urlencode(parameters, doseq=True)}"
