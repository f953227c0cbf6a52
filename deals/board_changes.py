"""What has changed on a board since it was last looked at.

A mark is one thing that happened to one deal: a version of it, or the end of a stay on this board.
A token says since when marks are looked for, and which of them were shown already: the same span
is looked at again for a while, since what is written now may be committed a little later.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.core import signing
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat

from .models import Deal, StageHistory

OVERLAP = timedelta(seconds=30)  # longer than any page's or job's transaction takes to commit
MOST = 200  # more at once (an import): the page is loaded anew
SALT = "deals.board_changes"


@dataclass
class Changes:
    """The deals that changed: the cards of those on the board now, and the ids of those that are not."""

    cards: list
    gone: list[int]


@dataclass
class Token:
    """Since when to look, and the marks that were shown."""

    since: datetime
    shown: list[str] = field(default_factory=list)

    def __str__(self):
        return signing.dumps({"since": self.since.isoformat(), "shown": self.shown}, salt=SALT, compress=True)

    @classmethod
    def read(cls, text):
        """Return the token that `text` writes, None if it is none of ours."""
        try:
            known = signing.loads(text, salt=SALT)
        except signing.BadSignature:
            return None
        return cls(datetime.fromisoformat(known["since"]), known["shown"])

    @classmethod
    def now(cls, board):
        """Return the token of a board that is shown for the first time."""
        marks = marks_since(board, board.asked_at - OVERLAP)
        return cls.after(board, marks)

    @classmethod
    def after(cls, board, marks):
        if len(marks) > MOST:
            return cls(board.asked_at)
        return cls(board.asked_at - OVERLAP, sorted(marks))


def marks_since(board, since):
    """Return {mark: deal id} of what happened on `board` since then, at most MOST + 1: one query.

    The deals that changed and are here, and those that were here and left: a stay ends with the
    stage, the responsible and the archive, so what left someone's sight is found by who saw it then.
    """
    stages = [stage.pk for stage in board.open_stages]
    here = Deal.objects.visible_to(board.user).open().filter(stage__in=stages, updated_at__gte=since)
    left = StageHistory.objects.seen_then_by(board.user).filter(stage__in=stages, left_at__gte=since)
    marks = here.order_by().values_list(_mark("pk", "v", "version"), F("pk")).union(
        left.values_list(_mark("deal_id", "s", "pk"), F("deal_id")), all=True
    )  # fmt: skip
    return dict(marks[: MOST + 1])


def changes_since(board, token):
    """Return (Changes, the next Token); (None, token) if nothing is new, (None, None) if too much is."""
    marks = marks_since(board, token.since)
    if len(marks) > MOST:
        return None, None
    shown = set(token.shown)
    changed = {pk for mark, pk in marks.items() if mark not in shown}
    if not changed:
        return None, token
    cards = board.cards(changed)
    return Changes(cards, sorted(changed - {deal.pk for deal in cards})), Token.after(board, marks)


def _mark(deal, kind, number):
    return Concat(Cast(deal, CharField()), Value(kind), Cast(number, CharField()))
