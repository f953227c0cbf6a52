"""The screens of getting in, of one's own page, and of what is refused."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse

from accounts.models import User
from accounts.tokens import email_tokens
from tests.screen_world import EMPTY, WITHOUT_COMPANY

from .screen import Screen, at


def reset_link(world):
    """Return the link of a letter for a new password, as it would be written now."""
    key = default_token_generator.make_token(User.objects.get(pk=world.boris.pk))
    return reverse("account_reset_password_from_key", args=[user_pk_to_url_str(world.boris), key])


def new_password(world):
    return reverse("account_reset_password_from_key", args=[user_pk_to_url_str(world.boris), "set-password"])


def email_link(world):
    return reverse("accounts:email_confirm", args=[email_tokens.make_token(world.head)])


INVITED = at("accounts:invitation_open", "invitation.token")
ENTRANCE = [
    Screen("setup", at("desk:setup"), who="", age=EMPTY),
    Screen("setup refused", at("desk:setup"), who="", age=EMPTY, status=422, post={}, begun="/setup/"),
    Screen("setup: company", at("desk:setup_company"), who="admin", age=WITHOUT_COMPANY),
    Screen(
        "setup: company refused", at("desk:setup_company"), who="admin", age=WITHOUT_COMPANY,
        status=422, post={}, begun="/setup/company/",
    ),
    Screen("setup: colleagues", at("desk:setup_colleagues"), who="admin"),
    Screen("log-in", at("account_login"), who=""),
    Screen(
        "log-in refused", at("account_login"), who="", begun="/accounts/login/",
        post={"login": "nobody@example.com", "password": "wrong"},
    ),
    Screen("forgotten password", at("account_reset_password"), who=""),
    Screen(
        "forgotten password refused", at("account_reset_password"), who="", post={"email": "x"},
        begun="/accounts/password/reset/",
    ),
    Screen("letter on its way", at("account_reset_password_done"), who=""),
    Screen("link out of use", at("account_reset_password_from_key", "1", "1-a"), who=""),
    Screen("new password", new_password, who="", link=reset_link),
    Screen(
        "new password refused", new_password, who="", post={"password1": "short"}, link=reset_link,
        begun="/accounts/password/reset/",
    ),
    Screen("password is new", at("account_reset_password_from_key_done"), who=""),
    Screen("invitation out of use", at("accounts:invitation_open", "1-a"), who="", status=404),
    Screen("invited", at("accounts:join"), who="", link=INVITED),
    Screen(
        "invited, refused", at("accounts:join"), who="", status=422, post={"password": "short"}, link=INVITED,
        begun="/accounts/join/",
    ),
    Screen("invited, while somebody is logged in", at("accounts:join"), who="boris", link=INVITED),
    Screen("invitations", at("accounts:invitation_list"), who="admin"),
    Screen(
        "invitation refused", at("accounts:invitation_list"), who="admin", status=422, post={"email": "x"},
    ),
    Screen("no longer works here", at("account_inactive"), who=""),
    Screen("log-out", at("account_logout")),
    Screen("change of password", at("account_change_password")),
    Screen(
        "change of password refused", at("account_change_password"), begun="/accounts/password/change/",
        post={"oldpassword": "x", "password1": "short", "password2": "other"},
    ),
    Screen("change of e-mail", at("accounts:email_change")),
    Screen(
        "change of e-mail refused", at("accounts:email_change"), status=422, begun="/profile/email/",
        post={"email": "x", "password": ""},
    ),
    Screen("confirmation of an e-mail", email_link, who="head"),
    Screen("password once more", at("account_reauthenticate")),
    Screen("second factor", at("mfa_activate_totp")),
    Screen(
        "second factor refused", at("mfa_activate_totp"), begun="/accounts/2fa/set-up/", status=422,
        post={"code": "000000"},
    ),
    Screen("second factor switched off", at("mfa_deactivate_totp"), who="head"),
    Screen("recovery codes shown already", at("mfa_view_recovery_codes"), who="head"),
    Screen("new recovery codes", at("mfa_generate_recovery_codes"), who="head"),
    Screen("own page with a second factor", at("accounts:profile"), who="head"),
    Screen("record of security", at("accounts:security_log"), who="admin"),
    Screen("record of security narrowed", at("accounts:security_log", query="?filter=open"), who="admin"),
    Screen("record of security, none", at("accounts:security_log", query="?day=2001-01-01"), who="admin"),
    Screen("own page", at("accounts:profile"), has_frame_opened=True),
    Screen("system", at("system"), who="admin"),
    Screen("own page refused", at("accounts:profile"), status=422, post={"language": "0", "time_zone": "0"}),
]  # fmt: skip

ERRORS = [
    Screen("not found", lambda world: "/nothing-here/", status=404),
    Screen("deal not found", at("deals:deal_card", 987654321), status=404),
    Screen("not allowed", at("admin:login"), status=403),
    Screen("not allowed to make", at("deals:deal_new"), who="observer", status=403),
    Screen(
        "refused without the form's token", at("accounts:preference_set"), status=403,
        post={"csrfmiddlewaretoken": "wrong"},
    ),
    Screen(
        "overtaken move", at("deals:deal_move", "deal.pk"), status=409,
        post=lambda world: {"stage": world.stages[2].pk, "seen_in": world.stages[0].pk},
    ),
]  # fmt: skip
