"""The room's name in the admin, and what it adds when the site starts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DirectoriesConfig(AppConfig):
    name = "directories"
    verbose_name = _("Directories and fields")

    def ready(self):
        from . import many  # noqa: F401  (work on many records is an operation)
