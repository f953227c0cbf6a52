"""The addresses of allauth that this house uses, under allauth's own names: no sign-up, no reset yet."""

from allauth.account import views
from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.i18n import set_language

urlpatterns = [
    path("accounts/login/", views.login, name="account_login"),
    path("accounts/logout/", views.logout, name="account_logout"),
    path("accounts/inactive/", views.account_inactive, name="account_inactive"),
    path("accounts/password/change/", views.password_change, name="account_change_password"),
    path("accounts/reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    # before the log-in; afterwards the language is a setting of the person
    path("language/", login_not_required(set_language), name="set_language"),
]
