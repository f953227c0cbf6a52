"""Pages of the admin for what is retired or merged into another, and never deleted."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from .admin_site import HouseAdmin, icon_of
from .answers import Refusal, SeeOther

IN_USE_CHANGED = [{"changed": {"fields": [gettext_noop("in use")]}}]  # what the history says


class RetireForm(forms.Form):
    """Where what holds the row goes; without a target it stays."""

    target: forms.ModelChoiceField = forms.ModelChoiceField(
        None, label=_("Move them to"), required=False, empty_label=_("nowhere: only take it out of use")
    )

    def __init__(self, *args, targets, **options):
        super().__init__(*args, **options)
        self.fields["target"].queryset = targets


class RetiringAdmin(HouseAdmin):
    """A row in use is retired or merged; its page says how many records hold it.

    The model has the doors `retire`, `bring_back` and, if there are `targets`, `merge_into`; and
    `check_can_go`, which raises the Refusal of what can never go. What many records hold is merged by a
    job: then `merging_since` says since when, and the page of retiring tells when it is done.
    """

    change_form_template = "admin/retiring_change_form.html"
    about_retiring = _("Records that hold it keep it; nothing new can choose it.")

    def holders(self, row):
        """Return [(what, how many)] of what holds the row."""
        raise NotImplementedError

    def refusal_of(self, row):
        """Return the Refusal by which `row` can't go, whatever is chosen; None if it may."""
        try:
            row.check_can_go()
        except Refusal as refusal:
            return refusal

    def targets(self, row):
        """Return the rows that this one can be merged into."""
        return type(row)._default_manager.none()

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path("<int:pk>/retire/", self.admin_site.admin_view(self.retire_view), name=f"{name}_retire"),
            path("<int:pk>/back/", self.admin_site.admin_view(self.back_view), name=f"{name}_back"),
            *super().get_urls(),
        ]

    def _address(self, verb, row):
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{verb}", args=[row.pk])

    def change_view(self, request, object_id, form_url="", extra_context=None):
        row = self.get_object(request, object_id)
        if row is not None:
            is_leaving = self._is_merging(row)
            extra_context = {
                "retire_url": "" if row.retired_at else self._address("retire", row),
                "back_url": self._address("back", row) if row.retired_at or is_leaving else "",
                "is_merging": is_leaving,
                **(extra_context or {}),
            }
        return super().change_view(request, object_id, form_url, extra_context)

    def _is_merging(self, row):
        return bool(getattr(row, "merging_since", None))

    def _row(self, request, pk):
        row = get_object_or_404(self.model, pk=pk)
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        return row

    def retire_view(self, request, pk):
        """Say what holds the row, and retire it or merge it into another."""
        row = self._row(request, pk)
        if request.method != "POST" and (row.retired_at or self._is_merging(row)):
            return self._where_it_went(request, row)
        form = RetireForm(request.POST or None, targets=self.targets(row))
        status = 200
        if request.method == "POST" and form.is_valid():
            target = form.cleaned_data["target"]
            try:
                if target:
                    row = row.merge_into(target, by=request.user)
                else:
                    row = row.retire(by=request.user)
            except Refusal as refusal:
                refusal.add_to(form)
                status = refusal.status
            else:
                self.log_change(request, row, IN_USE_CHANGED)
                if self._is_merging(row):
                    return SeeOther(self._address("retire", row))
                sentence = self._gone(row)
                self.message_user(request, sentence, messages.SUCCESS)
                return self._to_list()
        return self._page(
            request,
            row,
            status=status,
            form=form,
            holders=self.holders(row),
            has_targets=form.fields["target"].queryset.exists(),
            refusal=self.refusal_of(row),
        )

    def _gone(self, row):
        """Say where the retired `row` went."""
        if getattr(row, "merged_into", None):
            return _("“%(row)s” is merged into “%(target)s”.") % {"row": row, "target": row.merged_into}
        return _("“%(row)s” is out of use.") % {"row": row}

    def _where_it_went(self, request, row):
        """The page of retiring once that was asked for: that it is being done, or is done."""
        if not self._is_merging(row):
            return self._page(request, row, gone=self._gone(row))
        return self._page(request, row, holders=self.holders(row), back_url=self._address("back", row))

    def _page(self, request, row, *, status=200, **context):
        context |= {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "row": row,
            "title": _("Retire or merge: %(row)s") % {"row": row},
            "about": self.about_retiring,
        }
        return TemplateResponse(request, "admin/retire.html", context, status=status)

    def back_view(self, request, pk):
        """Put the row into use again (POST)."""
        row = self._row(request, pk)
        if request.method == "POST":
            try:
                row.bring_back(by=request.user)
            except Refusal as refusal:
                self.message_user(request, str(refusal), messages.ERROR)
            else:
                self.log_change(request, row, IN_USE_CHANGED)
                self.message_user(request, _("“%(row)s” is in use again.") % {"row": row}, messages.SUCCESS)
        return SeeOther(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk]))

    def _to_list(self):
        return SeeOther(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))

    @admin.display(description=_("in use"))
    def is_used(self, row):
        return icon_of(row.retired_at is None)
