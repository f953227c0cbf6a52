"""Search over deals, contacts and organizations: three short lists on one page."""

from django.db.models import F
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from contacts.models import Contact
from deals.models import Deal
from organizations.models import Organization
from records.search import matching, matching_number

MOST_ROWS = 8
MOST_FOUND = 1000  # of more, some are as good as others for a list of eight
LETTERS = 200  # more is no search


@require_safe
def search(request):
    """What the person may see and `?q=` finds: names, titles, e-mails, INN, phones in any spelling."""
    text = request.GET.get("q", "").strip()[:LETTERS]
    searched = bool(matching(text) or matching_number(text))
    context = {"query": text, "searched": searched}
    if searched:
        contacts, organizations = (
            _by_name(model.objects.visible_to(request.user).present(), text)
            for model in (Contact, Organization)
        )
        deals = _deals(text, request.user, contacts, organizations)
        context |= {
            "deals": _short(deals, "deals:deal_list", q=text, outcome="any"),
            "contacts": _short(contacts, "contacts:contact_list", q=text),
            "organizations": _short(organizations, "organizations:organization_list", q=text),
            "found": bool(deals or contacts or organizations),
        }
    return render(request, "desk/search.html", context)


def _by_name(records, text):
    """The first of the `records` that `text` finds, by name.

    Found first, ordered then: asked for the first few by name, the base would walk the index of names
    through all who are called otherwise (docs/explain.md).
    """
    found = records.search(text).order_by().values("pk")[:MOST_FOUND]
    return list(records.filter(pk__in=found).by_name().for_list()[: MOST_ROWS + 1])


def _deals(text, user, contacts, organizations):
    """Deals with such a title; where there is room, those of the people and firms that were found.

    Open ones first, the last changed on top; then the closed ones. Found first, ordered then, as by name.
    """
    deals = Deal.objects.visible_to(user).present()
    ordered = deals.for_list().order_by(F("closed_at").desc(nulls_first=True), "-updated_at", "-pk")
    titled: list = []
    for of_state in (deals.open(), deals.closed()):
        found = of_state.search(text).order_by().values("pk")[:MOST_FOUND]
        titled += ordered.filter(pk__in=found)[: MOST_ROWS + 1 - len(titled)]
        if len(titled) > MOST_ROWS:
            return titled
    if not (contacts or organizations):
        return titled
    theirs = ordered.of_parties(contacts=contacts, organizations=organizations)
    known = {deal.pk for deal in titled}
    return (titled + [deal for deal in theirs[:MOST_ROWS] if deal.pk not in known])[:MOST_ROWS]


def _short(rows, url_name, **query):
    """The first rows, and the address of the list that has the rest ('' if there is no rest)."""
    more = len(rows) > MOST_ROWS
    return {"rows": rows[:MOST_ROWS], "all_url": f"{reverse(url_name)}?{urlencode(query)}" if more else ""}
