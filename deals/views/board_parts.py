"""What is answered to an action on the board: the parts of it that changed, never the whole."""

from urllib.parse import urlsplit

from django.http import QueryDict
from django.middleware.csrf import get_token
from django.urls import Resolver404, resolve

from ui.answers import show, wants_part

from .board import BOARD, board_of, figures


def board_behind(request, pipeline):
    """The board that htmx asks from, as it is narrowed there; None if it asks from another page."""
    address = wants_part(request) and request.htmx.current_url_abs_path
    if not address:
        return None
    parts = urlsplit(address)
    try:
        page = resolve(parts.path)
    except Resolver404:
        return None
    if page.view_name != "deals:board" or page.kwargs["pk"] != pipeline.pk:
        return None
    return board_of(request, pipeline, QueryDict(parts.query))


def answer_on_board(request, board, deal, text, *, undo="", stages=None, status=200):
    """A toast, the card of `deal` where it is now, and the totals, of the `board` behind the request.

    `undo` is the address whose POST takes it back; `stages` are the ids of those whose totals
    changed, all unless given.
    """
    cards = board.cards([deal.pk])
    context = figures(board) | {
        "text": text,
        "undo": undo,
        "kind": "success" if status == 200 else "error",
        "cards": cards,
        "gone": [] if cards else [deal.pk],
        "csrf_token": get_token(request),
    }
    if stages:
        context["columns"] = [column for column in context["columns"] if column.stage.pk in stages]
    response = show(request, BOARD, "moved", context, status=status)
    response.headers["HX-Trigger"] = "voronka:done"
    return to_toasts(response)


def to_toasts(response):
    """Send the part among the toasts, whatever the request wanted it to replace."""
    response.headers["HX-Retarget"] = "#toasts"
    response.headers["HX-Reswap"] = "beforeend"
    return response
