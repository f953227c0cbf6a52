"""The site's own addresses, and one at which deals are made by their door without a log-in."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from accounts.models import User
from crm_site.urls import handler400, handler403, handler404, handler500, urlpatterns  # noqa: F401
from deals.models import Deal
from pipeline.models import Stage


@login_not_required
@csrf_exempt
def ledger(request):
    """POST makes a deal with the title given; GET lists the titles of all."""
    if request.method == "POST":
        admin = User.objects.admins().get()
        Deal.objects.make(
            by=admin, stage=Stage.objects.get(kind=Stage.Kind.LEAD), title=request.POST["title"]
        )
        return HttpResponse(status=201)
    titles = Deal.objects.for_system("to compare with what was acknowledged").values_list("title", flat=True)
    return HttpResponse("\n".join(titles))


urlpatterns = [*urlpatterns, path("ledger/", ledger)]
