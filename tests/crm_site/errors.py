"""Errors of the base, as Django raises them."""

from django.db import OperationalError


def said(cause, wrapped=OperationalError):
    """Return an error as Django raises it for `cause`, what PostgreSQL said."""
    error = wrapped(str(cause))
    error.__cause__ = cause
    return error
