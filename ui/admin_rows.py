"""Rows in the admin: within the page of what they belong to, and in lists that are edited in place."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class HouseInline(admin.TabularInline):
    """Rows within the page of what they belong to; none is deleted."""

    can_delete = False
    extra = 0

    def has_delete_permission(self, request, obj=None):
        return False

    def get_formset(self, request, obj=None, **options):
        options.setdefault("form", spoken(self.form))
        return super().get_formset(request, obj, **options)


class InRow(forms.BoundField):
    """A field in a row: its help stands in the head of its column, if anywhere."""

    @property
    def aria_describedby(self):
        return f"{self.auto_id}_error" if self.errors else None


def spoken(form):
    """Return `form` with labels that are spoken: in rows under heads inputs have none of their own."""

    class Spoken(form):
        bound_field_class = InRow

        def __init__(self, *args, **options):
            super().__init__(*args, **options)
            for field in self.fields.values():
                row = str(self.instance) if self.instance.pk else _("new")
                field.widget.attrs["aria-label"] = _("%(field)s: %(row)s") % {
                    "field": field.label,
                    "row": row,
                }

    return Spoken
