"""The list of organizations."""

from django.views.decorators.http import require_safe

from accounts.rights import Right
from directories.fields import fields_of, load_names
from directories.lists import RecordFilter, at_address
from ui.answers import show, wants_part
from ui.paging import by_key, capped_count

from ..models import Organization

FILTERED = {"inn", "parent", "owner"}  # built-in fields of the panel
OWN_COLUMNS = 2  # more would leave no room for the name


@require_safe
def organization_list(request):
    """Organizations in the order of names, narrowed by the address; `?after=` is the next page."""
    user = request.user
    fields = fields_of(Organization)
    narrowed = RecordFilter(
        request.GET,
        Organization.objects.visible_to(user),
        [field for field in fields if field.is_own or field.name in FILTERED],
        user,
    )
    after = request.GET.get("after")
    page = by_key(narrowed.queryset.for_list(), order=("sort_key", "id"), after=after)
    columns = [field for field in fields if field.is_own][:OWN_COLUMNS]
    load_names(page.rows, columns)
    for organization in page:
        organization.columns = [field.of(organization) for field in columns]
    context = {
        "filter": narrowed,
        "page": page,
        "columns": columns,
        "may_make": user.has_right(Right.CHANGE_ORGANIZATIONS),
    }
    if not (after and wants_part(request)):  # the whole page, also of later rows, says how many there are
        context["count"] = capped_count(narrowed.queryset)
    response = show(request, "organizations/list.html", "rows" if after else "list", context)
    return response if after else at_address(request, response, narrowed)
