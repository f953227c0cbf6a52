"""What is done to a deal as a whole: handed over, put into another funnel, archived, restored."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.rights import Action
from pipeline.refusals import PipelineRetired
from records.refusals import NotAllowed
from records.views import assign
from ui.answers import Refusal, leave, say, show

from ..forms import PipelineForm
from ..models import Deal
from .board_parts import answer_on_board, board_behind


@require_http_methods(["GET", "HEAD", "POST"])
def deal_assign(request, pk):
    """Another responsible."""
    return assign(request, get_object_or_404(Deal.objects.visible_to(request.user), pk=pk))


@require_http_methods(["GET", "HEAD", "POST"])
def deal_pipeline(request, pk):
    """An open stage of another funnel; from the archive too, where the funnel it stood in is out of use."""
    deal = get_object_or_404(Deal.objects.visible_to(request.user).for_card(), pk=pk)
    comes_back = (
        deal.is_archived and deal.stage.pipeline.is_retired and deal.allows(request.user, Action.ARCHIVE)
    )
    if not (comes_back or deal.may_be_changed_by(request.user)):
        raise NotAllowed
    form = PipelineForm(request.POST if request.method == "POST" else None, deal=deal, user=request.user)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            stage = form.cleaned_data["stage"]
            try:
                if comes_back:
                    deal.restore(by=request.user, into=stage)
                else:
                    deal.move_to_pipeline(stage, by=request.user, seen_in=form.cleaned_data["seen_in"])
            except Refusal as refusal:
                refusal.add_to(form)
                status = refusal.status
            else:
                say(
                    request,
                    _("The deal is in the pipeline “%(pipeline)s” now.") % {"pipeline": stage.pipeline},
                )
                return leave(request, deal)
    context = {"deal": deal, "form": form, "why": PipelineRetired(deal.stage.pipeline) if comes_back else ""}
    return show(request, "deals/pipeline.html", "dialog", context, status=status)


@require_POST
def deal_archive(request, pk):
    """Into the archive, from where it can be restored."""
    deal = get_object_or_404(Deal.objects.visible_to(request.user).select_related("stage__pipeline"), pk=pk)
    deal.archive(by=request.user)
    return _put(
        request, deal, _("The deal is in the archive."), undo=reverse("deals:deal_restore", args=[pk])
    )


@require_POST
def deal_restore(request, pk):
    """Out of the archive; if its pipeline is out of use meanwhile, first to the choice of another."""
    deal = get_object_or_404(Deal.objects.visible_to(request.user).select_related("stage__pipeline"), pk=pk)
    try:
        deal.restore(by=request.user)
    except PipelineRetired:
        return leave(request, reverse("deals:deal_pipeline", args=[pk]))
    return _put(request, deal, _("The deal is back from the archive."))


def _put(request, deal, text, *, undo=""):
    """On the board its parts that changed, elsewhere the card of the deal."""
    board = board_behind(request, deal.stage.pipeline)
    if board:
        return answer_on_board(request, board, deal, text, undo=undo)
    say(request, text, undo=undo)
    return leave(request, deal)
