"""The addresses of deals: board, list, card, dashboard."""

from django.urls import path

from .views import board, card, create, doors, funnel, list, move

app_name = "deals"

urlpatterns = [
    # the board and moves
    path("board/", board.board_last, name="board_last"),
    path("board/<int:pk>/", board.board, name="board"),
    path("board/<int:pk>/stage/<int:stage_pk>/", board.board_column, name="board_column"),
    path("board/<int:pk>/changes", board.board_changes, name="board_changes"),
    path("deals/<int:pk>/move/", move.deal_move, name="deal_move"),
    # list, card, new
    path("deals/", list.deal_list, name="deal_list"),
    path("deals/new/", create.deal_new, name="deal_new"),
    path("deals/<int:pk>/", card.deal_card, name="deal_card"),
    path("deals/<int:pk>/changes", card.deal_changes, name="deal_changes"),
    path("deals/<int:pk>/field/<slug:name>/", card.deal_field, name="deal_field"),
    path("deals/<int:pk>/assign/", doors.deal_assign, name="deal_assign"),
    path("deals/<int:pk>/pipeline/", doors.deal_pipeline, name="deal_pipeline"),
    path("deals/<int:pk>/archive/", doors.deal_archive, name="deal_archive"),
    path("deals/<int:pk>/restore/", doors.deal_restore, name="deal_restore"),
    # the dashboard
    path("funnel/", funnel.funnel_last, name="funnel_last"),
    path("funnel/<int:pk>/", funnel.funnel, name="funnel"),
]
