"""Who is let in, asked at log-in and again at each request."""

from allauth.account.auth_backends import AuthenticationBackend

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
        """Return the person of a session with role, scopes and team, None if he may no longer enter."""
        user = (
            User.objects.select_related("role", "team")
            .prefetch_related("role__scopes")
            .filter(pk=user_id)
            .first()
        )
        return user if user and user.may_enter else None
