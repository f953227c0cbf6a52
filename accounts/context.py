"""What every page knows of the company."""


def company(request):
    """The company (None before `/setup/`), as PersonMiddleware found it."""
    return {"company": getattr(request, "company", None)}
