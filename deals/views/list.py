"""The list of deals, narrowed, sorted and paged by its address."""

from itertools import groupby

from django.views.decorators.http import require_safe

from directories.fields import fields_of, load_names
from ui.answers import show, wants_part
from ui.paging import by_key, capped_count

from ..create_form import stages_for
from ..filters import DealFilter
from ..happened import NAMES as HAPPENED
from ..listing import ORDERS, order_of, sorts_of, tabs_for
from ..models import Deal

LIST = "deals/list.html"
ROWS_A_PAGE = 50
MOST_ON_A_TAB = 1000
OWN_COLUMNS = 2  # more would leave no room for the title
KEPT = ("archived", "contact", "organization", *HAPPENED)


@require_safe
def deal_list(request):
    """The deals that the person sees; the parameters are told in `deals.filters`."""
    user = request.user
    visible = Deal.objects.visible_to(user)
    fields = fields_of(Deal)
    narrowed = DealFilter(request.GET, visible, fields, user, request.company)
    sorts = sorts_of(narrowed)
    sort, order = order_of(request.GET.get("sort", ""), narrowed)
    page = by_key(narrowed.queryset.for_list(), order=order, after=request.GET.get("after"), size=ROWS_A_PAGE)
    columns = [field for field in fields if field.is_own][:OWN_COLUMNS]
    load_names(page.rows, columns)
    for deal in page:
        deal.columns = [field.of(deal) for field in columns]
    context = {
        "page": page,
        "sort": sort,
        "sorts": sorts,
        "narrowed": narrowed,
        "columns": columns,
        "asked": request.GET,
        "is_won": narrowed.cleaned.get("outcome") == "won" and not narrowed.cleaned.get("archived"),
    }
    if request.GET.get("after") and wants_part(request):
        return show(request, LIST, "rows", context)
    counts = {
        "overdue": capped_count(visible.overdue(), MOST_ON_A_TAB),
        "none": capped_count(visible.without_next_step(), MOST_ON_A_TAB),
        "idle": capped_count(visible.idle(), MOST_ON_A_TAB),
    }
    stages = groupby(stages_for(user), key=lambda stage: stage.pipeline)
    context |= {
        "count": capped_count(narrowed.queryset),
        "tabs": [
            {"name": name, "label": label, "query": query, "count": counts.get(name)}
            for name, label, query in tabs_for(user)
        ],
        "orders": [(value, label) for value, label in ORDERS if value.lstrip("-") in sorts],
        "stages": [(pipeline, list(of_it)) for pipeline, of_it in stages],
        "chosen_stages": {stage.pk for stage in narrowed.cleaned.get("stage") or ()},
        "chosen_people": [person.pk for person in narrowed.cleaned.get("responsible") or ()],
        # what the panel has no input for, and keeps
        "kept": [(name, request.GET[name]) for name in KEPT if request.GET.get(name)],
    }
    return show(request, LIST, None, context)
