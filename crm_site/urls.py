"""The addresses of the site: each room's own, the admin, and those of the machine."""

from importlib.util import find_spec

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from crm_site import health
from crm_site.system import views as system_views

urlpatterns = [
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("admin/", admin.site.urls),
    path("system/", system_views.system, name="system"),
    path("system/back-up/", system_views.back_up, name="system_back_up"),
    path("system/try-mail/", system_views.try_mail, name="system_try_mail"),
    *(path("", include(f"{room}.urls")) for room in settings.ROOMS if find_spec(f"{room}.urls")),
]

handler400 = "crm_site.answers.bad_request"
handler403 = "ui.errors.permission_denied"
handler404 = "ui.errors.page_not_found"
handler500 = "crm_site.answers.server_error"
