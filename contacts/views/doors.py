"""What is done to a contact as a whole: another responsible, into the archive and out of it."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from records.views import assign
from ui.answers import leave, say

from ..models import Contact


@require_http_methods(["GET", "HEAD", "POST"])
def contact_assign(request, pk):
    """Who may become responsible; the POST makes him so."""
    return assign(request, get_object_or_404(Contact.objects.visible_to(request.user), pk=pk))


@require_POST
def contact_archive(request, pk):
    contact = get_object_or_404(Contact.objects.visible_to(request.user), pk=pk).archive(by=request.user)
    undo = reverse("contacts:contact_restore", args=[pk])
    say(request, _("In the archive: %(name)s") % {"name": contact}, undo=undo)
    return leave(request, contact)


@require_POST
def contact_restore(request, pk):
    contact = get_object_or_404(Contact.objects.visible_to(request.user), pk=pk).restore(by=request.user)
    say(request, _("Out of the archive: %(name)s") % {"name": contact})
    return leave(request, contact)
