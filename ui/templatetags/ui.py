"""The tags and filters of every template (built in, nothing to load). None of them queries."""

from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from .. import formats

register = template.Library()

for formatter in (
    formats.num,
    formats.money,
    formats.currency_sign,
    formats.day,
    formats.clock,
    formats.when,
    formats.moment,
    formats.due,
    formats.days,
    formats.days_short,
    formats.percent,
    formats.initials,
    formats.color_of,
):
    register.filter(formatter.__name__, formatter)


@register.simple_tag
@lru_cache(maxsize=512)  # a board shows hundreds of the same ten
def icon(name: str, size: int | str = "") -> SafeString:
    """An icon of the sprite: `{% icon "plus" %}`, `{% icon "bell" 20 %}` (20 or 32)."""
    css = f"i i-{size}" if size else "i"
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"></use></svg>', css, static("icons.svg"), name
    )


@register.simple_tag
def avatar(person, size: int | str = "", label: str = "") -> SafeString:
    """A person's initials in a circle that stands alone; `label` goes before the name for readers."""
    name = (
        _("%(label)s: %(name)s") % {"label": label, "name": person.full_name} if label else person.full_name
    )
    return format_html(
        '<span class="avatar{} c-{}" role="img" aria-label="{}" title="{}">{}</span>',
        f" avatar-{size}" if size else "",
        formats.color_of(person),
        name,
        person.full_name,
        person.initials,
    )


@register.simple_tag
def person(somebody, size: int | str = "") -> SafeString:
    """The circle and the short name: `{% person deal.owner %}`."""
    return format_html(
        '<span class="person" title="{}"><span class="avatar{} c-{}" aria-hidden="true">{}</span>'
        "<span>{}</span></span>",
        somebody.full_name,
        f" avatar-{size}" if size else "",
        formats.color_of(somebody),
        somebody.initials,
        somebody.short_name,
    )


@register.simple_tag
def square(thing, name: str, size: int | str = 32) -> SafeString:
    """The initials of an organization (or a contact) in a square, for looks only."""
    return format_html(
        '<span class="avatar avatar-sq avatar-{} c-{}" aria-hidden="true">{}</span>',
        size,
        formats.color_of(thing),
        formats.initials(name),
    )


@register.simple_tag
def chip(text: str, kind: str = "", icon_name: str = "", title: str = "") -> SafeString:
    """A chip; its kind is plain, today, overdue, idle, none, won or lost."""
    return format_html(
        '<span class="chip{}"{}>{}<span>{}</span></span>',
        f" chip-{kind}" if kind else "",
        format_html(' title="{}"', title) if title else "",
        icon(icon_name) if icon_name else "",
        text,
    )


@register.simple_tag
def stage_chip(stage) -> SafeString:
    """A stage with the dot of its colour."""
    return format_html('<span class="chip chip-stage c-{}"><span>{}</span></span>', stage.color, stage.name)
