"""Entries: the rows of directories."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.tracking import tracked
from records.models.record import split_own, without_empty

from ..holders import places_of, repoint
from ..merging import Mergeable
from ..querysets import EntryQuerySet
from ..refusals import EntryRetired, NameTaken, OtherDirectory
from ..registry import described
from .directory import Directory

COLORS = [MinValueValidator(1), MaxValueValidator(10)]  # the palette of ui/README


@described
@tracked
class Entry(Mergeable):
    """One row of a directory. In use it is retired or merged, never deleted."""

    entity = "entry"
    finish_task = "directories.finish_merge"
    described = ("name",)
    put_back = ("name", "color", "position")

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
