"""The five figures on top of the dashboard, in words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from ui.formats import day, days, money, num, percent

UP, DOWN, SAME = "is-up", "is-down", "is-same"
ARROWS = {UP: "arrow-narrow-up", DOWN: "arrow-narrow-down"}


@dataclass(frozen=True)
class Tile:
    """A figure: what it is, how much, and how it differs from before (`course` UP, DOWN or SAME)."""

    label: str
    hint: str
    figure: str
    small: str = ""
    difference: str = ""
    course: str = SAME
    url: str = ""

    @property
    def arrow(self):
        return ARROWS.get(self.course, "")


def course(difference):
    return SAME if not difference else UP if difference > 0 else DOWN


def signed(text, difference):
    return f"+{text}" if difference > 0 else text


def in_days(period):
    """1–12 Oct, or 28 Sep – 12 Oct."""
    first, last = period.first, period.last
    if first == last:
        return day(last)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day(last)}"
    return f"{day(first)} – {day(last)}"


def tiles(dashboard, *, open_url, won_url):
    """Return the tiles of `dashboard` (Dashboard)."""
    return [
        _open(dashboard, open_url),
        _forecast(dashboard, open_url),
        _won(dashboard, won_url),
        _win_share(dashboard),
        _days_to_win(dashboard),
    ]


def _open(dashboard, url):
    now, difference = dashboard.now, dashboard.difference.count
    return Tile(
        label=_("Open now"),
        hint=_("Deals that are neither closed nor in the archive"),
        figure=num(now.count),
        small=money(now.amount, dashboard.pipeline.currency),
        difference=_("%(difference)s against %(day)s")
        % {"difference": signed(num(difference), difference), "day": day(dashboard.asof)},
        url=url,
    )


def _forecast(dashboard, url):
    currency, whole = dashboard.pipeline.currency, dashboard.whole
    difference = whole["weighted_difference"]
    return Tile(
        label=_("Forecast by probability"),
        hint=_("The amount of each open deal times the probability of its stage"),
        figure=money(whole["weighted"], currency),
        difference=_("%(difference)s against %(day)s")
        % {"difference": signed(money(difference, currency), difference), "day": day(dashboard.asof)},
        course=course(difference),
        url=url,
    )


def _won(dashboard, url):
    won, before = dashboard.closings.won, dashboard.closings_before.won
    difference = won.count - before.count
    return Tile(
        label=_("Won in the period"),
        hint=_("Deals that came to the stage of the won ones in the period, each once"),
        figure=num(won.count),
        small=money(won.amount, dashboard.pipeline.currency),
        difference=_("%(difference)s against %(day)s")
        % {"difference": signed(num(difference), difference), "day": in_days(dashboard.period.before)},
        course=course(difference),
        url=url,
    )


def _win_share(dashboard):
    share, before = dashboard.closings.win_share, dashboard.closings_before.win_share
    change, difference = "", None
    if share is not None and before is not None:
        difference = round(share * 100) - round(before * 100)
        change = _("%(difference)s p.p. against %(day)s") % {
            "difference": signed(num(difference), difference),
            "day": in_days(dashboard.period.before),
        }
    return Tile(
        label=_("From inquiry to win"),
        hint=_("The share of won deals among those closed in the period"),
        figure=percent(share) or "—",
        difference=change,
        course=course(difference),
    )


def _days_to_win(dashboard):
    took, before = dashboard.closings.days_to_win, dashboard.closings_before.days_to_win
    change, faster = "", None
    if took is not None and before is not None:
        faster = round(before) - round(took)
        text = _("faster by %(days)s") if faster > 0 else _("slower by %(days)s")
        change = text % {"days": days(abs(faster))} if faster else _("as long as before")
    return Tile(
        label=_("Average time to win"),
        hint=_("Days from the beginning of a deal to its win, for those won in the period"),
        figure=days(round(took)) if took is not None else "—",
        difference=change,
        course=course(faster),
    )
