"""The proof that a letter was read, for a change of e-mail; that of a new password is Django's own."""

from django.contrib.auth.tokens import PasswordResetTokenGenerator


class EmailTokens(PasswordResetTokenGenerator):
    """For an hour (PASSWORD_RESET_TIMEOUT), and until password, e-mail or the wish is another.

    Unlike a new password's it outlives a log-in: the letter may be opened in another browser.
    """

    key_salt = "accounts.email"

    def _make_hash_value(self, user, timestamp):
        return f"{user.pk} {user.password} {user.email} {user.new_email} {timestamp}"


email_tokens = EmailTokens()
