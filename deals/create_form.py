"""The form of a new deal: who it is with is typed, and recognised if it is here."""

from crispy_forms.layout import Column, Fieldset, Row
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from directories.fields import fields_of
from directories.forms import add_fields, values_of
from directories.kinds.phones import phone, primary
from directories.kinds.record import RecordInput
from organizations.recognition import doubles_of
from pipeline.models import Stage
from records.forms import token_field
from records.search import fold
from ui.formats import currency_sign
from ui.forms import crispy

from .models import Deal
from .people import TypedContact, organizations_named

ASKED = ("title", "amount", "source", "expected_close_on")
NEW = "new"  # the choice of one who is not here yet


class DealForm(forms.Form):
    """A new deal of `user`. Valid, `values` are what `people.make_deal` takes, but for the token."""

    organization = forms.CharField(
        label=_("Organization"), required=False, max_length=200, widget=RecordInput("organization")
    )
    organization_choice = forms.ChoiceField(
        label=_("Which organization?"), required=False, widget=forms.RadioSelect
    )
    contact = forms.CharField(
        label=_("Contact"),
        required=False,
        max_length=300,
        help_text=_("Name, phone or e-mail: who is here already is recognised"),
        widget=RecordInput("contact"),
    )
    contact_choice = forms.ChoiceField(label=_("Which contact?"), required=False, widget=forms.RadioSelect)
    phone = forms.CharField(
        label=_("Phone"), required=False, max_length=60, widget=forms.TextInput({"inputmode": "tel"})
    )
    stage = forms.TypedChoiceField(label=_("Stage"))
    token = token_field()

    def __init__(self, data=None, *, user, stages, initial=None):
        self.user, self.stages = user, {str(stage.pk): stage for stage in stages}
        super().__init__(data, initial=initial)
        fields = [field for field in fields_of(Deal) if field.is_own or field.name in ASKED]
        add_fields(self, fields, user)
        self.fields["title"].help_text = _("In short: what is sold, and to whom")
        currencies = {stage.pipeline.currency for stage in stages}
        self.fields["amount"].currency = self._currency_chosen(currencies)
        if len(currencies) == 1:
            self.fields["amount"].label = _("Amount, %(currency)s") % {"currency": currency_sign(*currencies)}
        self.fields["stage"].choices = self._stage_choices()
        self.fields["stage"].coerce = self.stages.get
        # Typed twice wrong, the choice among those who have the name is still offered.
        for name in ("organization_choice", "contact_choice"):
            self.fields[name].valid_value = lambda value: True
        self.recognised = self.made_of = None

    def _currency_chosen(self, currencies):
        """The currency of the stage that was chosen, or of all stages; '' if none is known."""
        chosen = self.stages.get(self.data.get("stage", ""))
        if chosen:
            return chosen.pipeline.currency
        return next(iter(currencies)) if len(currencies) == 1 else ""

    def _stage_choices(self):
        """The stages, under the names of their pipelines if these are several."""
        grouped = {}
        for pk, stage in self.stages.items():
            grouped.setdefault(stage.pipeline.name, []).append((pk, stage.name))
        return next(iter(grouped.values())) if len(grouped) == 1 else list(grouped.items())

    # What was typed

    def clean_phone(self):
        """The phone as contacts keep it, or None."""
        text = self.cleaned_data["phone"]
        return phone(text.strip()) if text.strip() else None

    def clean(self):
        cleaned = super().clean()
        if "organization" in cleaned:
            self._within("organization", lambda: cleaned.update(organization=self._organization(cleaned)))
        if "contact" in cleaned and "phone" in cleaned:
            self._within("contact", lambda: cleaned.update(contact=self._contact(cleaned)))
        return cleaned

    def _within(self, name, work):
        try:
            work()
        except ValidationError as problem:
            self.add_error(name, problem)

    def _organization(self, cleaned):
        name = " ".join(cleaned["organization"].split())
        if not name:
            return None
        found = organizations_named(name, self.user)
        exact = [each for each in found if fold(each.name) == fold(name) or each.inn == name]
        if not found:
            return self._new_organization(name)
        labels = [(str(each.pk), _described(each, each.inn, each.phones)) for each in found]
        labels.append((NEW, _("None of these: add a new one")))
        if len(exact) == 1 and not self.cleaned_data.get("organization_choice"):
            return exact[0]
        chosen = self._chosen("organization", found, labels, is_sure=False)
        return name if chosen is None else chosen

    def _new_organization(self, name):
        """The `name` of a new one. Raises ValidationError once, if somebody else is responsible for one."""
        foreign = doubles_of({"name": name}, user=self.user).responsibles
        if foreign and self.cleaned_data.get("organization_choice") != NEW:
            self.fields["organization_choice"].choices = [(NEW, _("Add a new one anyway"))]
            raise ValidationError(
                _("Already in the database, responsible: %(names)s. Ask there, or choose below."),
                params={"names": ", ".join(person.full_name for person in foreign)},
            )
        return name

    def _contact(self, cleaned):
        typed = TypedContact.read(cleaned["contact"])
        if cleaned["phone"]:
            typed.phones.append(cleaned["phone"])
        if not typed:
            return None
        found = typed.matches(self.user)
        labels = [
            (str(each.pk), _described(each, each.position, each.organization, each.phones)) for each in found
        ]
        new = (
            _("None of these: add a new one (%(name)s)") if typed.name else _("None of these: add a new one")
        )
        labels.append((NEW, new % {"name": typed.understood}))
        is_sure = len(found) == 1 and typed.is_surely(found[0])
        chosen = self._chosen("contact", found, labels, is_sure=is_sure)
        if chosen is not None:
            self.recognised = chosen
            return chosen
        if not typed.name:
            raise ValidationError(_("Nobody here can be reached so: give the name too."))
        self.made_of = typed
        return typed

    def _chosen(self, name, found, labels, *, is_sure):
        """The record that is meant, None for a new one. Raises ValidationError if it has to be chosen."""
        choice = self.cleaned_data.get(f"{name}_choice")
        if choice == NEW:
            return None
        if choice:
            for record in found:
                if str(record.pk) == choice:
                    return record
        elif not found:
            return None
        elif is_sure:
            return found[0]
        self.fields[f"{name}_choice"].choices = labels
        raise ValidationError(_("Choose below who is meant."))

    @property
    def values(self):
        """What make_deal takes of the valid form."""
        chosen = {name: self.cleaned_data[name] for name in ("stage", "contact", "organization")}
        return values_of(self) | chosen

    @property
    def helper(self):
        """The layout; a choice stands where there is something to choose."""

        def with_choice(name):
            return [name, *([f"{name}_choice"] if self.fields[f"{name}_choice"].choices else [])]

        own = [field.name for field in self.described if field.is_own]
        return crispy(
            Fieldset(
                _("Main"),
                "title",
                Row(
                    Column(*with_choice("organization"), css_class="col-md-6"),
                    Column(*with_choice("contact"), css_class="col-md-6"),
                ),
                Row(Column("phone", css_class="col-md-6"), Column("source", css_class="col-md-6")),
            ),
            Fieldset(
                _("Money and date"),
                Row(
                    Column("amount", css_class="col-md-4"),
                    Column("expected_close_on", css_class="col-md-4"),
                    Column("stage", css_class="col-md-4"),
                ),
            ),
            *([Fieldset(_("Own fields"), *own)] if own else []),
            "token",
        )


def _described(record, *more):
    """A match as its choice says it: name, position and organization or INN, first phone."""
    *words, phones = more
    first = primary(phones)
    return ", ".join(str(word) for word in (record, *words, first and first["text"]) if word)


def stages_for(user):
    """The stages in which a deal can begin: open ones in use, pipeline by pipeline."""
    return list(
        Stage.objects.visible_to(user)
        .in_use()
        .open()
        .filter(pipeline__retired_at=None)
        .select_related("pipeline")
        .order_by("pipeline__position", "pipeline_id", "position")
    )
