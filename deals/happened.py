"""What happened to deals within some days, as a list of them: what the figures of a dashboard open.

?happened=new | won | lost      begun, won or lost on these days, whatever became of them
?happened=left                  left the stage `happened_stage` on these days
?happened=open                  open at the end of `happened_to`
happened_from, happened_to      the days, both included, at the company's midnight
happened_in=<pipeline>          in this pipeline, happened_stage=<stage> in this stage of it
happened_team, happened_person  when it was in the hands of these people
"""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Team, User
from directories.filters import Chip
from pipeline.models import Pipeline, Stage
from ui.formats import day
from ui.forms import DateField

from .models import StageHistory

HAPPENED = {
    "new": _("New"),
    "won": pgettext_lazy("deals", "Won"),
    "lost": pgettext_lazy("deals", "Lost"),
    "left": _("Left the stage"),
    "open": _("Open then"),
}


class HappenedForm(forms.Form):
    happened = forms.ChoiceField(choices=list(HAPPENED.items()), required=False)
    happened_from = DateField(required=False)
    happened_to = DateField(required=False)
    happened_in = forms.ModelChoiceField(Pipeline.objects.none(), required=False)
    happened_stage = forms.ModelChoiceField(Stage.objects.none(), required=False)
    happened_team = forms.ModelChoiceField(Team.objects.none(), required=False)
    happened_person = forms.ModelChoiceField(User.objects.none(), required=False)

    def __init__(self, data, user):
        super().__init__(data)
        for name, model in (
            ("happened_in", Pipeline),
            ("happened_stage", Stage),
            ("happened_team", Team),
            ("happened_person", User),
        ):
            self.fields[name].queryset = model.objects.visible_to(user)


NAMES = tuple(HappenedForm.base_fields)


class Happened:
    """Narrows deals to those to which something happened, as `user` of `company` asks in `data`.

    Counted from the same stays as the dashboard's figures, so that each list is as long as its figure.
    """

    def __init__(self, data, user, company):
        self.data, self.user, self.company = data, user, company
        form = HappenedForm(data, user)
        form.is_valid()
        self.cleaned = form.cleaned_data
        kind = self.cleaned.get("happened")
        has_days = self.cleaned.get("happened_to") and (self.cleaned.get("happened_from") or kind == "open")
        self.kind = kind if kind and has_days else ""

    def keep(self, deals):
        """Return those of `deals`; all of them if nothing is asked."""
        if not self.kind:
            return deals
        stays = StageHistory.objects.visible_to(self.user).of_deals_of(self.user.people_in_funnel())
        return deals.filter(pk__in=self._of_people(self._stays(stays)).values("deal"))

    def _stays(self, stays):
        ends = self.company.end_of(self.cleaned["happened_to"])
        if self.kind == "open":
            return self._at(stays.open_at(ends - timedelta.resolution), "stage")
        begins = self.company.midnight(self.cleaned["happened_from"])
        if self.kind == "new":
            return self._at(stays.first(begins, ends), "stage")
        if self.kind == "left":
            return self._at(stays.entries(begins, ends), "came_from")
        return self._at(stays.filter(stage__kind=self.kind), "stage").last_entries(begins, ends)

    def _at(self, stays, name):
        """Keep the stays whose `name` (stage, or the one they came from) is the one asked for."""
        if stage := self.cleaned.get("happened_stage"):
            return stays.filter(**{name: stage})
        if pipeline := self.cleaned.get("happened_in"):
            stages = Stage.objects.visible_to(self.user).filter(pipeline=pipeline)
            return stays.filter(**{f"{name}__in": list(stages.values_list("pk", flat=True))})
        return stays

    def _of_people(self, stays):
        if team := self.cleaned.get("happened_team"):
            stays = stays.of_people(User.objects.ids_in_team(team))
        if person := self.cleaned.get("happened_person"):
            stays = stays.of_people([person.pk])
        return stays

    def chip(self, url):
        """What is asked, in words; `url` is the address without it."""
        asked = self.cleaned
        days = day(asked["happened_to"])
        if self.kind != "open" and asked["happened_from"] != asked["happened_to"]:
            days = f"{day(asked['happened_from'])} – {days}"
        at = asked.get("happened_stage") or asked.get("happened_in")
        whose = [asked.get("happened_team"), asked.get("happened_person")]
        return Chip(
            "happened", HAPPENED[self.kind], ", ".join(str(one) for one in (days, at, *whose) if one), url
        )
