"""A colleague. Only built-in fields point at people."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rights import Action

from .base import Choice


class PersonChoice(forms.ModelChoiceField):
    def label_from_instance(self, person):
        return person.full_name


class Person(Choice):
    """Responsible: forms offer whom the person may make responsible; `assign_to` changes it."""

    code = "user"
    label = _("colleague")
    has_own_door = True
    template = "directories/parts.html#value_person"

    def suits(self, model_field):
        return model_field.many_to_one and model_field.related_model is User

    def form_field(self, field, user, present=None):
        choices = User.objects.assignable_by(user, field.model.entity)
        if present is not None:
            choices |= User.objects.visible_to(user).filter(pk=present.pk).order_by(*choices.query.order_by)
        return PersonChoice(choices, **self.options(field))

    def filter_choices(self, field, user):
        """Those whose records the person sees, also who has left."""
        people = user.people_in(field.model.entity, Action.VIEW)
        visible = User.objects.visible_to(user)
        return visible if people is None else visible.filter(pk__in=people)

    def narrow(self, field, queryset, cleaned):
        chosen = [person.pk for person in cleaned.get(field.name) or ()]
        return queryset.filter(**{f"{field.name}__in": chosen}) if chosen else queryset

    def to_shown(self, value, field):
        return "" if value is None else str(value.pk)

    def from_shown(self, text, field):
        return int(text) if text.isascii() and text.isdigit() else None

    def show(self, value, field, record=None):
        return value.full_name if value else ""

    def parse(self, text, field, context):
        person = context.person(text)
        if person is None:
            raise ValidationError(_("Nobody here is called “%(name)s”."), params={"name": text})
        return person
