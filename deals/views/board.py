"""The board: the open deals of a pipeline, a column a stage."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.rights import Action, Entity, Right, Scope
from pipeline.models import Pipeline, Stage
from ui.answers import show, wants_part

from ..board import Board, Column
from ..board_changes import Token, changes_since
from ..board_filter import BoardFilter
from ..models import Deal

BOARD = "deals/board.html"
LAST_BOARD = "board"  # the cookie that remembers the pipeline
A_YEAR = 365 * 24 * 3600


def board_of(request, pipeline, query=None):
    """Return the board of `pipeline` as the person sees it, narrowed by `query` (the request's own)."""
    query = request.GET if query is None else query
    return Board(pipeline, request.user, BoardFilter(query, user=request.user, company=request.company))


def figures(board):
    """Return what the totals of the board are shown from."""
    columns = board.totals()
    return {
        "board": board,
        "query": board.narrowed_by.query,
        "columns": columns,
        "count": sum(column.count for column in columns),
        "amount": sum(column.amount for column in columns),
        "attention": board.attention(),
        "may_create": board.user.has_right(Right.CHANGE_DEALS),
    }


@require_safe
def board_last(request):
    """On to the board that was used last, else to the first one."""
    pipelines = Pipeline.objects.visible_to(request.user).in_use()
    last = request.COOKIES.get(LAST_BOARD, "")
    used = pipelines.filter(pk=last).first() if last.isdecimal() and len(last) < 10 else None
    pipeline = used or pipelines.first()
    if pipeline is None:
        return render(request, "deals/no_board.html")
    return redirect("deals:board", pipeline.pk)


@require_safe
def board(request, pk):
    pipelines = list(Pipeline.objects.visible_to(request.user).in_use())
    pipeline = get_object_or_404(Pipeline.objects.visible_to(request.user).in_use(), pk=pk)
    shown = board_of(request, pipeline)
    response = show(
        request, BOARD, None, _page(shown, shown.columns()) | {"pipelines": _counted(request, pipelines)}
    )
    response.set_cookie(
        LAST_BOARD, pk, max_age=A_YEAR, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return response


@require_safe
def board_column(request, pk, stage_pk):
    """The next page of a column; without htmx the board with that column alone."""
    pipeline = get_object_or_404(Pipeline.objects.visible_to(request.user).in_use(), pk=pk)
    stage = get_object_or_404(
        Stage.objects.visible_to(request.user).in_use().open(), pk=stage_pk, pipeline=pipeline
    )
    shown = board_of(request, pipeline)
    page = shown.page(stage, request.GET.get("after"))
    column = Column(stage, cards=page)
    if wants_part(request):
        context = {"board": shown, "query": shown.narrowed_by.query, "column": column}
        return show(request, BOARD, "cards", context)
    columns = [each for each in shown.totals() if each.stage.pk == stage.pk]
    columns[0].cards = page
    return show(request, BOARD, "cards", _page(shown, columns) | {"alone": stage})


@require_safe
def board_changes(request, pk):
    """What has changed since the token `since`: 204 if nothing; a page to load anew if too much has."""
    pipeline = get_object_or_404(Pipeline.objects.visible_to(request.user).in_use(), pk=pk)
    shown = board_of(request, pipeline)
    token = Token.read(request.GET.get("since", ""))
    changes, token = changes_since(shown, token) if token else (None, None)
    if token is None:
        return HttpResponse(headers={"HX-Refresh": "true"})
    if changes is None:
        return HttpResponse(status=204)
    context = figures(shown) | {"cards": changes.cards, "gone": changes.gone, "token": token}
    return render(request, f"{BOARD}#changes", context)


def _page(board, columns):
    """What the page of the board shows, from its `columns` with their cards."""
    return {
        "board": board,
        "query": board.narrowed_by.query,
        "filter": board.narrowed_by,
        "columns": columns,
        "count": sum(column.count for column in columns),
        "amount": sum(column.amount for column in columns),
        "attention": board.attention(),
        "token": Token.now(board),
        "may_create": board.user.has_right(Right.CHANGE_DEALS),
        "may_archive": board.user.role.scope(Entity.DEAL, Action.ARCHIVE) > Scope.NONE,
    }


def _counted(request, pipelines):
    """The pipelines to switch to, with the number of open deals in each; nothing where there is one."""
    if len(pipelines) < 2:
        return []
    counts = Deal.objects.visible_to(request.user).open().per_pipeline()
    for pipeline in pipelines:
        pipeline.count = counts.get(pipeline.pk, 0)
    return pipelines
