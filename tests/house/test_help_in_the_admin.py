"""Each field of each form of the administration says what it is for, in the language of its reader."""

import pytest
from django.contrib import admin as django_admin
from django.test import RequestFactory
from django.utils import translation

from directories.models import CustomField, Entry
from tests.reading import of_the_other_language

# The own fields of entries are the company's: whether they have a help is for who makes them to say.
OWN = "custom__"


@pytest.fixture
def rows(admin, stages, source, lost_reason, office):
    """A row of each model that is changed in the administration."""
    CustomField.objects.make(entity="deal", code="batch", kind="number", label_ru="Партия", label_en="Batch")


def forms_of(page, request, row):
    """Yield the form of `page` for `row` (None: a new one), and those of the rows within it."""
    yield page.get_form(request, row, change=row is not None)
    for formset, _inline in page.get_formsets_with_inlines(request, row):
        yield formset.form


def silent(form, row):
    """Return the names of the fields of a form that say nothing of themselves."""
    fields = form(instance=row).fields if isinstance(row, form._meta.model) else form().fields
    hidden = (name for name, field in fields.items() if field.widget.is_hidden)
    unsaid = {name for name, field in fields.items() if not str(field.help_text).strip()}
    return unsaid - set(hidden) - {name for name in unsaid if name.startswith(OWN)}


@pytest.mark.parametrize("model", django_admin.site._registry, ids=lambda model: model.__name__)
def test_every_field_that_is_filled_in_has_its_help(admin, rows, model):
    page, request = django_admin.site._registry[model], RequestFactory().get("/admin/")
    request.user = admin
    existing = model._default_manager.order_by("pk").first()
    for row in (None, existing):
        if page.has_change_permission(request, row) and (row or page.has_add_permission(request)):
            for form in forms_of(page, request, row):
                assert silent(form, row) == set(), f"{form.__name__} of {row or 'a new one'}"


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_help_is_in_the_language_of_its_reader(admin, rows, language):
    request = RequestFactory().get("/admin/")
    request.user = admin
    foreign = {}
    with translation.override(language):
        for model, page in django_admin.site._registry.items():
            for form in forms_of(page, request, model._default_manager.order_by("pk").first()):
                helps = [str(field.help_text) for field in form.base_fields.values()]
                if found := of_the_other_language(helps, language):
                    foreign[model.__name__] = found
    assert foreign == {}


def test_a_silent_field_would_be_found(admin, rows):
    """The check can fail: without its help a field is named."""
    page, request = django_admin.site._registry[Entry], RequestFactory().get("/admin/")
    request.user = admin
    form = page.get_form(request, None)
    form.base_fields["name"].help_text = ""
    assert silent(form, None) == {"name"}
