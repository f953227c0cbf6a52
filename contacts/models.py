"""The contact."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.rights import Entity
from directories.kinds.phones import primary, written
from directories.models import Entry
from directories.registry import described
from organizations.models import Organization
from records.models import Record, tracked
from records.search import KeysOf, WordsOf, folded

from .querysets import ContactQuerySet, with_organization


@described
@tracked
class Contact(Record):
    """A person at the customer's. Phones and e-mails as on Organization; messengers {kind, value}."""

    entity = Entity.CONTACT
    described = (
        "last_name", "first_name", "patronymic", "position", "organization", "phones", "emails",
        "messengers", "birthday", "source", "needs", "owner",
    )  # fmt: skip

    first_name = models.CharField(_("first name"), max_length=100, blank=True, default="")
    patronymic = models.CharField(_("patronymic"), max_length=100, blank=True, default="")
    last_name = models.CharField(_("last name"), max_length=100, blank=True, default="")
    position = models.CharField(_("position"), max_length=200, blank=True, default="")
    organization = models.ForeignKey(
        Organization,
        verbose_name=_("organization"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="contacts",
    )
    phones = models.JSONField(_("phones"), default=list, db_default=[], blank=True)
    emails = models.JSONField(_("e-mails"), default=list, db_default=[], blank=True)
    messengers = models.JSONField(_("messengers"), default=list, db_default=[], blank=True)
    birthday = models.DateField(_("birthday"), null=True, blank=True)
    source = models.ForeignKey(
        Entry,
        verbose_name=_("source"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="contacts_from_here",
        limit_choices_to={"directory__code": "sources"},
    )
    needs = models.TextField(
        _("needs"), blank=True, default="", help_text=_("What this person wants; deals show it.")
    )
    phone_keys = models.GeneratedField(
        expression=KeysOf("phones"), output_field=ArrayField(models.TextField()), db_persist=True
    )
    email_keys = models.GeneratedField(
        expression=KeysOf("emails"), output_field=ArrayField(models.TextField()), db_persist=True
    )
    search = models.GeneratedField(
        expression=folded(
            "last_name",
            "first_name",
            "patronymic",
            WordsOf("phones"),
            WordsOf("emails"),
            WordsOf("messengers"),
        ),
        output_field=models.TextField(),
        db_persist=True,
    )
    sort_key = models.GeneratedField(
        expression=folded("last_name", "first_name", "patronymic"),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = [
            models.CheckConstraint(
                name="contact_has_a_name",
                condition=~Q(first_name="", last_name=""),
                violation_error_message=_("A contact needs a first name or a last name."),
            )
        ]
        indexes = [
            # the search field of lists and forms
            GinIndex(OpClass("search", name="gin_trgm_ops"), name="contact_search"),
            # recognition by phone and e-mail
            GinIndex(fields=["phone_keys"], name="contact_phone"),
            GinIndex(fields=["email_keys"], name="contact_email"),
            # the list in the order of names, present ones
            models.Index(
                name="contact_by_name", fields=["sort_key", "id"], condition=Q(archived_at__isnull=True)
            ),
            # one's own, in the order of names
            models.Index(
                name="contact_of_owner",
                fields=["owner", "sort_key", "id"],
                condition=Q(archived_at__isnull=True),
            ),
            # the archive
            models.Index(
                name="contact_archived", fields=["sort_key", "id"], condition=Q(archived_at__isnull=False)
            ),
        ]

    def __str__(self):
        return self.full_name

    @property
    def full_name(self):
        """Ольга Викторовна Самойлова."""
        return " ".join(filter(None, (self.first_name, self.patronymic, self.last_name)))

    @property
    def name_in_lists(self):
        """Самойлова Ольга Викторовна: as lists sort."""
        return " ".join(filter(None, (self.last_name, self.first_name, self.patronymic)))

    @property
    def short_name(self):
        """О. В. Самойлова; without a last name the first name."""
        if not self.last_name:
            return self.full_name
        initials = "".join(f"{name[0]}.\u00a0" for name in (self.first_name, self.patronymic) if name)
        return f"{initials}{self.last_name}"

    @property
    def written_phones(self):
        return written(self.phones)

    @property
    def main_phone(self):
        """The first phone as {value, text}, or None."""
        return primary(self.phones)

    @property
    def main_email(self):
        return self.emails[0]["value"] if self.emails else ""

    @property
    def initials(self):
        return (self.first_name[:1] + self.last_name[:1]).upper()

    def get_absolute_url(self):
        return reverse("contacts:contact_card", args=[self.pk])

    # Doors

    @transaction.atomic
    def change(self, values, *, by, shown=None):
        """Change as every record does; an organization that is not saved yet is made, as `by`."""
        return super().change(with_organization(values, by=by), by=by, shown=shown)
