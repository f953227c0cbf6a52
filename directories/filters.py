"""Filters of a list, in its address: made from field descriptions."""

from dataclasses import dataclass
from functools import cached_property

from django import forms

from ui.forms import crispy

PAGE_KEY = "after"  # a new filter begins at the first page


@dataclass(frozen=True)
class Chip:
    """A filter that is set: what it keeps, and the address without it."""

    name: str
    label: str
    text: str
    url: str


class FieldFilter:
    """Narrows `queryset` by the parameters of `fields` in `data` (a QueryDict).

    What can't be read is left out and said at its field of `form`; what is no parameter of a field
    is never looked at.
    """

    def __init__(self, data, queryset, fields, user):
        self.data, self._all, self.user = data, queryset, user
        self._filters = [(field, field.filters(user)) for field in fields]
        self._filters = [(field, inputs) for field, inputs in self._filters if inputs]

    @cached_property
    def form(self):
        form = forms.Form(self.data)
        for _field, inputs in self._filters:
            form.fields |= inputs
        form.helper = crispy()
        form.is_valid()
        return form

    def _cleaned(self, inputs):
        return {name: self.form.cleaned_data.get(name) for name in inputs}

    @cached_property
    def queryset(self):
        narrowed = self._all
        for field, inputs in self._filters:
            narrowed = field.narrow(narrowed, self._cleaned(inputs))
        return narrowed

    @cached_property
    def chips(self):
        """The filters that are set, each with the address that takes it away."""
        chips = []
        for field, inputs in self._filters:
            text = field.kind.filter_text(field, self._cleaned(inputs))
            if text:
                chips.append(Chip(field.name, field.label, str(text), self._without(inputs)))
        return chips

    @property
    def inputs(self):
        """[(field, its bound inputs)], for a panel that groups them."""
        return [(field, [self.form[name] for name in inputs]) for field, inputs in self._filters]

    @property
    def is_set(self):
        return bool(self.chips)

    def _without(self, inputs):
        left = self.data.copy()
        for name in (*inputs, PAGE_KEY):
            left.pop(name, None)
        return f"?{left.urlencode()}"
