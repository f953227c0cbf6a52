"""The administration: Django's own admin, entered by our log-in, with our rooms only.

What it writes goes through the doors of the models; a refusal is said in the form.
"""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import BooleanField
from django.http import HttpResponseRedirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.i18n import JavaScriptCatalog

from .answers import Refusal, SeeOther
from .palette import PaletteField

# what stands in the admin for bulk actions and fields that are filled from others
UNUSED_SCRIPTS = ("admin/js/actions.", "admin/js/urlify.", "admin/js/prepopulate.", "/xregexp/")


class VoronkaAdminSite(admin.AdminSite):
    site_title = site_header = _("Voronka")
    index_title = _("Administration")
    empty_value_display = "–"
    enable_nav_sidebar = True

    def register(self, model_or_iterable, admin_class=None, **options):
        """Leave out the models of other packages: what they keep is shown by our pages, or to nobody."""
        models = model_or_iterable if isinstance(model_or_iterable, list | tuple) else [model_or_iterable]
        ours = [model for model in models if model._meta.app_config.name in settings.ROOMS]
        super().register(ours, admin_class, **options)

    @method_decorator(login_not_required)
    def login(self, request, extra_context=None):
        """One log-in for everything; who is in and may not configure is told so."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied(_("Your role does not let you into the administration."))
        if request.user.is_authenticated:
            return HttpResponseRedirect(reverse("admin:index", current_app=self.name))
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def logout(self, request, extra_context=None):
        return SeeOther(reverse("account_logout"))

    def password_change(self, request, extra_context=None):
        return HttpResponseRedirect(reverse("account_change_password"))

    def i18n_javascript(self, request, extra_context=None):
        """The words of the admin's scripts, with those that Django does not yet have in Russian."""
        return JavaScriptCatalog.as_view(packages=["django.contrib.admin", "ui"])(request)

    def get_app_list(self, request, app_label=None):
        """The rooms from below: what is set up first stands first."""
        apps = super().get_app_list(request, app_label)
        return sorted(apps, key=lambda app: -settings.ROOMS.index(app["app_label"]))


class NotSaved(Refusal):
    """The base refuses what a form let through; `sentence` is the constraint's own."""

    status = 409

    def __init__(self, sentence):
        super().__init__(sentence)
        self.sentence = sentence


def sentence_of(error, models):
    """Return what the constraint that `error` broke says to people, or a general sentence."""
    broken = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    for constraint in [each for model in models for each in model._meta.constraints]:
        if constraint.name == broken:
            return constraint.get_violation_error_message()
    return _("Not saved: somebody has changed the same meanwhile. Look again, and save once more.")


def icon_of(is_so):
    """Return the admin's icon of a yes or a no."""
    name, word = ("yes", _("Yes")) if is_so else ("no", _("No"))
    return format_html('<img src="{}" alt="{}">', static(f"admin/img/icon-{name}.svg"), word)


def flag(field):
    """Return a column of a list that shows the boolean `field`."""

    @admin.display(description=field.verbose_name, ordering=field.name)
    def shown(row):
        return icon_of(getattr(row, field.name))

    shown.__name__ = field.name
    return shown


class HouseAdmin(admin.ModelAdmin):
    """What all our admin pages share: nothing is deleted, refusals are said in the form."""

    actions = None
    list_per_page = 50
    counted: Promise | None = None  # ngettext_lazy("%(number)d stage", "%(number)d stages", "number")

    @property
    def media(self):
        """Without the scripts of what our pages don't have (actions, slugs): two thirds of the weight."""
        whole = super().media
        scripts = [each for each in whole._js if not any(unused in str(each) for unused in UNUSED_SCRIPTS)]
        return forms.Media(css=whole._css, js=scripts)

    @property
    def models(self):
        """What a page of this admin writes: its model, and those of the rows within it."""
        return [self.model, *(inline.model for inline in self.inlines)]

    def has_delete_permission(self, request, obj=None):
        return False

    def formfield_for_dbfield(self, db_field, request, **options):
        if db_field.name == "color":
            return PaletteField(
                label=capfirst(db_field.verbose_name),
                help_text=db_field.help_text,
                initial=db_field.default,
            )
        return super().formfield_for_dbfield(db_field, request, **options)

    def get_form(self, request, obj=None, change=False, **options):
        """The form also says with what this request was refused before."""
        form = super().get_form(request, obj, change=change, **options)
        refusal = getattr(request, "admin_refusal", None)

        class Answering(form):
            def clean(self):
                cleaned = super().clean()
                if refusal is not None:
                    refusal.add_to(self)
                return cleaned

        return Answering

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        name = self.opts.verbose_name
        title = capfirst(name) if object_id else _("Add: %(name)s") % {"name": name}
        extra_context = {"title": title, **(extra_context or {})}
        try:
            with transaction.atomic():
                return super().changeform_view(request, object_id, form_url, extra_context)
        except Refusal as refusal:
            request.admin_refusal = refusal
        except IntegrityError as error:
            request.admin_refusal = NotSaved(sentence_of(error, self.models))
        return super().changeform_view(request, object_id, form_url, extra_context)

    def changelist_view(self, request, extra_context=None):
        """Django's own titles need a name in another case: “Select %s to change”."""
        extra_context = {"title": capfirst(self.opts.verbose_name_plural), **(extra_context or {})}
        try:
            with transaction.atomic():
                return super().changelist_view(request, extra_context)
        except Refusal as refusal:
            sentence = str(refusal)
        except IntegrityError as error:
            sentence = sentence_of(error, self.models)
        self.message_user(request, sentence, messages.ERROR)
        return SeeOther(request.get_full_path())

    def get_changelist_instance(self, request):
        changelist = super().get_changelist_instance(request)
        if self.counted:
            changelist.counted = self.counted % {"number": changelist.result_count}
        return changelist

    def get_list_display(self, request):
        """Yes and no are said in the reader's words: what stands behind Django's icons is True and False."""
        flags = {field.name for field in self.opts.fields if isinstance(field, BooleanField)}
        shown = super().get_list_display(request)
        return [flag(self.opts.get_field(name)) if name in flags else name for name in shown]

    def get_changelist_form(self, request, **options):
        return spoken(super().get_changelist_form(request, **options))


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


class InUseFilter(admin.SimpleListFilter):
    """Rows in use, unless asked otherwise: retired ones, or all."""

    title = _("in use")
    parameter_name = "in_use"

    def lookups(self, request, model_admin):
        return [("no", _("No")), ("all", _("All"))]

    def choices(self, changelist):
        choices = list(super().choices(changelist))
        choices[0]["display"] = _("Yes")
        return choices

    def queryset(self, request, queryset):
        if self.value() == "all":
            return queryset
        return queryset.filter(retired_at__isnull=self.value() != "no")
