"""Who is let in, asked at log-in and again at each request."""

from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef

from .models import User


class RoleBackend(AuthenticationBackend):
    """allauth's log-in by e-mail, for those who work here and can log in."""

    def user_can_authenticate(self, user):
        return user.may_enter

    @classmethod
    def _stash_user(cls, user):
        """Refuse who may not enter in the words for a wrong password, not by a page that knows him."""
        return None

    def get_user(self, user_id):
        """Return the person of a session, None if he may no longer enter.

        With role, scopes, team, and whether he `has_second_factor`.
        """
        phone = Authenticator.objects.filter(user_id=OuterRef("pk"), type=Authenticator.Type.TOTP)
        user = (
            User.objects.select_related("role", "team")
            .prefetch_related("role__scopes")
            .annotate(has_second_factor=Exists(phone))
            .filter(pk=user_id)
            .first()
        )
        return user if user and user.may_enter else None
