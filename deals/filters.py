"""What narrows the list of deals, and the parameters by which other pages link to it.

    /deals/                                  the open deals that the person sees
    ?outcome=won | lost | closed | any       closed in that way, closed at all, open or closed
    ?archived=1                              the archive, of any outcome unless one is asked
    ?pipeline=<id>                           of one pipeline
    ?stage=<id>&stage=<id>                   in one of these stages
    ?responsible=<id>&responsible=<id>       of one of these people
    ?team=<id>                               of the people of this team and of those under it
    ?contact=<id>, ?organization=<id>        of this one, if the person sees it
    ?step=none | overdue                     open ones without a next step, or past it
    ?idle=1                                  open ones that stand longer than their stage allows
    ?created_from=<day>&created_to=<day>     2026-10-01, both days included, at the company's midnight
    ?closed_from=<day>&closed_to=<day>       the same of the closing; alone it means closed deals
    ?happened=new&happened_from=…            what happened then: see `deals.happened`
    ?q=<text>                                words of the title
    ?amount_from, amount_to, source, lost_reason, expected_close_on_from, …   as `directories.filters`
                                             names them for built-in fields, and for own ones
    ?sort=-updated_at                        see SORTS; ?after=<key> is the next page

A parameter that is not understood narrows nothing; the panel says so at its field.
"""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.forms import TeamChoice
from accounts.models import User
from accounts.rights import Action, Entity
from contacts.models import Contact
from directories.filters import Chip, FieldFilter
from organizations.models import Organization
from pipeline.models import Pipeline, Stage
from ui.formats import day
from ui.forms import DateField

from .happened import NAMES as HAPPENED_NAMES
from .happened import Happened

OUTCOMES = [
    ("", _("open")),
    ("won", pgettext_lazy("deals", "won")),
    ("lost", pgettext_lazy("deals", "lost")),
    ("closed", _("closed, won or lost")),
    ("any", _("open or closed")),
]
OUTCOMES_OF_ARCHIVED = [("", pgettext_lazy("outcome", "any")), *OUTCOMES[1:3]]
ANY = pgettext_lazy("team or pipeline", "Any")
IN_MAIN = {"amount", "source"}  # the described fields that stand in the panel, the others are folded away
HERE = {"title", "owner", "contact", "organization"}  # what the parameters above are for
SAID_BY_TABS = {
    "outcome": ("won", "lost"),
    "step": ("none", "overdue"),
    "idle": ("idle",),
    "archived": ("archive",),
    "responsible": ("mine",),
}
STEPS = [("", _("any")), ("none", _("without a next step")), ("overdue", _("overdue"))]


class DealFilterForm(forms.Form):
    """The part of the panel that is not about described fields."""

    q = forms.CharField(label=_("Text"), required=False, max_length=200)
    responsible = forms.ModelMultipleChoiceField(User.objects.none(), label=_("Responsible"), required=False)
    team = TeamChoice(label=_("Team"), required=False, empty_label=ANY)
    pipeline = forms.ModelChoiceField(
        Pipeline.objects.none(), label=_("Pipeline"), required=False, empty_label=ANY
    )
    stage = forms.ModelMultipleChoiceField(Stage.objects.none(), label=_("Stage"), required=False)
    contact = forms.ModelChoiceField(Contact.objects.none(), label=_("Contact"), required=False)
    organization = forms.ModelChoiceField(
        Organization.objects.none(), label=_("Organization"), required=False
    )
    outcome = forms.ChoiceField(label=_("Outcome"), choices=OUTCOMES, required=False)
    step = forms.ChoiceField(label=_("Next step"), choices=STEPS, required=False)
    idle = forms.BooleanField(label=_("Idle"), required=False)
    archived = forms.BooleanField(label=_("In the archive"), required=False)
    created_from = DateField(label=_("Created, from"), required=False)
    created_to = DateField(label=_("Created, to"), required=False)
    closed_from = DateField(label=_("Closed, from"), required=False)
    closed_to = DateField(label=_("Closed, to"), required=False)

    def __init__(self, data, user):
        super().__init__(data)
        people = user.people_in(Entity.DEAL, Action.VIEW)
        seen = User.objects.visible_to(user)
        self.fields["responsible"].queryset = seen if people is None else seen.filter(pk__in=people)
        for name in ("team", "pipeline", "outcome", "step"):
            self.fields[name].widget.attrs["class"] = "form-select"
        self.fields["team"].offer(user, people)
        if self.data.get("archived"):
            self.fields["outcome"].choices = OUTCOMES_OF_ARCHIVED
        self.fields["pipeline"].queryset = Pipeline.objects.visible_to(user)
        self.fields["contact"].queryset = Contact.objects.visible_to(user)
        self.fields["organization"].queryset = Organization.objects.visible_to(user)
        self.fields["stage"].queryset = Stage.objects.visible_to(user).select_related("pipeline")


class DealFilter:
    """The deals of `queryset` that the parameters `data` (request.GET) keep, for `user` of `company`.

    `form` is the panel's; `main` and `more` are the FieldFilters of described fields beside it.
    """

    def __init__(self, data, queryset, fields, user, company):
        self.data, self.user, self.company = data, user, company
        self.form = DealFilterForm(data, user)
        self.form.is_valid()
        self.cleaned = self.form.cleaned_data
        self.happened = Happened(data, user, company)
        narrowed = self._narrowed(queryset)
        self.main = FieldFilter(data, narrowed, [field for field in fields if field.name in IN_MAIN], user)
        more = [field for field in fields if field.name not in IN_MAIN | HERE]
        self.more = FieldFilter(data, self.main.queryset, more, user)
        self.queryset = self.more.queryset

    def _narrowed(self, deals):
        cleaned = self.cleaned
        deals = self.happened.keep(self._of_state(deals))
        if text := cleaned.get("q"):
            deals = deals.search(text)
        if people := cleaned.get("responsible"):
            deals = deals.of_people([person.pk for person in people])
        if team := cleaned.get("team"):
            deals = deals.of_people(User.objects.ids_in_team(team))
        for name in ("contact", "organization"):
            if cleaned.get(name):
                deals = deals.filter(**{name: cleaned[name]})
        if pipeline := cleaned.get("pipeline"):
            deals = deals.of_pipeline(pipeline)
        if stages := cleaned.get("stage"):
            deals = deals.filter(stage__in=[stage.pk for stage in stages])
        if cleaned.get("step") == "none":
            deals = deals.without_next_step()
        if cleaned.get("step") == "overdue":
            deals = deals.overdue()
        if cleaned.get("idle"):
            deals = deals.idle()
        return deals.filter(self._days("created"), self._days("closed"))

    def _of_state(self, deals):
        """Open ones, unless outcome, archive, a period of closing or what happened asks for others."""
        if self.happened.kind and not self.cleaned.get("outcome"):
            return deals
        outcome = self.cleaned.get("outcome")
        if self.cleaned.get("archived"):
            return deals.archived().filter(outcome=outcome) if outcome else deals.archived()
        if not outcome and (self.cleaned.get("closed_from") or self.cleaned.get("closed_to")):
            outcome = "closed"
        if outcome == "any":
            return deals.present()
        if outcome == "closed":
            return deals.closed()
        return deals.closed().filter(outcome=outcome) if outcome else deals.open()

    def _days(self, name):
        """The condition that `name`_at lies within the days chosen, which begin at the company's midnight."""
        begins, ends = self.cleaned.get(f"{name}_from"), self.cleaned.get(f"{name}_to")
        condition = Q()
        if begins:
            condition &= Q(**{f"{name}_at__gte": self.company.midnight(begins)})
        if ends:
            condition &= Q(**{f"{name}_at__lt": self.company.end_of(ends)})
        return condition

    @property
    def lists_open_deals(self):
        """Say whether only open deals are listed, which the indexes of all sorts serve."""
        cleaned = self.cleaned
        return bool(
            not cleaned.get("archived")
            and not self.happened.kind
            and (
                cleaned.get("step")
                or cleaned.get("idle")
                or not (cleaned.get("outcome") or cleaned.get("closed_from") or cleaned.get("closed_to"))
            )
        )

    @property
    def offers_teams(self):
        """Say whether there are teams to choose from."""
        return len(self.form["team"].subwidgets) > 2

    @property
    def offers_people(self):
        """Say whether there are people to choose from."""
        return len(self.form.fields["responsible"].queryset) > 1

    def without(self, *names):
        """The address of this list without these parameters, on its first page."""
        data = self.data.copy()
        for name in (*names, "after"):
            data.pop(name, None)
        return f"?{data.urlencode()}"

    @property
    def tab(self):
        """The name of the tab that stands for what is asked, '' for none of them."""
        asked = self.cleaned
        chosen = [
            name
            for name, is_set in (
                (asked.get("outcome"), asked.get("outcome")),
                ("overdue", asked.get("step") == "overdue"),
                ("none", asked.get("step") == "none"),
                ("idle", asked.get("idle")),
                ("archive", asked.get("archived")),
                ("mine", [person.pk for person in asked.get("responsible") or ()] == [self.user.pk]),
            )
            if is_set
        ]
        if self.happened.kind:
            return ""
        if not chosen:
            return "open" if self.lists_open_deals else ""
        return chosen[0] if len(chosen) == 1 and chosen[0] not in ("any", "closed") else ""

    @property
    def chips(self):
        """The filters that are set, each with the address that takes it away; not what the tab says."""
        return [*(chip for chip in self._own_chips() if self.tab not in SAID_BY_TABS.get(chip.name, ())),
                *self.main.chips, *self.more.chips]  # fmt: skip

    def _own_chips(self):
        cleaned = self.cleaned
        if self.happened.kind:
            yield self.happened.chip(self.without(*HAPPENED_NAMES))
        if cleaned.get("q"):
            yield self._chip("q", cleaned["q"])
        for name in ("responsible", "stage"):
            if chosen := cleaned.get(name):
                yield self._chip(name, ", ".join(map(str, chosen)))
        for name in ("team", "pipeline", "contact", "organization"):
            if cleaned.get(name):
                yield self._chip(name, cleaned[name])
        for name, choices in (("outcome", OUTCOMES), ("step", STEPS)):
            if cleaned.get(name):
                yield self._chip(name, dict(choices)[cleaned[name]])
        for name in ("idle", "archived"):
            if cleaned.get(name):
                yield self._chip(name, _("yes"))
        for name, label in (("created", _("Created")), ("closed", _("Closed"))):
            begins, ends = cleaned.get(f"{name}_from"), cleaned.get(f"{name}_to")
            if begins or ends:
                text = f"{day(begins) if begins else '…'} – {day(ends) if ends else '…'}"
                yield Chip(name, label, text, self.without(f"{name}_from", f"{name}_to"))

    def _chip(self, name, text):
        return Chip(name, self.form[name].label, str(text), self.without(name))
