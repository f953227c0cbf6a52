"""The page of the installation, for those who configure."""

from smtplib import SMTPException

from django.conf import settings
from django.contrib import messages
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.rights import Right, right_required
from crm_site import tasks
from crm_site.system import facts
from ui.answers import leave, show


@require_safe
@right_required(Right.CONFIGURE)
def system(request):
    """Who reaches the site, where letters go, how old the backup is and whether it is proven, what waits."""
    panels = [
        ("address", _("Colleagues"), facts.addresses()),
        ("mail", _("Mail"), facts.mail()),
        ("backup", _("Backup"), facts.backups(request.company.zone)),
        ("jobs", _("Background work"), facts.jobs()),
        ("machine", _("Disk and versions"), facts.machine()),
    ]
    return show(request, "crm_site/system.html", None, {"panels": panels})


@require_POST
@right_required(Right.CONFIGURE)
def back_up(request):
    """Have a backup made and proven at once, by the worker."""
    tasks.ask_for_backup()
    messages.success(request, _("A backup is being made and proven. This page shows it when it is done."))
    return leave(request, "system")


@require_POST
@right_required(Right.CONFIGURE)
def try_mail(request):
    """Send a letter to the person who asks, at once, and say what came of it."""
    letter = EmailMessage(
        _("Voronka can send letters"),
        _("This letter was sent to see whether letters arrive."),
        to=[request.user.email],
    )
    try:
        letter.send()
    except (OSError, SMTPException) as refusal:
        messages.error(request, _("The mail server refuses: %(reason)s") % {"reason": refusal})
        return leave(request, "system")
    if settings.EMAIL_URL:
        messages.success(request, _("A letter is on its way to %(email)s.") % {"email": request.user.email})
    else:
        messages.warning(request, _("The letter is a file in the folder mail of the data folder now."))
    return leave(request, "system")
