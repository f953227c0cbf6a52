"""The ten colours of stages and entries, by number (scss/_tokens.scss), with their names."""

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

PALETTE = {
    1: _("slate"),
    2: _("sky"),
    3: _("blue"),
    4: _("indigo"),
    5: _("violet"),
    6: _("rose"),
    7: _("orange"),
    8: _("ochre"),
    9: _("teal"),
    10: _("green"),
}


def swatch(number, text=None):
    """A square of the colour and its name, or another text."""
    return format_html(
        '<span class="swatch c-{}" aria-hidden="true"></span>{}', number, text or PALETTE.get(number, "")
    )


class Swatches(forms.RadioSelect):
    def id_for_label(self, id_, index=None):
        """The group's own: the admin makes the id of the help from it, and Django's is empty."""
        return super().id_for_label(id_, index) or id_

    def create_option(self, name, value, label, *args, **kwargs):
        return super().create_option(name, value, swatch(value, label), *args, **kwargs)


class PaletteField(forms.TypedChoiceField):
    """A colour chosen by its looks and its name."""

    def __init__(self, **options):
        known = ("label", "help_text", "required", "initial")
        options = {name: value for name, value in options.items() if name in known}
        super().__init__(choices=list(PALETTE.items()), coerce=int, widget=Swatches, **options)
