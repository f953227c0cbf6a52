"""The addresses of people: the entrance, one's own page, invitations."""

from django.urls import include, path

from . import entrance
from .security_log.views import security_log
from .views import email, invitations, own_page

own_pages = [
    path("profile/", own_page.profile, name="profile"),
    path("profile/email/", email.email_change, name="email_change"),
    path("profile/email/<slug:token>/", email.email_confirm, name="email_confirm"),
    path("accounts/kept/<slug:key>/", own_page.form_kept, name="form_kept"),
    path("accounts/back/", own_page.back_in, name="back_in"),
    path("profile/sessions/end/", own_page.sessions_end, name="sessions_end"),
    path("security/", security_log, name="security_log"),
    path("preferences/set/", own_page.preference_set, name="preference_set"),
    path("people/invitations/", invitations.invitation_list, name="invitation_list"),
    path(
        "people/invitations/<int:pk>/send-again/",
        invitations.invitation_send_again,
        name="invitation_send_again",
    ),
    path(
        "people/invitations/<int:pk>/withdraw/",
        invitations.invitation_withdraw,
        name="invitation_withdraw",
    ),
    path("accounts/invitation/<slug:token>/", invitations.invitation_open, name="invitation_open"),
    path("accounts/join/", invitations.join, name="join"),
]

urlpatterns = [
    path("", include(entrance)),
    path("", include((own_pages, "accounts"))),
]
