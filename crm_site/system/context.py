"""What every page tells the administrator of the installation."""

from django.conf import settings


def encryption(request):
    """`is_unencrypted`: the administrator looks, and what colleagues type travels as it is."""
    user = getattr(request, "user", None)
    return {"is_unencrypted": settings.IS_UNENCRYPTED and user is not None and user.is_staff}
