"""Where every query for a business record begins: at the person who asks."""

from django.db import models, transaction

from accounts.rights import Action

from .events import RecordMade, tell
from .models.form_token import FormToken
from .models.record import check_offered, hold, split_own, without_empty
from .refusals import NotAllowed
from .search import matching


class OwnedQuerySet(models.QuerySet):
    """Records with a responsible. The model's `entity` names the scopes of the role that apply."""

    def visible_to(self, user):
        """Keep what `user` may see: a literal list of responsibles, never a subquery (FACTS 5, 7)."""
        return self.within(user, Action.VIEW)

    def within(self, user, action):
        """Keep the records that `user` may do `action` with."""
        if not user.is_authenticated:
            return self.none()
        return self.of_people(user.people_in(self.model.entity, action))

    def of_people(self, people):
        """Keep the records whose responsible is among the ids `people`; None keeps all."""
        return self if people is None else self.filter(owner_id__in=people)

    def for_system(self, why):
        """The only unscoped beginning: work that no person asked for, and why."""
        if not why:
            raise ValueError("Say why no person asks.")
        return self

    def present(self):
        """Leave out what is archived."""
        return self.filter(archived_at=None)

    def archived(self):
        return self.filter(archived_at__isnull=False)

    def search(self, text):
        """Keep what the folded search column finds for every word of `text`; less than two letters: all."""
        condition = matching(text)
        return self.filter(condition) if condition else self

    @transaction.atomic
    def make(self, *, by, token=None, **values):
        """Make a record as `by` (responsible, unless `owner` is given), and return it.

        `token` is the UUID of the form: sent twice, the second raises AlreadyMade with what the
        first made. Raises NotAllowed if `by` may not have records with this responsible. Tells
        RecordMade.
        """
        spent = FormToken.objects.spend(token, by=by) if token else None
        owner = values.pop("owner", None) or by
        hold(values.values())
        check_offered(values.values())
        values = split_own(values)
        if "custom" in values:
            values["custom"] = without_empty(values["custom"])
        record = self.model(owner=owner, created_by=by, **values)
        if not record.allows(by, Action.CHANGE) or not owner.is_active:
            raise NotAllowed
        record.save(force_insert=True)
        record.refresh_from_db()
        record.begin(by=by)
        if spent:
            spent.made(record)
        tell(RecordMade(record, by=by))
        return record
