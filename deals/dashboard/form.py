"""What the dashboard is asked for, in the address: the period, whose deals, and the date to compare with."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms import TeamChoice
from accounts.models import User
from accounts.rights import Action, Entity
from ui.forms import DateField

from . import period

FIRST_DAY = date(1990, 1, 1)  # no company's books in a CRM begin earlier; far from where dates end
PERIODS = {
    "month": (_("This month"), period.this_month),
    "last_month": (_("Last month"), period.last_month),
    "quarter": (_("This quarter"), period.quarter),
    "year": (_("This year"), period.year),
}


class FunnelForm(forms.Form):
    """A parameter that is not understood is told at its field, and the page shows what it shows without."""

    period = forms.ChoiceField(
        label=_("Period"), choices=[(name, label) for name, (label, _make) in PERIODS.items()], required=False
    )
    team = TeamChoice(label=_("Team"), required=False)
    responsible = forms.ModelChoiceField(User.objects.none(), label=_("Responsible"), required=False)
    asof = DateField(label=_("Compare with the funnel on"), required=False)

    def __init__(self, data, *, user, today):
        super().__init__(data)
        self.today = today
        # `from` can't be an attribute of a class
        self.fields |= {
            "from": DateField(label=_("From"), required=False),
            "to": DateField(label=_("To"), required=False),
        }
        scopes = [user.people_in_funnel(), user.people_in(Entity.DEAL, Action.VIEW)]
        limits = [set(scope) for scope in scopes if scope is not None]
        counted = sorted(set.intersection(*limits)) if limits else None
        people = User.objects.visible_to(user)
        people = people if counted is None else people.filter(pk__in=counted)
        self.fields["responsible"].queryset = people.order_by("last_name", "first_name", "pk")
        self.fields["team"].offer(user, counted)
        for name in ("from", "to", "asof"):
            self.fields[name].widget.attrs |= {"max": today.isoformat(), "min": FIRST_DAY.isoformat()}
        self.is_valid()

    def clean_from(self):
        return self._day("from")

    def clean_to(self):
        return self._day("to")

    def clean_asof(self):
        return self._day("asof")

    def _day(self, name):
        day = self.cleaned_data[name]
        if day and day > self.today:
            raise ValidationError(_("This day is still to come."))
        if day and day < FIRST_DAY:
            raise ValidationError(_("This day is too long ago."))
        return day

    def clean(self):
        cleaned = super().clean()
        since, until = cleaned.get("from"), cleaned.get("to")
        if since and until and since > until:
            self.add_error("to", _("The period ends before it begins."))
        return cleaned

    @property
    def chosen_period(self):
        """The days of `from` and `to` if they are given, else the period named, else this month."""
        since, until = self.cleaned_data.get("from"), self.cleaned_data.get("to")
        if since or until:
            until = until or self.today
            return period.Period(since or until.replace(day=1), until)
        return PERIODS[self.period_name][1](self.today)

    @property
    def period_name(self):
        """The code of the period shown, '' for days of one's own."""
        if self.cleaned_data.get("from") or self.cleaned_data.get("to"):
            return ""
        return self.cleaned_data.get("period") or "month"

    @property
    def offers_people(self):
        """Say whether there is anybody to choose from."""
        return len(self.fields["responsible"].queryset) > 1

    @property
    def first_day(self):
        return FIRST_DAY.isoformat()

    @property
    def set_but_asof(self):
        """The valid parameters of the address but `asof`, for a form that goes on with them."""
        return self._set_but("asof")

    @property
    def set_but_period(self):
        return self._set_but("period", "from", "to")

    def _set_but(self, *left_out):
        return [
            (name, self.data[name])
            for name in self.fields
            if name not in left_out and self.cleaned_data.get(name)
        ]

    @property
    def chosen_asof(self):
        """The date to compare with: the day before the period, unless another is given."""
        return self.cleaned_data.get("asof") or self.chosen_period.first - period.ONE_DAY

    @property
    def chosen_people(self):
        """The ids of those whose figures are asked for within those that may be seen; None for all."""
        chosen = []
        if team := self.cleaned_data.get("team"):
            chosen.append(User.objects.ids_in_team(team))
        if person := self.cleaned_data.get("responsible"):
            chosen.append([person.pk])
        if not chosen:
            return None
        return sorted(set(chosen[0]).intersection(*chosen[1:]))
