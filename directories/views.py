"""Suggestions for fields that point at a record."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_GET

from .registry import model_of

MOST = 10


@require_GET
def suggest(request, entity):
    """Options with the names that fit the text among the records the person sees, for a datalist.

    `in` is the name of the input that asks, under which htmx sends its text.
    """
    model = model_of(entity)
    if model is None or not hasattr(model.objects, "by_name"):
        raise Http404
    text = request.GET.get(request.GET.get("in", "q"), "")[:100].strip()
    fitting = model.objects.visible_to(request.user).present().search(text).by_name()
    found = fitting[:MOST] if len(text) > 1 else []
    return render(request, "directories/parts.html#suggestions", {"found": found})
