"""Invitations: the administrator's page, and the way in by their link."""

from urllib.parse import urlencode

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ui.answers import Refusal, leave, say

from .. import letters, site_address
from ..forms import InviteForm, JoinForm
from ..models import Attempt, Invitation
from ..refusals import InvitationIsOver
from ..rights import Right, right_required

LINK_SHOWN = "link_of"  # in the address of the page after sending: the invitation whose link is shown
KEPT_AS = "invitation"  # the token in the session, so that it stands in no Referer and no later address


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@right_required(Right.CONFIGURE)
def invitation_list(request):
    """Show who is invited, and invite (POST)."""
    form = InviteForm(request.POST or None, by=request.user)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = Invitation.objects.invite(by=request.user, request=request, **form.cleaned_data)
            except Refusal as refusal:
                refusal.add_to(form)
                status = refusal.status
            else:
                return _sent(request, made)
    open_ones = Invitation.objects.visible_to(request.user).for_list()
    shown = request.GET.get(LINK_SHOWN, "")
    rows = [
        {"invitation": each, "link": _link(each) if _is_shown(each, shown, request.user) else ""}
        for each in open_ones
    ]
    context = {
        "form": form,
        "rows": rows,
        **site_address.for_colleagues(),
    }
    return render(request, "accounts/invitations.html", context, status=status)


@require_POST
@right_required(Right.CONFIGURE)
def invitation_send_again(request, pk):
    """Send a new link; the one before it ends."""
    invitation = get_object_or_404(Invitation.objects.visible_to(request.user), pk=pk)
    return _sent(request, invitation.send_again(by=request.user, request=request))


@require_POST
@right_required(Right.CONFIGURE)
def invitation_withdraw(request, pk):
    """End an invitation."""
    invitation = get_object_or_404(Invitation.objects.visible_to(request.user), pk=pk)
    invitation.withdraw(by=request.user, request=request)
    say(request, _("The invitation of %(email)s is withdrawn.") % {"email": invitation.email})
    return leave(request, "accounts:invitation_list")


@login_not_required
@never_cache
@require_safe
def invitation_open(request, token):
    """Take the link of a letter, and lead on to a page whose address does not hold it."""
    attempt = Attempt.objects.take_link(request=request)
    if Invitation.objects.of_token(token) is None:
        return _is_over(request)
    attempt.give_back()
    request.session[KEPT_AS] = token
    return redirect("accounts:join")


@sensitive_post_parameters("password")
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request):
    """Let the invited say who he is, and log him in."""
    invitation = Invitation.objects.of_token(request.session.get(KEPT_AS, ""))
    if invitation is None:
        return _is_over(request)
    if request.user.is_authenticated:
        return render(request, "accounts/join_elsewhere.html", {"invitation": invitation})
    form = JoinForm(request.POST or None, email=invitation.email, language=get_language())
    if request.method == "POST" and form.is_valid():
        try:
            person = invitation.accept(request=request, **form.cleaned_data)
        except InvitationIsOver:
            return _is_over(request)
        del request.session[KEPT_AS]
        return perform_login(request, Login(user=person, email=person.email))
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/join.html", {"form": form, "invitation": invitation}, status=status)


def _is_over(request):
    """Used, withdrawn, out of time, never there: nobody learns which."""
    return render(request, "accounts/invitation_over.html", status=404)


def _sent(request, invitation):
    if settings.EMAIL_URL:
        said = _("A letter is on its way to %(email)s.")
    else:
        said = _("The invitation for %(email)s is ready: hand on its link.")
    say(request, said % {"email": invitation.email})
    return leave(request, f"{reverse('accounts:invitation_list')}?{urlencode({LINK_SHOWN: invitation.pk})}")


def _link(invitation):
    return letters.link_to("accounts:invitation_open", invitation.token)


def _is_shown(invitation, shown, user):
    """Whether `user` may copy the link: always where no letter reaches anybody, else once.

    Never that of a role that may more than his own: who has the link has the role (TRUST S10).
    """
    if not invitation.is_open or invitation.role.exceeds(user.role):
        return False
    return not settings.EMAIL_URL or shown == str(invitation.pk)
