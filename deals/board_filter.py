"""What the board is narrowed by: one form, whose values live in the board's address.

Its parameters are those of the list of deals (`filters.py`), and `created`, a period by its name.
"""

from datetime import date, timedelta

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from accounts.forms import TeamChoice
from accounts.models import Team, User
from accounts.rights import Action, Entity
from directories.models import SOURCES, Entry
from ui.formats import day
from ui.forms import DateField, DateInput

# No deal is from another century, and Python's dates end.
DAYS = [MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2199, 12, 31))]


class Boxes(forms.CheckboxSelectMultiple):
    def __init__(self, attrs=None):
        super().__init__({"class": "form-check-input", **(attrs or {})})


class Circles(forms.RadioSelect):
    def __init__(self, attrs=None):
        super().__init__({"class": "form-check-input", **(attrs or {})})


class Day(DateInput):
    def __init__(self, attrs=None):
        super().__init__({"class": "form-control", **(attrs or {})})


class Period:
    """When a deal was created, counted in days of the company."""

    TODAY, WEEK, MONTH, QUARTER, YEAR, CUSTOM = "today", "week", "month", "quarter", "year", "custom"
    CHOICES = [
        (TODAY, _("today")),
        (WEEK, _("this week")),
        (MONTH, _("this month")),
        (QUARTER, _("this quarter")),
        (YEAR, _("this year")),
        (CUSTOM, _("other days")),
    ]

    @classmethod
    def first_day(cls, name, today):
        """Return the day on which the period `name` that `today` belongs to began."""
        return {
            cls.TODAY: today,
            cls.WEEK: today - timedelta(days=today.weekday()),
            cls.MONTH: today.replace(day=1),
            cls.QUARTER: today.replace(day=1, month=(today.month - 1) // 3 * 3 + 1),
            cls.YEAR: today.replace(day=1, month=1),
        }[name]


class BoardFilter(forms.Form):
    """The filter of the board as `user` may set it; what is not valid in `query` narrows nothing."""

    q = forms.CharField(label=_("Text in a deal"), required=False, max_length=200)
    responsible = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("Responsible"), required=False, widget=Boxes
    )
    team = TeamChoice(label=_("Team"), required=False, widget=Circles, blank=True, empty_label=_("all"))
    created = forms.ChoiceField(label=_("Period"), choices=Period.CHOICES, required=False, widget=Circles)
    created_from = DateField(label=_("Created, from"), required=False, validators=DAYS, widget=Day)
    created_to = DateField(label=_("Created, to"), required=False, validators=DAYS, widget=Day)
    source = forms.ModelMultipleChoiceField(
        Entry.objects.none(), label=_("Source"), required=False, widget=Boxes
    )
    step = forms.ChoiceField(
        label=_("Next step"), choices=[("none", _("Without a next step"))], required=False
    )
    idle = forms.BooleanField(label=_("Idle"), required=False)

    def __init__(self, query, *, user, company):
        super().__init__(query)
        self.company = company
        # in the addresses of the board: neither the page of a column nor the token of its changes
        self.query = query.copy()
        for name in [*query]:
            if name not in self.fields:
                del self.query[name]
        people = user.people_in(Entity.DEAL, Action.VIEW)
        self.is_for_many = people is None or len(people) > 1
        if self.is_for_many:
            seen = User.objects.visible_to(user)
            self.fields["responsible"].queryset = seen if people is None else seen.filter(pk__in=people)
            self.fields["team"].offer(user, people)
        self.fields["source"].queryset = Entry.objects.visible_to(user).of(SOURCES)
        self.is_valid()

    def value(self, name):
        """Return what is set for the field `name`, nothing where it is not valid."""
        return self.cleaned_data.get(name)

    @property
    def days(self):
        """The first and the last day on which the deals were created, None where it is open."""
        period = self.value("created")
        if period == Period.CUSTOM:
            return self.value("created_from"), self.value("created_to")
        return (Period.first_day(period, self.company.today()) if period else None), None

    @property
    def of_list(self):
        """The parameters by which the list of deals shows what this board shows."""
        query = self.query.copy()
        query.pop("created", None)
        for name, on in zip(("created_from", "created_to"), self.days, strict=True):
            query.pop(name, None)
            if on:
                query[name] = on.isoformat()
        return query

    def narrow(self, deals, *, attention=True):
        """Keep of the open `deals` what the filter lets through; `attention`: the two marks as well."""
        if self.value("q"):
            deals = deals.search(self.value("q"))
        if self.value("responsible"):
            deals = deals.of_people([person.pk for person in self.value("responsible")])
        if self.value("team"):
            deals = deals.of_people(self.people_of_team)
        if self.value("source"):
            deals = deals.filter(source_id__in=[source.pk for source in self.value("source")])
        first, last = self.days
        if first:
            deals = deals.filter(created_at__gte=self.company.midnight(first))
        if last:
            deals = deals.filter(created_at__lt=self.company.end_of(last))
        if attention and self.value("step"):
            deals = deals.without_next_step()
        if attention and self.value("idle"):
            deals = deals.idle()
        return deals

    @property
    def people_of_team(self):
        """The ids of those in the chosen team and in those under it."""
        if not hasattr(self, "_people_of_team"):
            teams = Team.objects.ids_under(self.value("team").pk)
            self._people_of_team = list(
                User.objects.filter(team_id__in=teams).order_by("pk").values_list("pk", flat=True)
            )
        return self._people_of_team

    # What the bar of filters says

    @property
    def offers_people(self):
        return self.is_for_many and len(self["responsible"].subwidgets) > 1

    @property
    def offers_teams(self):
        return self.is_for_many and len(self["team"].subwidgets) > 2

    @property
    def is_set(self):
        return any(self.cleaned_data.values())

    @property
    def people_in_words(self):
        return ", ".join(person.short_name for person in self.value("responsible") or ())

    @property
    def team_in_words(self):
        return self.value("team").name if self.value("team") else ""

    @property
    def sources_in_words(self):
        return ", ".join(source.name for source in self.value("source") or ())

    @property
    def period_in_words(self):
        period = self.value("created")
        if period == Period.CUSTOM and any(self.days):
            return " – ".join(day(each) if each else "…" for each in self.days)
        return dict(Period.CHOICES).get(period, "")

    @property
    def custom_days(self):
        """The fields of the first and the last day."""
        return [self["created_from"], self["created_to"]]
