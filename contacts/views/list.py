"""The list of contacts."""

from django.views.decorators.http import require_safe

from accounts.rights import Right
from directories.fields import fields_of, load_names
from directories.lists import RecordFilter, at_address
from ui.answers import show, wants_part
from ui.paging import by_key, capped_count

from ..models import Contact

FILTERED = {"organization", "position", "source", "birthday", "owner"}  # built-in fields of the panel
OWN_COLUMNS = 2  # more would leave no room for the name


@require_safe
def contact_list(request):
    """Contacts in the order of names, narrowed by the address; `?after=` is the next page."""
    user = request.user
    fields = fields_of(Contact)
    own = [field for field in fields if field.is_own]
    narrowed = RecordFilter(
        request.GET,
        Contact.objects.visible_to(user),
        [field for field in fields if field.is_own or field.name in FILTERED],
        user,
    )
    after = request.GET.get("after")
    page = by_key(narrowed.queryset.for_list(), order=("sort_key", "id"), after=after)
    columns = own[:OWN_COLUMNS]
    load_names(page.rows, columns)
    for contact in page:
        contact.columns = [field.of(contact) for field in columns]
    context = {
        "filter": narrowed,
        "page": page,
        "columns": columns,
        "may_make": user.has_right(Right.CHANGE_CONTACTS),
    }
    if not (after and wants_part(request)):  # the whole page, also of later rows, says how many there are
        context["count"] = capped_count(narrowed.queryset)
    response = show(request, "contacts/list.html", "rows" if after else "list", context)
    return response if after else at_address(request, response, narrowed)
