"""Addresses of the room."""

from django.urls import path

from . import views

app_name = "directories"
urlpatterns = [path("directories/suggest/<slug:entity>/", views.suggest, name="suggest")]
