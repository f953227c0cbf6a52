"""The fields that a company adds to its records."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.tracking import tracked

from ..querysets import CustomFieldManager
from .directory import Directory

# a key of `custom`, and a part of names in addresses and forms: `custom__<code>`
FIELD_CODE = RegexValidator(
    r"^[a-z][a-z0-9_]*\Z", _("Small latin letters, digits and _, the first one a letter.")
)


@tracked
class CustomField(models.Model):
    """A field that the company added to contacts, organizations, deals or the entries of a directory."""

    put_back = (
        "label_ru", "label_en", "help_ru", "help_en", "position", "is_active", "filter_often",
        "without_thousands",
    )  # fmt: skip

    class On(models.TextChoices):
        CONTACT = "contact", _("contact")
        ORGANIZATION = "organization", _("organization")
        DEAL = "deal", _("deal")
        ENTRY = "entry", _("entry of a directory")

    entity = models.CharField(
        _("belongs to"),
        max_length=20,
        choices=On,
        help_text=_("Whose forms and lists have the field. It can't be changed later."),
    )
    directory = models.ForeignKey(
        Directory,
        verbose_name=_("of the directory"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="fields",
        help_text=_("Whose entries have this field; only for fields of entries."),
    )
    code = models.CharField(
        _("code"),
        max_length=40,
        validators=[FIELD_CODE],
        help_text=_(
            "Stable name for imports and programs. Empty: made from the label. It can't be changed later."
        ),
    )
    label_ru = models.CharField(
        _("label in Russian"),
        max_length=100,
        help_text=_("What the field is called for those who read Russian."),
    )
    label_en = models.CharField(
        _("label in English"),
        max_length=100,
        help_text=_("What the field is called for those who read English."),
    )
    kind = models.CharField(
        _("kind"),
        max_length=20,
        help_text=_(
            "What is typed: decides how it is checked, filtered and sorted. It can't be changed later."
        ),
    )
    choices_from = models.ForeignKey(
        Directory,
        verbose_name=_("entries of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="chosen_by",
        help_text=_("The directory to choose from; only for the kind “one entry”."),
    )
    help_ru = models.CharField(
        _("help in Russian"),
        max_length=200,
        blank=True,
        help_text=_("A hint below the field for those who read Russian: what to write, and an example."),
    )
    help_en = models.CharField(
        _("help in English"),
        max_length=200,
        blank=True,
        help_text=_("A hint below the field for those who read English: what to write, and an example."),
    )
    position = models.PositiveIntegerField(_("order"), default=0, help_text=_("Smaller ones stand first."))
    is_active = models.BooleanField(
        _("in use"), default=True, help_text=_("Untick to hide the field; its values are kept.")
    )
    filter_often = models.BooleanField(
        _("filter often"),
        default=False,
        help_text=_("Makes an index in the background, so that filters and sorting stay quick."),
    )
    without_thousands = models.BooleanField(
        _("no thousands separator"),
        default=False,
        db_default=False,
        help_text=_("For a number that is a year or a code: 1996 and not 1,996."),
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = CustomFieldManager()

    class Meta:
        verbose_name = _("field")
        verbose_name_plural = _("fields")
        ordering = ["entity", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="field_code_is_unique_on_its_records",
                fields=["entity", "directory", "code"],
                nulls_distinct=False,
                violation_error_message=_("There is a field with this code already."),
            ),
            models.CheckConstraint(
                name="field_of_entries_names_its_directory",
                condition=Q(entity="entry", directory__isnull=False)
                | (~Q(entity="entry") & Q(directory__isnull=True)),
                violation_error_message=_("A field of entries names its directory, other fields name none."),
            ),
            models.CheckConstraint(
                name="field_of_kind_entry_names_its_choices",
                condition=Q(kind="entry", choices_from__isnull=False)
                | (~Q(kind="entry") & Q(choices_from__isnull=True)),
                violation_error_message=_("The kind “one entry” names the directory to choose from."),
            ),
        ]

    def __str__(self):
        return self.label

    @property
    def label(self):
        """The label in the reader's language."""
        return self.label_ru if (get_language() or "").startswith("ru") else self.label_en

    @property
    def help(self):
        return self.help_ru if (get_language() or "").startswith("ru") else self.help_en

    @transaction.atomic
    def save_as(self, *, by, request=None):
        """Save the field as the admin `by` has made or changed it; a job makes its index, or drops it."""
        self.save()
        CustomField.objects.ask_for_index(self.pk)

    def clean(self):
        if self.pk:
            before = CustomField.objects.get(pk=self.pk)
            for name in ("entity", "directory_id", "code", "kind", "choices_from_id"):
                if getattr(before, name) != getattr(self, name):
                    raise ValidationError(
                        _("What a field belongs to, its code and its kind can't be changed.")
                    )
