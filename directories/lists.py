"""Lists of contacts and organizations: what narrows them, in the address."""

from functools import cached_property

from django import forms
from django.utils.translation import gettext_lazy as _

from .filters import PAGE_KEY, Chip, FieldFilter


class SearchForm(forms.Form):
    """What every such list asks beside its fields."""

    q = forms.CharField(label=_("Text"), required=False, max_length=200)
    archived = forms.BooleanField(label=_("In the archive"), required=False)


class RecordFilter:
    """The records that `data` (request.GET) keeps of `records`: ?q=, ?archived=1, and those of `fields`.

    `is_open` says whether the panel is to be shown where there is little room (?filter=1).
    """

    def __init__(self, data, records, fields, user):
        self.is_open = "filter" in data
        data = self.data = _filled(data)
        self.form = SearchForm(data)
        self.form.is_valid()
        self.text = self.form.cleaned_data.get("q", "")
        self.is_archive = self.form.cleaned_data.get("archived", False)
        records = records.archived() if self.is_archive else records.present()
        self.fields = FieldFilter(data, records.search(self.text), fields, user)

    @property
    def queryset(self):
        return self.fields.queryset

    @cached_property
    def chips(self):
        chips = [Chip("q", self.form["q"].label, self.text, self._without("q"))] if self.text else []
        if self.is_archive:
            chips.append(Chip("archived", self.form["archived"].label, _("yes"), self._without("archived")))
        return chips + self.fields.chips

    def _without(self, name):
        left = self.data.copy()
        for each in (name, PAGE_KEY):
            left.pop(each, None)
        return f"?{left.urlencode()}"

    @property
    def query(self):
        """The query of this list's address."""
        return self.data.urlencode()

    @property
    def panel_url(self):
        """The address of the list with its panel shown."""
        wanted = self.data.copy()
        wanted.pop(PAGE_KEY, None)
        wanted["filter"] = "1"
        return f"?{wanted.urlencode()}"

    @cached_property
    def groups(self):
        """The inputs of the panel, a group a field that leaves a choice: {label, inputs, is_own, choices}."""
        for _field, inputs in self.fields.inputs:
            for each in inputs:
                each.field.widget.attrs["class"] = "form-control"
        groups = (
            {
                "label": field.label,
                "inputs": inputs,
                "is_own": field.is_own,
                "choices": _choices(inputs[0].field),
            }
            for field, inputs in self.fields.inputs
        )
        return [
            group
            for group in groups
            if group["choices"] is None or len(group["choices"]) > 1 or group["inputs"][0].value()
        ]

    @property
    def has_own(self):
        return any(group["is_own"] for group in self.groups)

    @property
    def own_is_set(self):
        return any(group["is_own"] and any(each.data for each in group["inputs"]) for group in self.groups)


def _choices(field):
    """The choices of a filter by rows, in one query (a list() of them would count them first)."""
    if isinstance(field, forms.ModelMultipleChoiceField):
        return [(value, label) for value, label in field.choices]
    return None


def _filled(data):
    """`data` without what a panel's form left empty, and without the wish to see the panel."""
    filled = data.copy()
    for name, values in data.lists():
        filled.setlist(name, [value for value in values if value and name != "filter"])
    return filled


def at_address(request, response, narrowed):
    """Let htmx show the short address of the list `narrowed` in the browser's bar."""
    response.headers["HX-Push-Url"] = f"{request.path}?{narrowed.query}" if narrowed.query else request.path
    return response
