"""Django's admin with our site as its own."""

from django.contrib.admin.apps import AdminConfig


class VoronkaAdminConfig(AdminConfig):
    default_site = "ui.admin_site.VoronkaAdminSite"
