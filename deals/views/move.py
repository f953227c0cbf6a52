"""The move of a deal: one address for board, card and menu."""

from urllib.parse import urlencode

from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.rights import Right, right_required
from pipeline.models import Stage
from pipeline.refusals import MissingFields
from ui.answers import Refusal, leave, say, show, wants_part

from ..models import Deal
from ..move_form import MoveForm
from .board_parts import answer_on_board, board_behind, to_toasts

MOVE = "deals/move.html"


@require_http_methods(["GET", "HEAD", "POST"])
@right_required(Right.CHANGE_DEALS)
def deal_move(request, pk):
    """The menu of stages, or with `?stage=` of the lost one its reasons; the POST moves the deal."""
    deal = get_object_or_404(Deal.objects.visible_to(request.user).select_related("stage__pipeline"), pk=pk)
    if request.method != "POST":
        return _ask(request, deal)
    # What an "Undo" takes back stands in its address.
    posted = QueryDict(mutable=True)
    for each in (request.GET, request.POST):
        posted.update(each)
    form = MoveForm(posted, deal=deal, user=request.user)
    if not form.is_valid():
        sentence = " ".join(error for errors in form.errors.values() for error in errors)
        return _refused(request, deal, sentence, status=422)
    try:
        moved = deal.move_to(
            form.cleaned_data["stage"],
            by=request.user,
            seen_in=form.cleaned_data["seen_in"],
            lost_reason=form.cleaned_data["lost_reason"],
        )
    except MissingFields as refusal:
        return _ask(request, deal, stage=refusal.stage, seen_in=form.cleaned_data["seen_in"].pk, status=422)
    except Refusal as refusal:
        return _refused(request, deal, str(refusal), status=refusal.status)
    return _moved(request, deal, moved)


def _ask(request, deal, *, stage=None, seen_in=None, sentence="", status=200):
    """The menu of the stages, or the reasons if `stage` asks for one; `sentence` says what was refused."""
    stages = list(
        Stage.objects.visible_to(request.user).in_use().filter(pipeline=deal.stage.pipeline_id).in_order()
    )
    wanted = stage.pk if stage else request.GET.get("stage", "")
    stage = next(
        (each for each in stages if str(each.pk) == str(wanted) and each.kind == Stage.Kind.LOST), None
    )
    context = {
        "deal": deal,
        "stages": [each for each in stages if each.is_open],
        "ends": [each for each in stages if not each.is_open],
        "stage": stage,
        "sentence": sentence,
        "seen_in": seen_in or request.GET.get("seen_in") or deal.stage_id,
        "next": _next(request),
    }
    if stage:
        context["reasons"] = MoveForm(deal=deal, user=request.user).fields["lost_reason"].queryset
    response = show(request, MOVE, "reasons" if stage else "menu", context, status=status)
    if stage and status != 200:
        response.headers["HX-Retarget"] = "#dialogs"
        response.headers["HX-Reswap"] = "innerHTML"
    return response


def _moved(request, before, deal):
    """The board's parts that changed, with a toast that can take it back; elsewhere on to the page."""
    text = _("“%(deal)s” → “%(stage)s”") % {"deal": deal.title, "stage": deal.stage.name}
    board = board_behind(request, deal.stage.pipeline)
    back = {"stage": before.stage_id, "seen_in": deal.stage_id, "lost_reason": before.lost_reason_id}
    if board:
        stages = {before.stage_id, deal.stage_id}
        return answer_on_board(request, board, deal, text, undo=_undo(deal, back), stages=stages)
    page = _next(request) or (
        deal if wants_part(request) else reverse("deals:board", args=[deal.stage.pipeline_id])
    )
    if before.stage_id != deal.stage_id:
        say(request, text, undo=_undo(deal, back | {"next": _next(request)}))
    return leave(request, page)


def _refused(request, deal, sentence, *, status):
    """Where the deal is now, and why it stays there."""
    board = board_behind(request, deal.stage.pipeline)
    if board:
        return answer_on_board(request, board, deal, sentence, status=status)
    deal = get_object_or_404(
        Deal.objects.visible_to(request.user).select_related("stage__pipeline"), pk=deal.pk
    )
    if wants_part(request):
        response = show(request, MOVE, "refused", {"sentence": sentence}, status=status)
        return to_toasts(response)
    return _ask(request, deal, seen_in=deal.stage_id, sentence=sentence, status=status)


def _next(request):
    """The page of this site to go back to, '' if none is named."""
    address = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        address, {request.get_host()}, require_https=request.is_secure()
    )
    return address if is_ours else ""


def _undo(deal, fields):
    fields = {name: value for name, value in fields.items() if value}
    return f"{reverse('deals:deal_move', args=[deal.pk])}?{urlencode(fields)}"
