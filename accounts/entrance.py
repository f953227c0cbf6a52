"""The addresses of allauth that this house uses, under allauth's own names: no sign-up."""

from allauth.account import views
from django.contrib.auth.decorators import login_not_required
from django.urls import path, re_path
from django.views.generic import RedirectView
from django.views.i18n import set_language

from .second_factor import views as second_factor

urlpatterns = [
    path("accounts/login/", views.login, name="account_login"),
    path("accounts/logout/", views.logout, name="account_logout"),
    path("accounts/inactive/", views.account_inactive, name="account_inactive"),
    path("accounts/password/change/", views.password_change, name="account_change_password"),
    path("accounts/password/reset/", views.password_reset, name="account_reset_password"),
    path("accounts/password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[0-9A-Za-z-]+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "accounts/password/reset/key/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("accounts/reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("accounts/2fa/", RedirectView.as_view(pattern_name="accounts:profile"), name="mfa_index"),
    path("accounts/2fa/code/", second_factor.LogInCode.as_view(), name="mfa_authenticate"),
    path("accounts/2fa/set-up/", second_factor.SetUp.as_view(), name="mfa_activate_totp"),
    path("accounts/2fa/switch-off/", second_factor.SwitchOff.as_view(), name="mfa_deactivate_totp"),
    path("accounts/2fa/recovery/", second_factor.RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path(
        "accounts/2fa/recovery/new/",
        second_factor.NewRecoveryCodes.as_view(),
        name="mfa_generate_recovery_codes",
    ),
    # before the log-in; afterwards the language is a setting of the person
    path("language/", login_not_required(set_language), name="set_language"),
]
