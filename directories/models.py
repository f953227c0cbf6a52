"""Directories with their entries, and the fields a company adds to its records."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from records.models.record import split_own, without_empty

from .holders import places_of, repoint
from .merging import Mergeable
from .querysets import CustomFieldManager, DirectoryManager, EntryQuerySet
from .ready import LOST_REASONS, SOURCES
from .refusals import EntryRetired, NameTaken, OtherDirectory
from .registry import described

__all__ = ["COLORS", "LOST_REASONS", "SOURCES", "CustomField", "Directory", "Entry"]

COLORS = [MinValueValidator(1), MaxValueValidator(10)]  # the palette of ui/README
# a key of `custom`, and a part of names in addresses and forms: `custom__<code>`
FIELD_CODE = RegexValidator(
    r"^[a-z][a-z0-9_]*\Z", _("Small latin letters, digits and _, the first one a letter.")
)


class Directory(models.Model):
    """A list of things that records point at: sources, lost reasons, products, cars…"""

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


@described
class Entry(Mergeable):
    """One row of a directory. In use it is retired or merged, never deleted."""

    entity = "entry"
    finish_task = "directories.finish_merge"
    described = ("name",)

    directory = models.ForeignKey(
        Directory,
        verbose_name=_("directory"),
        on_delete=models.PROTECT,
        related_name="entries",
        help_text=_("The list that the entry stands in. It can't be changed later."),
    )
    name = models.CharField(
        _("name"), max_length=200, help_text=_("What people choose; no other entry in use is called so.")
    )
    code = models.SlugField(  # noqa: DJ001 - unique, and most have none
        _("code"), max_length=60, null=True, blank=True, editable=False
    )
    position = models.PositiveIntegerField(_("order"), default=0, help_text=_("Smaller ones stand first."))
    color = models.PositiveSmallIntegerField(
        _("colour"), default=1, validators=COLORS, help_text=_("Shown as a square beside the name.")
    )
    custom = models.JSONField(_("own fields"), default=dict, db_default={}, blank=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        ordering = ["position", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="entry_name_is_unique_in_its_directory",
                fields=["directory", "name"],
                condition=Q(retired_at=None),
                violation_error_message=_("The directory has an entry of this name already."),
            ),
            models.UniqueConstraint(
                name="entry_code_is_unique_in_its_directory", fields=["directory", "code"]
            ),
            models.CheckConstraint(name="entry_color_is_of_the_palette", condition=Q(color__range=(1, 10))),
        ]
        indexes = [
            # choices of a field in their order
            models.Index(name="entry_in_order", fields=["directory", "position", "name", "id"]),
        ]

    def __str__(self):
        return self.name

    def write_own(self, values):
        """Put the `values` (field name → base value) of own fields into `custom`; the caller saves."""
        own = split_own(values).get("custom", {})
        self.custom = without_empty({**self.custom, **own})

    def held_by(self):
        """Return [(model, label of the field, how many records)] of the places that hold this entry."""
        return [(place.model, place.label, count) for place in places_of(self) if (count := place.count())]

    # Doors

    @transaction.atomic
    def retire(self, *, by):
        """Take the entry out of use, as the admin `by`: what holds it keeps it. Safe to run again.

        Raises BeingMerged.
        """
        entry = self.alone()
        if not entry.is_retired:
            entry.retired_at = timezone.now()
            entry.save(update_fields=["retired_at"])
        return entry

    @transaction.atomic
    def bring_back(self, *, by):
        """Put the entry into use again, or stop its merge, as the admin `by`. Safe to run again.

        Raises NameTaken, BeingMerged.
        """
        if self.is_merging:
            return self.stop_merge(by=by)
        entry = self.alone()
        if Entry.objects.in_use().filter(directory=entry.directory_id, name=entry.name).exclude(pk=entry.pk):
            raise NameTaken(entry)
        entry.retired_at = entry.merged_into = None
        entry.save(update_fields=["retired_at", "merged_into"])
        return entry

    # What Mergeable asks

    def check_merge(self, target):
        """Raise OtherDirectory if `target` is this one, out of use, or elsewhere."""
        if self.pk == target.pk or target.is_retired or self.directory_id != target.directory_id:
            raise OtherDirectory

    def is_held_by_more_than(self, count):
        return sum(place.rows().order_by()[: count + 1].count() for place in places_of(self)) > count

    def give_all_to(self, target, *, by):
        repoint(self, target)

    # For the doors of what points here

    def hold(self):
        """Lock the entry FOR SHARE: nobody retires or merges it before the transaction ends."""
        held = Entry.objects.held(self.pk)[self.pk]
        self.retired_at, self.merging_since = held.retired_at, held.merging_since

    def check_offered(self):
        """Raise EntryRetired if nothing new may point here."""
        if self.is_retired or self.is_merging:
            raise EntryRetired(self)


class CustomField(models.Model):
    """A field that the company added to contacts, organizations, deals or the entries of a directory."""

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

    def ask_for_index(self):
        """Ask for the job that makes the field's index, or drops it, as the field says."""
        CustomField.objects.ask_for_index(self.pk)

    def clean(self):
        if self.pk:
            before = CustomField.objects.get(pk=self.pk)
            for name in ("entity", "directory_id", "code", "kind", "choices_from_id"):
                if getattr(before, name) != getattr(self, name):
                    raise ValidationError(
                        _("What a field belongs to, its code and its kind can't be changed.")
                    )
