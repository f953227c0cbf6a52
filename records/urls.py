"""Addresses of the room."""

from django.urls import path

from . import views

app_name = "records"
urlpatterns = [
    path("operations/", views.operation_list, name="operation_list"),
    path("operations/<int:pk>/", views.operation_page, name="operation_page"),
    path("operations/<int:pk>/undo/", views.operation_undo, name="operation_undo"),
]
