"""The addresses of people: the entrance, and one's own page."""

from django.urls import include, path

from . import entrance, views
from .security_log.views import security_log

own_pages = [
    path("profile/", views.profile, name="profile"),
    path("accounts/kept/<slug:key>/", views.form_kept, name="form_kept"),
    path("accounts/back/", views.back_in, name="back_in"),
    path("profile/sessions/end/", views.sessions_end, name="sessions_end"),
    path("security/", security_log, name="security_log"),
    path("preferences/set/", views.preference_set, name="preference_set"),
]

urlpatterns = [
    path("", include(entrance)),
    path("", include((own_pages, "accounts"))),
]
