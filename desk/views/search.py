"""Search over deals, contacts and organizations: three short lists on one page."""

from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from contacts.models import Contact
from deals.models import Deal
from organizations.models import Organization
from records.search import matching, matching_number

MOST_ROWS = 8
LETTERS = 200  # more is no search


@require_safe
def search(request):
    """What the person may see and `?q=` finds: names, titles, e-mails, INN, phones in any spelling."""
    text = request.GET.get("q", "").strip()[:LETTERS]
    searched = bool(matching(text) or matching_number(text))
    context = {"query": text, "searched": searched}
    if searched:
        context["deals"] = _short(_deals(text, request.user), "deals:deal_list", text)
        context["contacts"] = _short(
            Contact.objects.visible_to(request.user).present().search(text).by_name().for_list(),
            "contacts:contact_list",
            text,
        )
        context["organizations"] = _short(
            Organization.objects.visible_to(request.user).present().search(text).by_name().for_list(),
            "organizations:organization_list",
            text,
        )
        context["found"] = any(context[name]["rows"] for name in ("deals", "contacts", "organizations"))
    return render(request, "desk/search.html", context)


def _deals(text, user):
    return (
        Deal.objects.visible_to(user)
        .present()
        .search(text)
        .select_related("stage__pipeline", "contact", "organization", "owner")
        .order_by("-updated_at", "-pk")
    )


def _short(queryset, url_name, text):
    """The first rows, and the address of the list that has the rest ('' if there is no rest)."""
    rows = list(queryset[: MOST_ROWS + 1])
    more = len(rows) > MOST_ROWS
    return {
        "rows": rows[:MOST_ROWS],
        "all_url": f"{reverse(url_name)}?{urlencode({'q': text})}" if more else "",
    }
