"""The administration: Django's own admin, entered by our log-in, with our rooms only.

What it writes goes through the doors of the models; a refusal is said in the form.
"""

from functools import wraps

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, PermissionDenied
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
from django.utils.translation import override
from django.views.i18n import JavaScriptCatalog

from .admin_rows import spoken
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

    def admin_view(self, view, cacheable=False):
        """Refuse at once who is in and may not configure; Django would lead him to the log-in.

        And refuse an address with a NUL in its query: the base takes none, and the lists would break on it.
        """
        guarded = super().admin_view(view, cacheable)

        @wraps(guarded)
        def answer(request, *args, **kwargs):
            self._check_role(request)
            if "%00" in request.GET.urlencode():
                raise BadRequest
            return guarded(request, *args, **kwargs)

        return answer

    def _check_role(self, request):
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied(_("Your role does not let you into the administration."))

    @method_decorator(login_not_required)
    def login(self, request, extra_context=None):
        """One log-in for everything; who is in and may not configure is told so."""
        self._check_role(request)
        if request.user.is_authenticated:
            return HttpResponseRedirect(reverse("admin:index", current_app=self.name))
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def logout(self, request, extra_context=None):
        return SeeOther(reverse("account_logout"))

    def password_change(self, request, extra_context=None):
        return HttpResponseRedirect(reverse("account_change_password"))

    def get_urls(self):
        """Without the redirect to a record's page on the site: what stands here has none."""
        return [each for each in super().get_urls() if getattr(each, "name", "") != "view_on_site"]

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
    view_on_site = False
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
        if request.method == "POST":
            request.admin_sentence = _("Saved.")
        try:
            with transaction.atomic():
                return super().changelist_view(request, extra_context)
        except Refusal as refusal:
            sentence = str(refusal)
        except IntegrityError as error:
            sentence = sentence_of(error, self.models)
        self.message_user(request, sentence, messages.ERROR)
        return SeeOther(request.get_full_path())

    def message_user(self, request, message, level=messages.INFO, extra_tags="", fail_silently=False):
        """In the words of `admin_sentence`, if a view has some for its request.

        Django's sentences put a name into their middle, whose gender in Russian they can't know.
        """
        if level == messages.SUCCESS:
            message = getattr(request, "admin_sentence", message)
        super().message_user(request, message, level, extra_tags, fail_silently)

    def response_add(self, request, obj, post_url_continue=None):
        request.admin_sentence = self.saved(obj)
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        request.admin_sentence = self.saved(obj)
        return super().response_change(request, obj)

    def response_delete(self, request, obj_display, obj_id):
        request.admin_sentence = _("Deleted: %(row)s.") % {"row": obj_display}
        return super().response_delete(request, obj_display, obj_id)

    def saved(self, obj):
        page = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[obj.pk])
        return format_html(_("Saved: {row}."), row=format_html('<a href="{}">{}</a>', page, obj))

    def construct_change_message(self, request, form, formsets, add=False):
        """Name the fields as the catalogue has them; with Django's capitals they would stay English."""
        told = super().construct_change_message(request, form, formsets, add)
        models = [self.model, *(formset.model for formset in formsets or ())]
        with override(None):
            names = [str(field.verbose_name) for model in models for field in model._meta.fields]
        word_of = {capfirst(name): name for name in names}
        for change in told:
            for what in change.values():
                if "fields" in what:
                    what["fields"] = [word_of.get(field, field) for field in what["fields"]]
        return told

    def lookup_allowed(self, lookup, value, request):
        """Only what the list's own filters ask; Django lets an address filter by every column."""
        filters = [each[0] if isinstance(each, tuple) else each for each in self.get_list_filter(request)]
        return lookup.partition("__")[0] in filters and super().lookup_allowed(lookup, value, request)

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
