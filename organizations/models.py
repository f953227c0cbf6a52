"""The organization."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.rights import Entity
from directories.kinds.link import WebAddress
from directories.kinds.phones import primary
from directories.registry import described
from records.models import Record, tracked
from records.search import Fold, KeysOf, WordsOf, folded

from .querysets import BareName, OrganizationQuerySet
from .refusals import PartOfItself
from .requisites import check_inn, check_kpp, check_ogrn


@described
@tracked
class Organization(Record):
    """A firm or a sole trader. Phones and e-mails are lists of {value, typed, extension, label}."""

    entity = Entity.ORGANIZATION
    described = (
        "name", "legal_name", "inn", "kpp", "ogrn", "phones", "emails", "site", "address", "parent", "owner",
    )  # fmt: skip

    name = models.CharField(_("name"), max_length=200)
    legal_name = models.CharField(_("legal name"), max_length=300, blank=True, default="")
    inn = models.CharField(_("INN"), max_length=12, blank=True, default="", validators=[check_inn])
    kpp = models.CharField(_("KPP"), max_length=9, blank=True, default="", validators=[check_kpp])
    ogrn = models.CharField(_("OGRN"), max_length=15, blank=True, default="", validators=[check_ogrn])
    phones = models.JSONField(_("phones"), default=list, db_default=[], blank=True)
    emails = models.JSONField(_("e-mails"), default=list, db_default=[], blank=True)
    site = WebAddress(_("site"), max_length=300, blank=True, default="")
    address = models.TextField(_("address"), max_length=1000, blank=True, default="")
    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="subsidiaries",
    )
    phone_keys = models.GeneratedField(
        expression=KeysOf("phones"), output_field=ArrayField(models.TextField()), db_persist=True
    )
    email_keys = models.GeneratedField(
        expression=KeysOf("emails"), output_field=ArrayField(models.TextField()), db_persist=True
    )
    search = models.GeneratedField(
        expression=folded("name", "legal_name", "inn", WordsOf("phones"), WordsOf("emails")),
        output_field=models.TextField(),
        db_persist=True,
    )
    sort_key = models.GeneratedField(
        expression=Fold("name"), output_field=models.TextField(), db_persist=True
    )

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        constraints = [
            models.CheckConstraint(
                name="organization_is_not_its_own_parent",
                condition=models.Q(parent=None) | ~models.Q(parent=models.F("id")),
                violation_error_message=_("An organization can't be part of itself."),
            )
        ]
        indexes = [
            # the search field of lists and forms
            GinIndex(OpClass("search", name="gin_trgm_ops"), name="organization_search"),
            # recognition by phone and e-mail
            GinIndex(fields=["phone_keys"], name="organization_phone"),
            GinIndex(fields=["email_keys"], name="organization_email"),
            # doubles by name and by INN, present ones
            models.Index(
                BareName("name"),
                name="organization_by_bare_name",
                condition=models.Q(archived_at__isnull=True),
            ),
            models.Index(
                name="organization_by_inn",
                fields=["inn"],
                condition=models.Q(archived_at__isnull=True) & ~models.Q(inn=""),
            ),
            # the list in the order of names, present ones
            models.Index(
                name="organization_by_name",
                fields=["sort_key", "id"],
                condition=models.Q(archived_at__isnull=True),
            ),
            # one's own, in the order of names
            models.Index(
                name="organization_of_owner",
                fields=["owner", "sort_key", "id"],
                condition=models.Q(archived_at__isnull=True),
            ),
            # the archive
            models.Index(
                name="organization_archived",
                fields=["sort_key", "id"],
                condition=models.Q(archived_at__isnull=False),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def main_phone(self):
        """The first phone as {value, text}, or None."""
        return primary(self.phones)

    @property
    def main_email(self):
        return self.emails[0]["value"] if self.emails else ""

    def get_absolute_url(self):
        return reverse("organizations:organization_card", args=[self.pk])

    # Doors

    @transaction.atomic
    def change(self, values, *, by, shown=None):
        """Change as every record does. Raises PartOfItself if `parent` stands below this organization."""
        if values.get("parent"):
            type(self).objects.lock_tree()
            self.check_parent(values["parent"])
        return super().change(values, by=by, shown=shown)

    def check_parent(self, parent):
        """Raise PartOfItself if `parent` is this organization or a part of it, however far down."""
        if self.pk in type(self).objects.ids_above(parent.pk):
            raise PartOfItself
