"""Another e-mail to log in with: asked for here, confirmed by the link of a letter to it."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from ui.answers import leave, say

from ..asking import ask_for_email
from ..forms import EmailForm
from ..models import Attempt
from ..refusals import AlreadyHere, LinkIsOver

NO_LETTER = gettext_lazy(
    "The letter to %(email)s is a file of the data folder: your administrator can hand it on."
)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def email_change(request):
    """Ask for another e-mail; nothing changes until the letter to it is answered."""
    form = EmailForm(request.POST or None, user=request.user)
    status = 422 if request.method == "POST" else 200
    if form.is_bound and form.is_valid():
        email = form.cleaned_data["email"]
        try:
            ask_for_email(email, request=request)
        except AlreadyHere as refusal:
            refusal.add_to(form)
        else:
            said = _("A letter is on its way to %(email)s.") if settings.EMAIL_URL else NO_LETTER
            say(request, said % {"email": email})
            return leave(request, "accounts:profile")
    return render(request, "accounts/email.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def email_confirm(request, token):
    """Ask once more (GET), and change it (POST): whoever follows a link has not decided yet."""
    attempt = Attempt.objects.take_link(request=request)
    if not request.user.confirms_email(token):
        return _is_over(request)
    attempt.give_back()
    if request.method != "POST":
        return render(request, "accounts/email_confirm.html")
    try:
        person = request.user.confirm_email(token, request=request)
    except (LinkIsOver, AlreadyHere):
        return _is_over(request)
    say(request, _("You log in with %(email)s now.") % {"email": person.email})
    return leave(request, "accounts:profile")


def _is_over(request):
    messages.error(request, str(LinkIsOver.sentence))
    return redirect("accounts:profile")
