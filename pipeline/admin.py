"""Pipelines and their stages in the admin."""

import json

import django
from adminsortable2.admin import SortableAdminMixin
from django import forms
from django.contrib import admin
from django.db.models import Count, Q
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from ui.admin_retiring import RetiringAdmin
from ui.admin_site import InUseFilter
from ui.answers import SeeOther
from ui.palette import swatch

from .models import Pipeline, Stage
from .refusals import OrderIsBroken


@admin.register(Pipeline)
class PipelineAdmin(RetiringAdmin):
    """A new pipeline begins with a stage for leads, one for won and one for lost deals."""

    list_display = ["name", "currency", "stages_count", "position", "is_used"]
    list_filter = [InUseFilter]
    list_editable = ["position"]
    search_fields = ["name"]
    fields = ["name", "currency", "position"]
    counted = ngettext_lazy("%(number)d pipeline", "%(number)d pipelines", "number")
    about_retiring = _("It goes only when no open deal stands in it; its closed deals stay where they are.")

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(
            in_use=Count("stages", filter=Q(stages__retired_at=None))
        )  # fmt: skip

    @admin.display(description=_("stages"))
    def stages_count(self, pipeline):
        return pipeline.in_use

    def save_model(self, request, obj, form, change):
        obj.save()
        if not change:
            obj.begin_with_ends()

    def holders(self, row):
        count = row.open_deals_count()
        return [(_("open deals"), count)] if count else []


class StageForm(forms.ModelForm):
    """A stage; its place in the order, which the list has by dragging, is a choice here."""

    after = forms.ModelChoiceField(
        Stage.objects.none(),
        label=_("Stands after"),
        help_text=_("The stage before it on the board; the list has the same by dragging."),
        required=False,
        empty_label=_("nothing: it is the first one"),
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        stage = self.instance
        if stage.pk is None:
            del self.fields["after"]  # a new one stands before those that close deals
        else:
            others = stage.pipeline.stages.in_use().exclude(pk=stage.pk)
            self.fields["after"].queryset = others.in_order()
            self.initial["after"] = others.filter(position__lt=stage.position).in_order().last()

    def clean_pipeline(self):
        pipeline = self.cleaned_data["pipeline"]
        if pipeline.retired_at:
            raise forms.ValidationError(_("This pipeline is out of use. Choose another one."))
        return pipeline


@admin.register(Stage)
class StageAdmin(SortableAdminMixin, RetiringAdmin):
    """The stages of one pipeline at a time, dragged into order."""

    form = StageForm
    list_display = ["position", "stage", "kind", "probability", "idle_days", "is_used"]
    list_display_links = ["stage"]
    list_editable = ["probability", "idle_days"]
    list_filter = [("pipeline", admin.RelatedOnlyFieldListFilter), "kind", InUseFilter]
    search_fields = ["name"]
    ordering = ["position"]
    actions = None
    counted = ngettext_lazy("%(number)d stage", "%(number)d stages", "number")
    about_retiring = _(
        "An empty stage goes at once. Deals of a stage in use move to the stage you choose, their past stays."
    )
    fields = ["pipeline", "name", "kind", "color", "probability", "idle_days"]

    @property
    def media(self):
        """Without the actions.js of adminsortable2 2.3.1: it has none for Django 6.1, nor have we actions."""
        media = super().media
        missing = "adminsortable2/js/actions-{}.{}.js".format(*django.VERSION)
        scripts = [script for script in media._js if script != missing]
        return forms.Media(css=media._css, js=["admin-order.js", *scripts])

    def get_actions(self, request, action_location=None):
        """None: adminsortable2's move rows between pages, and a pipeline's stages are one page."""
        return {}

    def get_fields(self, request, obj=None):
        return [*self.fields, "after"] if obj else self.fields

    def get_readonly_fields(self, request, obj=None):
        """A stage stays in its pipeline, and is what it is: each pipeline has its one lead, won and lost."""
        return ["pipeline", "kind"] if obj else ["kind"]

    def changelist_view(self, request, extra_context=None):
        """Positions are a pipeline's own, so the list always shows one."""
        if request.method == "GET" and "pipeline__id__exact" not in request.GET:
            first = Pipeline.objects.in_use().first()
            if first:
                query = request.GET.copy()
                query["pipeline__id__exact"] = first.pk
                return SeeOther(f"{request.path}?{query.urlencode()}")
        not_saved = _("The order was not saved: the site did not answer. Try again in a minute.")
        return super().changelist_view(request, {"not_saved": not_saved, **(extra_context or {})})

    def get_changeform_initial_data(self, request):
        return {"pipeline": Pipeline.objects.in_use().first(), **super().get_changeform_initial_data(request)}

    @admin.display(description=_("stage"), ordering="name")
    def stage(self, row):
        return swatch(row.color, row.name)

    def save_model(self, request, obj, form, change):
        if not change:
            obj.stand_before_the_ends()
            return
        obj.save()
        if "after" in form.changed_data:
            obj.stand_after(form.cleaned_data["after"])

    def update_order(self, request):
        """What the script drags: the stages named change places among themselves, or nothing changes.

        The script counts on from the first row, past retired stages that the list does not show: what it
        says is an order, not places. A refusal is answered with its sentence, which the page says.
        """
        if request.method != "POST" or not self.has_change_permission(request):
            return super().update_order(request)
        try:
            items = json.loads(request.body)["updatedItems"]
            Stage.objects.reorder({int(pk): int(position) for pk, position in items})
        except (TypeError, ValueError, KeyError):
            refusal = OrderIsBroken()
        except OrderIsBroken as broken:
            refusal = broken
        else:
            return HttpResponse(status=200)
        return HttpResponse(str(refusal), status=refusal.status, content_type="text/plain; charset=utf-8")

    def holders(self, row):
        count = row.deals_count()
        return [(_("deals"), count)] if count else []

    def targets(self, row):
        stages = Stage.objects.in_use().open().filter(pipeline=row.pipeline_id, merging_since=None)
        return stages.exclude(pk=row.pk).in_order()
