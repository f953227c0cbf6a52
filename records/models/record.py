"""What contact, organization and deal have in common."""

from typing import ClassVar

from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action

from ..events import (
    RecordArchived,
    RecordAssigned,
    RecordChanged,
    RecordRestored,
    tell,
)
from ..refusals import Archived, Gone, NotAllowed, Overtaken
from .event import Event

CUSTOM = "custom__"  # a value of an own field is named custom__<code of the field>


def plain(value):
    """Return `value` as JSON holds it in an event: a record as its id and its name of that moment."""
    if isinstance(value, models.Model):
        return {"id": value.pk, "name": str(value)}
    if value is None or isinstance(value, (bool, int, list, dict)):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def split_own(values):
    """Return `values` (field name → value) as a model takes them: own ones as JSON, within `custom`."""
    own = {name.removeprefix(CUSTOM): value for name, value in values.items() if name.startswith(CUSTOM)}
    built_in = {name: value for name, value in values.items() if not name.startswith(CUSTOM)}
    if own:
        built_in["custom"] = {code: getattr(value, "pk", value) for code, value in own.items()}
    return built_in


def without_empty(custom):
    """Return the own values that say something; an empty one is not kept."""
    return {code: value for code, value in custom.items() if value not in (None, "", [])}


def hold(values):
    """Lock FOR SHARE those of `values` that can be retired (entries), before the record is locked.

    Nobody retires or merges them until the transaction ends, also those that no foreign key guards.
    """
    for value in sorted((each for each in values if hasattr(each, "hold")), key=lambda each: each.pk):
        value.hold()


def check_offered(values):
    """Refuse those of the held `values` that are out of use."""
    for value in values:
        if hasattr(value, "check_offered"):
            value.check_offered()


class Record(models.Model):
    """A business record: its responsible, its version, its archive, its own fields, its doors.

    Every door locks the row (FOR NO KEY UPDATE, FACTS 26), checks, writes only the fields it
    names, and tells an Event, in one transaction.
    """

    entity: ClassVar[str]  # the scopes of a role that apply: accounts.rights.Entity
    # the field that only a move changes, and those that go with it: `move_back` puts them back
    moved_by: ClassVar[tuple[str, ...]] = ()

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("responsible"),
        on_delete=models.PROTECT,
        related_name="%(class)ss",
        db_index=False,
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("created by"),
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    updated_at = models.DateTimeField(_("changed"), db_default=Now(), editable=False)
    version = models.PositiveIntegerField(db_default=1, editable=False)
    archived_at = models.DateTimeField(_("in the archive since"), null=True, editable=False)
    custom = models.JSONField(_("own fields"), default=dict, db_default={}, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def is_archived(self):
        return self.archived_at is not None

    @property
    def timeline_deal_id(self):
        """The deal on whose timeline events of this record stand, or None."""
        return None

    def untold(self, *, before):
        """Return what came `before` the first event of this imported record: unsaved events, newest first."""
        return []

    # What a person may do with it

    def allows(self, user, action):
        """Say whether `user` may do `action` (accounts.rights.Action) with this record."""
        people = user.people_in(self.entity, action)
        return people is None or self.owner_id in people

    def may_be_changed_by(self, user):
        """Say whether a page offers `user` to change this record; the doors ask again."""
        return not self.is_archived and self.allows(user, Action.CHANGE)

    def locked_for(self, user, action=Action.CHANGE, *, even_archived=False):
        """Return this record fresh and locked for the transaction.

        Raises NotAllowed if `user` may not do `action` with it, Archived if it is in the archive, Gone.
        """
        fresh = (
            type(self)
            .objects.for_system("a door locks what a person was shown")
            .select_for_update(no_key=True, of=("self",))
            .filter(pk=self.pk)
            .first()
        )
        if fresh is None:
            raise Gone
        if not fresh.allows(user, action):
            raise NotAllowed
        if fresh.is_archived and not even_archived:
            raise Archived
        return fresh

    # Values, built-in and own

    def read(self, name):
        """Return the value of the field `name`; `custom__<code>` is an own field, None if not set."""
        if name.startswith(CUSTOM):
            return self.custom.get(name.removeprefix(CUSTOM))
        return getattr(self, name)

    def holds(self, name, value):
        """Say whether the field `name` has `value`; a record and its id are the same, 100 is 100.00."""
        now = self.read(name)
        if name.startswith(CUSTOM):
            return plain(now) == (value.pk if isinstance(value, models.Model) else plain(value))
        field = self._meta.get_field(name)
        if field.is_relation:
            return getattr(now, "pk", now) == getattr(value, "pk", value)
        return now == (None if value is None else field.to_python(value))

    def write(self, *, by, at=None, **values):
        """Write `values` (and only them), with the version and the moment of the change.

        For the doors, on a locked record. `at` is the moment all that the door writes shares.
        """
        values = split_own(values)
        if "custom" in values:
            values["custom"] = without_empty({**self.custom, **values["custom"]})
        values |= {"updated_at": at or timezone.now(), "version": self.version + 1}
        for name, value in values.items():
            setattr(self, name, value)
        self.save(update_fields=list(values))

    def check_still(self, **shown):
        """Raise Overtaken if a field no longer has the value in which the person was shown it."""
        for name, value in shown.items():
            if not self.holds(name, value):
                change = (
                    Event.objects.of(self)
                    .filter(particulars__changes__has_key=name)
                    .newest_first()
                    .select_related("actor")
                    .first()
                )
                raise Overtaken(
                    name,
                    shown=value,
                    now=self.read(name),
                    by=change and change.actor,
                    at=change and change.at,
                )

    # Doors

    @transaction.atomic
    def change(self, values, *, by, shown=None):
        """Change the fields in `values` (name → value) as `by`, and return the record as it is now.

        `shown` holds what the form showed of them; raises Overtaken for the first of them that has
        changed since, NotAllowed, Archived, and what an entry that is out of use refuses with. Tells
        RecordChanged; writes nothing if nothing differs.
        """
        hold(values.values())
        record = self.locked_for(by)
        differing = {name: value for name, value in values.items() if not record.holds(name, value)}
        record.check_still(**{name: value for name, value in (shown or {}).items() if name in differing})
        check_offered(differing.values())
        if differing:
            changes = {name: [plain(record.read(name)), plain(value)] for name, value in differing.items()}
            at = record.moment()
            record.write(by=by, at=at, **differing)
            tell(RecordChanged(record, by=by, at=at, changes=changes))
        return record

    @transaction.atomic
    def assign_to(self, owner, *, by, seen_with=None):
        """Make `owner` responsible, as `by`, and return the record as it is now.

        `seen_with` is the responsible whom the form showed. Raises NotAllowed if the new one is
        outside the scope of `by` or doesn't work here, Overtaken, Archived. Tells RecordAssigned.
        """
        record = self.locked_for(by)
        if seen_with is not None:
            record.check_still(owner=seen_with)
        people = by.people_in(self.entity, Action.CHANGE)
        if not owner.is_active or (people is not None and owner.pk not in people):
            raise NotAllowed
        if record.owner_id != owner.pk:
            before, at = record.owner, record.moment()
            record.write(by=by, at=at, owner=owner)
            tell(
                RecordAssigned(
                    record,
                    by=by,
                    at=at,
                    before=plain(before),
                    after=plain(owner),
                    changes={"owner": [plain(before), plain(owner)]},
                )
            )
        return record

    @transaction.atomic
    def archive(self, *, by):
        """Put the record into the archive, as `by`. Safe to run again. Tells RecordArchived."""
        record = self.locked_for(by, Action.ARCHIVE, even_archived=True)
        if not record.is_archived:
            at = record.moment()
            record.write(by=by, at=at, archived_at=at)
            tell(RecordArchived(record, by=by, at=at))
        return record

    @transaction.atomic
    def restore(self, *, by):
        """Take the record out of the archive, as `by`. Safe to run again. Tells RecordRestored."""
        record = self.locked_for(by, Action.ARCHIVE, even_archived=True)
        if record.is_archived:
            at = record.moment()
            record.write(by=by, at=at, archived_at=None)
            tell(RecordRestored(record, by=by, at=at))
        return record

    def begin(self, *, by):
        """What a record of this model writes beside itself when it is made (a deal: its first stay)."""

    def moment(self):
        """Return the one moment of a door's change; on a locked record only (FACTS 3)."""
        return timezone.now()
