"""The keys of links, which stand in their paths and let somebody in: in no log and no record (TRUST S40)."""

import re

# an invitation, a new password, a new e-mail; a form that was kept
KEY_IN_PATH = re.compile(r"(/accounts/(?:invitation|password/reset/key|kept)/|/profile/email/)[\w-]+")


def without_keys(text: str) -> str:
    """Return `text`, a path or what has one in it, with `…` for each key: who reads it must not use it."""
    return KEY_IN_PATH.sub(r"\1…", text)
