"""The addresses of people: the entrance, and one's own page."""

from django.urls import include, path

from . import entrance, views

own_pages = [
    path("profile/", views.profile, name="profile"),
    path("preferences/set/", views.preference_set, name="preference_set"),
]

urlpatterns = [
    path("", include(entrance)),
    path("", include((own_pages, "accounts"))),
]
