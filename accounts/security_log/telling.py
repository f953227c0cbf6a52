"""What a security event tells, in words."""

from django.utils.translation import gettext_lazy as _

from ..models import Role

PARTICULARS = {
    "person": _("person"),
    "count": _("how many"),
    "email": _("e-mail"),
    "path": _("page"),
    "status": _("answer"),
    "more": _("further ones of this hour are not written down"),
    "team": _("team"),
    "before": _("before"),
    "after": _("after"),
    "works_here": _("works here"),
    "can_log_in": _("can log in"),
    "role": _("role"),
    "scopes": _("whose records the role reaches"),
}


def in_words(event):
    """Yield what `event` (of `for_list`) tells of itself, as `label: value`."""
    told = event.particulars | {"person": event.person_name}
    told = {name: told[name] for name in sorted(told, key=_place)}
    for name, value in told.items():
        if name == "changes":
            for field, (before, after) in value.items():
                label = Role._meta.get_field(field).verbose_name
                yield f"{label}: {said(before)} → {said(after)}"
        elif value not in (None, ""):
            yield f"{PARTICULARS.get(name, name)}: {said(value)}"


def _place(name):
    """Whom it is about comes first, what was before what is."""
    return list(PARTICULARS).index(name) if name in PARTICULARS else len(PARTICULARS)


def said(value):
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return ", ".join(value) if isinstance(value, list) else value
