"""The page of the record of security."""

from django.views.decorators.http import require_safe

from ui.answers import show, wants_part
from ui.paging import by_key

from ..models import SecurityEvent
from ..rights import Right, right_required
from .forms import LogFilter
from .telling import in_words

LOG = "accounts/security_log.html"
ROWS_A_PAGE = 50


@require_safe
@right_required(Right.CONFIGURE)
def security_log(request):
    """Who logged in, was refused, changed whose rights: the newest first, 50 a page."""
    asked = LogFilter(request.GET, user=request.user)
    events = asked.narrow(SecurityEvent.objects.visible_to(request.user).for_list(), request.company)
    page = by_key(events, order=("-id",), after=request.GET.get("after"), size=ROWS_A_PAGE)
    for event in page:
        event.told = list(in_words(event))
    context = {
        "filter": asked,
        "page": page,
        "narrowed": sum(1 for value in asked.cleaned_data.values() if value),
        "is_open": request.GET.get("filter") == "open",
    }
    if request.GET.get("after") and wants_part(request):
        return show(request, LOG, "rows", context)
    return show(request, LOG, None, context)
