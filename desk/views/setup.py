"""The first run, in three steps: the first admin, the company with its first funnel, its people."""

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts import site_address
from accounts.models import User
from accounts.refusals import AdminExists
from accounts.rights import Right, right_required
from ui.answers import leave

from ..forms import CompanyForm, FirstAdminForm
from ..setup import CompanyExists, found_company, is_at_the_machine


@sensitive_post_parameters("password", "key")
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def first_admin(request):
    """Make the first admin, once; afterwards lead on."""
    if not User.objects.first_admin_is_missing():
        return redirect("desk:setup_company")
    form = FirstAdminForm(
        request.POST or None,
        needs_key=not is_at_the_machine(request),
        key=request.GET.get("key", ""),
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                admin = User.objects.create_first_admin(**form.cleaned_data)
            except AdminExists as refusal:
                refusal.add_to(form)
                status = refusal.status
            else:
                login(request, admin, backend="accounts.backends.RoleBackend")
                return leave(request, "desk:setup_company")
    return render(request, "desk/setup.html", {"form": form}, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@right_required(Right.CONFIGURE)
def company(request):
    """Make the company and its first funnel, once; afterwards lead on."""
    if request.company is not None:
        return redirect("desk:home")
    language = request.user.language or get_language()
    form = CompanyForm(request.POST or None, language=language)
    if request.method == "POST" and form.is_valid():
        try:
            found_company(language=language, **form.cleaned_data)
        except CompanyExists:
            return redirect("desk:home")
        return leave(request, "desk:setup_colleagues")
    return render(
        request,
        "desk/setup_company.html",
        {"form": form},
        status=422 if request.method == "POST" else 200,
    )


@require_safe
@right_required(Right.CONFIGURE)
def colleagues(request):
    """Say where colleagues find Voronka, and how they are invited."""
    return render(request, "desk/setup_colleagues.html", site_address.for_colleagues())
