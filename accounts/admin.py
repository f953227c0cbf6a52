"""People, teams, roles, the company and the record of security in the admin."""

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.password_validation import validate_password
from django.db.models import Count, Exists, OuterRef
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from ui.admin_rows import HouseInline
from ui.admin_site import HouseAdmin
from ui.answers import SeeOther

from .models import Company, Role, RoleScope, SecurityEvent, Team, User
from .refusals import NoEmail, OwnRights
from .security_log.telling import in_words
from .zones import country_choices, zone_choices

Kind = SecurityEvent.Kind


class UserForm(forms.ModelForm):
    """A colleague. The first password is told to him; he changes it on his own page."""

    new_password = forms.CharField(
        label=_("New password"),
        required=False,
        max_length=128,
        strip=False,
        widget=forms.TextInput({"autocomplete": "off", "class": "vTextField", "spellcheck": "false"}),
        help_text=_("Tell the person, who changes it after the first log-in. Empty: it stays as it is."),
    )
    take_second_factor = forms.BooleanField(
        label=_("Take the second factor away"),
        required=False,
        help_text=_(
            "For somebody whose phone and recovery codes are lost: then the password alone is enough."
        ),
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        if self.instance.pk is None:
            self.initial.setdefault("can_log_in", True)
            self.fields["new_password"].help_text = _(
                "Tell the person, who changes it after the first log-in."
            )

    def clean(self):
        cleaned = super().clean()
        password = cleaned.get("new_password")
        if password and "new_password" not in self.errors:
            try:
                validate_password(password, self.instance)
            except forms.ValidationError as problem:
                self.add_error("new_password", problem)
        if not cleaned.get("is_active"):
            cleaned["can_log_in"] = False  # the door takes it away with the work
        if cleaned.get("can_log_in"):
            if not cleaned.get("email"):
                self.add_error("email", str(NoEmail.sentence))
            if not password and not self.instance.has_usable_password():
                self.add_error("new_password", _("Set a password, so that this person can log in."))
        return cleaned


class EntersFilter(admin.SimpleListFilter):
    title = _("access")
    parameter_name = "access"

    def lookups(self, request, model_admin):
        return [("yes", _("can log in")), ("no", _("works here, can't log in")), ("left", _("has left"))]

    def queryset(self, request, queryset):
        narrowed = {
            "yes": {"is_active": True, "can_log_in": True},
            "no": {"is_active": True, "can_log_in": False},
            "left": {"is_active": False},
        }
        return queryset.filter(**narrowed.get(self.value(), {}))


@admin.register(User)
class UserAdmin(HouseAdmin):
    """Nobody is deleted: who leaves no longer works here, and stays in history."""

    form = UserForm
    list_display = ["full_name", "email", "role", "team", "can_log_in", "second_factor", "is_active"]
    list_display_links = ["full_name"]
    list_filter = [EntersFilter, "role", "team"]
    list_select_related = ["role", "team"]
    search_fields = ["first_name", "last_name", "email"]
    counted = ngettext_lazy("%(number)d person", "%(number)d people", "number")
    fieldsets = [
        (None, {"fields": ["first_name", "patronymic", "last_name", "role", "team"]}),
        (_("Access"), {"fields": ["email", "new_password", "can_log_in", "is_active"]}),
        (_("What this person sees"), {"fields": ["language", "time_zone"], "classes": ["collapse"]}),
    ]

    def get_queryset(self, request):
        phone = Authenticator.objects.filter(user_id=OuterRef("pk"), type=Authenticator.Type.TOTP)
        return super().get_queryset(request).annotate(has_second_factor=Exists(phone))

    @admin.display(description=_("second factor"))
    def second_factor(self, person):
        return _("yes") if person.has_second_factor else None

    def get_fieldsets(self, request, obj=None):
        """A colleague's second factor can be taken away; one's own is on one's own page."""
        who, (access, fields), sees = super().get_fieldsets(request, obj)
        if obj and obj.pk != request.user.pk and obj.has_second_factor:
            fields = fields | {"fields": [*fields["fields"], "take_second_factor"]}
        return [who, (access, fields), sees]

    def get_readonly_fields(self, request, obj=None):
        """Nobody changes his own role."""
        return ["role"] if obj and obj.pk == request.user.pk else []

    def formfield_for_dbfield(self, db_field, request, **options):
        if db_field.name == "time_zone":
            choices = [("", _("Same as the company")), *zone_choices()]
            return forms.ChoiceField(
                label=capfirst(db_field.verbose_name),
                help_text=db_field.help_text,
                choices=choices,
                required=False,
            )
        return super().formfield_for_dbfield(db_field, request, **options)

    @admin.display(description=_("person"), ordering="last_name")
    def full_name(self, person):
        return person.full_name

    def save_model(self, request, obj, form, change):
        password = form.cleaned_data.get("new_password", "")
        values = {
            name: getattr(obj, name)
            for name in form.cleaned_data
            if name not in ("new_password", "take_second_factor")
        }
        how = {"by": request.user, "password": password, "request": request}
        if change:
            obj.change(**how, **values)
            if form.cleaned_data.get("take_second_factor"):
                obj.take_second_factor(by=request.user, request=request)
        else:
            obj.pk = User.objects.add_colleague(**how, **values).pk
            obj._state.adding = False
        obj.refresh_from_db()
        if password and obj.pk == request.user.pk:
            update_session_auth_hash(request, obj)


@admin.register(Team)
class TeamAdmin(HouseAdmin):
    """Teams are a tree: office, the manager's team, people."""

    list_display = ["name", "parent", "people_count"]
    list_select_related = ["parent"]
    search_fields = ["name"]
    fields = ["name", "parent"]
    counted = ngettext_lazy("%(number)d team", "%(number)d teams", "number")

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(people=Count("users"))

    @admin.display(description=_("people"))
    def people_count(self, team):
        return team.people

    def save_model(self, request, obj, form, change):
        obj.save_as(by=request.user, request=request)

    def has_delete_permission(self, request, obj=None):
        """A team goes only when nobody and no team is in it, and nobody is invited to it."""
        used = obj is None or obj.users.exists() or obj.children.exists() or obj.invitations.exists()
        return not used


class ScopeInline(HouseInline):
    model = RoleScope
    fields = ["view", "change", "archive", "export"]
    max_num = 0
    verbose_name_plural = _("whose records the role reaches")

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return obj is None or obj.pk != request.user.role_id


@admin.register(Role)
class RoleAdmin(HouseAdmin):
    """What people of a role may do. A new role begins with one's own records; then its scopes are set."""

    list_display = ["name", "people_count", "funnel", "may_import", "configures"]
    search_fields = ["name"]
    counted = ngettext_lazy("%(number)d role", "%(number)d roles", "number")

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(people=Count("users"))

    def get_inlines(self, request, obj):
        return [ScopeInline] if obj else []

    def get_readonly_fields(self, request, obj=None):
        return Role.RIGHTS if obj and obj.pk == request.user.role_id else ()

    def get_fieldsets(self, request, obj=None):
        """What the role may do is only read by who has it, and the page says why."""
        is_own = bool(self.get_readonly_fields(request, obj))
        why = {"description": OwnRights.sentence} if is_own else {}
        return [(None, {"fields": ["name", *Role.RIGHTS], **why})]

    @admin.display(description=_("people"))
    def people_count(self, role):
        return role.people

    def save_model(self, request, obj, form, change):
        (obj.save_as if change else obj.begin)(by=request.user, request=request)

    def save_formset(self, request, form, formset, change):
        rows = formset.save(commit=False)
        form.instance.save_scopes(rows, by=request.user, request=request)

    def response_add(self, request, obj, post_url_continue=None):
        """On to the scopes of the new role."""
        super().response_add(request, obj, post_url_continue)
        return SeeOther(reverse("admin:accounts_role_change", args=[obj.pk]))

    def has_delete_permission(self, request, obj=None):
        """A role that somebody has stays, and so do the ready ones."""
        used = obj is None or obj.code or obj.users.exists() or obj.invitations.exists()
        return not used


@admin.register(Company)
class CompanyAdmin(HouseAdmin):
    fields = ["name", "country", "language", "time_zone", "currency", "second_factor_required"]

    def has_add_permission(self, request):
        return False

    def save_model(self, request, obj, form, change):
        obj.save_as(by=request.user, request=request)

    def changelist_view(self, request, extra_context=None):
        """There is one company, so its list is its page."""
        company = Company.objects.current()
        return SeeOther(reverse("admin:accounts_company_change", args=[company.pk]))

    def formfield_for_dbfield(self, db_field, request, **options):
        choices = {"time_zone": zone_choices, "country": country_choices}.get(db_field.name)
        if choices:
            return forms.ChoiceField(
                label=capfirst(db_field.verbose_name), help_text=db_field.help_text, choices=choices
            )
        return super().formfield_for_dbfield(db_field, request, **options)


@admin.register(SecurityEvent)
class SecurityEventAdmin(HouseAdmin):
    """Read only: a trigger keeps the rows as they are."""

    show_full_result_count = False
    list_display = ["at", "kind", "user", "address", "in_words"]
    counted = ngettext_lazy("%(number)d event", "%(number)d events", "number")

    def get_queryset(self, request):
        return super().get_queryset(request).for_list()

    @admin.display(description=_("particulars"))
    def in_words(self, event):
        return "; ".join(in_words(event))

    def changelist_view(self, request, extra_context=None):
        """The page of the record, which narrows it by person and day too."""
        return HttpResponseRedirect(reverse("accounts:security_log"))

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False
