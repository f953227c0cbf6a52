"""The addresses of deals: board, list, card, dashboard."""

from django.urls import path  # noqa: F401

app_name = "deals"

urlpatterns = [
    # the board and moves
    # list, card, new
    # the dashboard
]
