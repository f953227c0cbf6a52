"""Lists of phones, e-mails and messengers: how they are typed, a row each."""

from contextlib import suppress

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .base import Kind

MOST_ROWS = 20
LETTERS = 254  # RFC 5321: no e-mail address is longer


class RowsInput(forms.Widget):
    """A row for each item, and blank ones for more: a choice and a text."""

    template_name = "directories/widgets/rows.html"

    def __init__(self, choices, input_type, attrs=None):
        super().__init__(attrs)
        self.choices, self.input_type = choices, input_type

    def value_from_datadict(self, data, files, name):
        """Return pairs (choice, text) of all rows; None if the form had none."""
        read = data.getlist if hasattr(data, "getlist") else lambda key: [data[key]] if key in data else []
        texts = read(name)
        if not texts:
            return None
        choices = read(f"{name}_label")
        choices += [""] * (len(texts) - len(choices))
        return list(zip(choices, texts, strict=False))

    def value_omitted_from_data(self, data, files, name):
        return name not in data

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        rows = [tuple(row) for row in value or () if row[1]]
        rows += [("", "")] * max(1, 2 - len(rows))
        context["widget"] |= {"rows": rows, "choices": self.choices, "input_type": self.input_type}
        return context

    def id_for_label(self, id_):
        return id_


class RowsField(forms.Field):
    """Cleans to the list of items that `kind` makes of the rows; `present` items stay as they are."""

    def __init__(self, kind, present, **options):
        self.kind, self.present = kind, present or []
        super().__init__(widget=RowsInput(kind.choices, kind.input_type), **options)

    def prepare_value(self, value):
        return [row if isinstance(row, tuple | list) else self.kind.to_row(row) for row in value or ()]

    def to_python(self, value):
        rows = [(str(choice), str(text).strip()) for choice, text in value or () if str(text).strip()]
        if len(rows) > MOST_ROWS:
            raise ValidationError(_("That is too many: 20 at most."))
        kept = {self.kind.to_row(item): item for item in self.present}
        items, problems = [], []
        for choice, text in rows:
            try:
                item = kept.get((choice, text)) or self.kind.item(text, self._choice(choice))
            except ValidationError as problem:
                problems += problem.messages
            else:
                if item not in items:
                    items.append(item)
        if problems:
            raise ValidationError(problems)
        return items

    def _choice(self, choice):
        codes = [code for code, _label in self.kind.choices]
        return choice if choice in codes else codes[0]

    def has_changed(self, initial, data):
        return self.clean(data) != (initial or [])


class Rows(Kind):
    """A JSONB list; its first item is the primary one."""

    choices: list = []
    input_type = "text"
    names: tuple[str, ...] = ()  # of the built-in fields
    template = "directories/parts.html#value_list"

    def suits(self, model_field):
        return model_field.name in self.names

    def item(self, text, choice):
        """Return the item that `text` means. Raises ValidationError with a sentence."""
        raise NotImplementedError

    def readable(self, texts):
        """Return the items that can be read of `texts`, some of which are typed to the half."""
        items = []
        for text in filter(None, (text.strip() for text in texts[:MOST_ROWS])):
            with suppress(ValidationError):
                items.append(self.item(text, self.choices[0][0]))
        return items

    def to_row(self, item):
        """Return (choice, text) of `item`, as its row shows it."""
        return item.get("label", ""), item.get("typed") or item["value"]

    def form_field(self, field, user, present=None):
        return RowsField(self, present, **self.options(field))

    def to_base(self, value, field):
        return value or []

    def show(self, value, field, record=None):
        return ", ".join(part["text"] for part in self.parts(value, field))

    def show_told(self, told, field, entries=None, record=None):
        return self.show(told, field)

    def parse(self, text, field, context):
        """Items of a file's cell are divided by commas, semicolons or lines."""
        texts = text.replace(";", "\n").replace(",", "\n").splitlines()
        return RowsField(self, None, required=False).clean([("", one) for one in texts])
