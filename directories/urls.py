"""Addresses of the room."""

from django.urls import path

from . import views

app_name = "directories"
urlpatterns = [
    path("history/<slug:entity>/<int:pk>/", views.record_history, name="record_history"),
    path("history/<slug:entity>/<int:pk>/undo/<int:change>/", views.change_undo, name="change_undo"),
    path("directories/suggest/<slug:entity>/", views.suggest, name="suggest"),
]
