"""What is done to an organization as a whole: another responsible, into the archive and out of it."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from records.views import assign
from ui.answers import leave, say

from ..models import Organization


@require_http_methods(["GET", "HEAD", "POST"])
def organization_assign(request, pk):
    """Who may become responsible; the POST makes him so."""
    return assign(request, get_object_or_404(Organization.objects.visible_to(request.user), pk=pk))


@require_POST
def organization_archive(request, pk):
    organization = get_object_or_404(Organization.objects.visible_to(request.user), pk=pk).archive(
        by=request.user
    )
    undo = reverse("organizations:organization_restore", args=[pk])
    say(request, _("In the archive: %(name)s") % {"name": organization}, undo=undo)
    return leave(request, organization)


@require_POST
def organization_restore(request, pk):
    organization = get_object_or_404(Organization.objects.visible_to(request.user), pk=pk).restore(
        by=request.user
    )
    say(request, _("Out of the archive: %(name)s") % {"name": organization})
    return leave(request, organization)
