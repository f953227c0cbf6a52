"""What every page knows of the company and its mail."""

from django.conf import settings


def mail(_request):
    """Whether letters reach anybody, or are only files of the data folder."""
    return {"mail_goes_out": bool(settings.EMAIL_URL)}


def company(request):
    """The company (None before `/setup/`), as PersonMiddleware found it."""
    return {"company": getattr(request, "company", None)}
