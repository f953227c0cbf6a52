"""Directories: lists of things that records point at."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.tracking import tracked

from ..querysets import DirectoryManager


@tracked
class Directory(models.Model):
    """A list of things that records point at: sources, lost reasons, products, cars…"""

    put_back = ("name",)

    code = models.SlugField(
        _("code"),
        max_length=60,
        unique=True,
        help_text=_(
            "Stable name for imports and programs: latin letters, digits, - and _. Empty: made from the name."
        ),
    )
    name = models.CharField(
        _("name"),
        max_length=200,
        unique=True,
        help_text=_("What the list is called where people choose from it: sources, car makes."),
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = DirectoryManager()

    class Meta:
        verbose_name = _("directory")
        verbose_name_plural = _("directories")
        ordering = ["name"]

    def __str__(self):
        return self.name
