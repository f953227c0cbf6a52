"""Directories, entries and the company's own fields in the admin."""

from urllib.parse import parse_qs

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from records.models.record import hold
from ui.admin_retiring import RetiringAdmin
from ui.admin_rows import HouseInline
from ui.admin_site import HouseAdmin, InUseFilter
from ui.palette import swatch

from .codes import code_of
from .fields import fields_of
from .kinds import KINDS, OFFERED
from .models import CustomField, Directory, Entry

MOST_INLINE = 100  # a longer directory is edited entry by entry


class EntryInline(HouseInline):
    model = Entry
    fields = ["name", "position"]
    extra = 1
    show_change_link = True
    verbose_name_plural = _("entries in use")

    def get_queryset(self, request):
        return super().get_queryset(request).in_use()


class DirectoryForm(forms.ModelForm):
    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        if "code" in self.fields:
            self.fields["code"].required = False

    def clean(self):
        cleaned = super().clean()
        if "code" in self.fields and not cleaned.get("code") and cleaned.get("name"):
            taken = set(Directory.objects.values_list("code", flat=True))
            cleaned["code"] = code_of(cleaned["name"], taken)
        return cleaned


@admin.register(Directory)
class DirectoryAdmin(HouseAdmin):
    """A list that records point at. Its code is for imports; empty, it is made from the name."""

    form = DirectoryForm
    list_display = ["name", "code", "entries_count"]
    search_fields = ["name", "code"]
    inlines = [EntryInline]
    counted = ngettext_lazy("%(number)d directory", "%(number)d directories", "number")

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(
            in_use=Count("entries", filter=Q(entries__retired_at=None))
        )  # fmt: skip

    def get_readonly_fields(self, request, obj=None):
        return ["code", "all_entries"] if obj else []

    def get_fields(self, request, obj=None):
        return ["name", "code", "all_entries"] if obj else ["name", "code"]

    def get_inlines(self, request, obj):
        is_short = obj is None or obj.entries.count() <= MOST_INLINE
        return self.inlines if is_short else []

    @admin.display(description=_("entries"))
    def entries_count(self, directory):
        return directory.in_use

    @admin.display(description=_("all entries"))
    def all_entries(self, directory):
        return format_html(
            '<a href="../../../entry/?directory__id__exact={}&amp;in_use=all">{}</a>',
            directory.pk,
            _("The list with colours, own fields and those out of use"),
        )


class EntryForm(forms.ModelForm):
    """An entry with the own fields of its directory (both put there by EntryAdmin.get_form)."""

    own: list = []
    directory: Directory | None = None

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        if self.directory and self.instance.pk is None:
            self.instance.directory = self.directory
        for field in self.own:
            self.initial[field.name] = field.read(self.instance)

    def clean(self):
        cleaned = super().clean()
        entry = self.instance
        directory = cleaned.get("directory") or self.directory
        same = Entry.objects.in_use().filter(directory=directory, name=cleaned.get("name"))
        if directory and not entry.retired_at and same.exclude(pk=entry.pk).exists():
            self.add_error("name", _("The directory has an entry of this name already."))
        return cleaned


def chosen_directory(request):
    """Return the directory that the address of a new entry names, or the list it came from; None if none."""
    filters = parse_qs(request.GET.get("_changelist_filters", ""))
    named = request.GET.get("directory") or filters.get("directory__id__exact", [""])[-1]
    try:
        return forms.ModelChoiceField(Directory.objects.all(), required=False).clean(named)
    except forms.ValidationError:
        return None


@admin.register(Entry)
class EntryAdmin(RetiringAdmin):
    """The directory decides which own fields an entry has, so it is chosen first."""

    list_display = ["entry", "directory", "position", "is_used"]
    list_display_links = ["entry"]
    list_editable = ["position"]
    list_filter = [("directory", admin.RelatedOnlyFieldListFilter), InUseFilter]
    list_select_related = ["directory"]
    search_fields = ["name"]
    counted = ngettext_lazy("%(number)d entry", "%(number)d entries", "number")
    form = EntryForm

    def add_view(self, request, form_url="", extra_context=None):
        """The form of a new entry of one directory; asks for the directory if the address names none."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        request.directory = chosen_directory(request)
        if request.directory is None:
            context = {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "title": _("Add: %(name)s") % {"name": self.opts.verbose_name},
                "directories": Directory.objects.all(),
            }
            return TemplateResponse(request, "admin/choose_directory.html", context)
        return super().add_view(request, form_url, extra_context)

    def directory_of(self, request, obj):
        return obj.directory if obj else getattr(request, "directory", None)

    def own_fields(self, request, obj):
        directory = self.directory_of(request, obj)
        return [field for field in fields_of(Entry, directory) if field.is_own] if directory else []

    def get_fields(self, request, obj=None):
        own = [field.name for field in self.own_fields(request, obj)]
        return ["directory", "name", "color", "position", *own]

    def get_readonly_fields(self, request, obj=None):
        return ["directory"] if self.directory_of(request, obj) else []

    def get_form(self, request, obj=None, change=False, **options):
        own = self.own_fields(request, obj)
        declared = {field.name: field.form_field(request.user, obj) for field in own}
        known = {"own": own, "directory": self.directory_of(request, obj)}
        options["form"] = type("EntryForm", (EntryForm,), {**declared, **known})
        return super().get_form(request, obj, change=change, **options)

    @admin.display(description=_("entry"), ordering="name")
    def entry(self, row):
        return swatch(row.color, row.name)

    def save_model(self, request, obj, form, change):
        own = getattr(form, "own", [])  # a row of the list has none
        values = {field.name: field.to_base(form.cleaned_data[field.name]) for field in own}
        hold(values.values())
        obj.write_own(values)
        obj.save()

    def holders(self, row):
        return [
            (
                _("%(records)s, field “%(field)s”")
                % {"records": model._meta.verbose_name_plural, "field": label},
                count,
            )
            for model, label, count in row.held_by()
        ]

    def targets(self, row):
        return Entry.objects.in_use().filter(directory=row.directory_id).exclude(pk=row.pk)


class CustomFieldForm(forms.ModelForm):
    """What a field belongs to decides whether it names a directory, its kind whether it names choices."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        if "code" in self.fields:
            self.fields["code"].required = False

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk:
            return cleaned
        if cleaned.get("entity") == CustomField.On.ENTRY:
            if not cleaned.get("directory"):
                self.add_error("directory", _("Choose the directory whose entries have this field."))
        else:
            cleaned["directory"] = None
        if cleaned.get("kind") == KINDS["entry"].code:
            if not cleaned.get("choices_from"):
                self.add_error("choices_from", _("Choose the directory to choose from."))
        else:
            cleaned["choices_from"] = None
        if cleaned.get("kind") != KINDS["number"].code:
            cleaned["without_thousands"] = False
        if not cleaned.get("code") and not self.errors:
            taken = CustomField.objects.filter(entity=cleaned["entity"], directory=cleaned["directory"])
            words = cleaned.get("label_en") or cleaned["label_ru"]
            cleaned["code"] = code_of(words, set(taken.values_list("code", flat=True)), "_", 40)
        return cleaned


@admin.register(CustomField)
class CustomFieldAdmin(HouseAdmin):
    """The fields that the company has added; taken out of use, they keep their values."""

    form = CustomFieldForm
    list_display = ["label", "belongs_to", "kind_label", "code", "position", "filter_often", "is_active"]
    list_display_links = ["label"]
    list_editable = ["position"]
    list_filter = ["entity", "is_active"]
    list_select_related = ["directory"]
    search_fields = ["label_ru", "label_en", "code"]
    counted = ngettext_lazy("%(number)d field", "%(number)d fields", "number")
    FIXED = ["entity", "directory", "code", "kind_label", "choices_from"]

    def get_readonly_fields(self, request, obj=None):
        return self.FIXED if obj else []

    def get_fields(self, request, obj=None):
        fixed = self.FIXED if obj else ["entity", "directory", "kind", "choices_from"]
        words = ["label_ru", "label_en", "help_ru", "help_en"]
        looks = ["without_thousands"] if obj is None or obj.kind == KINDS["number"].code else []
        return [*fixed, *words, *([] if obj else ["code"]), "position", *looks, "filter_often", "is_active"]

    def formfield_for_dbfield(self, db_field, request, **options):
        if db_field.name == "kind":
            return forms.ChoiceField(
                label=capfirst(db_field.verbose_name),
                help_text=db_field.help_text,
                choices=[(kind.code, kind.label) for kind in OFFERED],
            )
        return super().formfield_for_dbfield(db_field, request, **options)

    @admin.display(description=_("label"))
    def label(self, field):
        return field.label

    @admin.display(description=_("belongs to"), ordering="entity")
    def belongs_to(self, field):
        if field.directory:
            return _("entries of “%(directory)s”") % {"directory": field.directory}
        return field.get_entity_display()

    @admin.display(description=_("kind"), ordering="kind")
    def kind_label(self, field):
        return KINDS[field.kind].label

    def save_model(self, request, obj, form, change):
        obj.save_as(by=request.user, request=request)
