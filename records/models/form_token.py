"""One rendered form makes one record, however often it is sent (TRUST R9)."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction
from django.db.models.functions import Now

from ..refusals import AlreadyMade


class FormTokenManager(models.Manager):
    def spend(self, token, *, by):
        """Take the form's `token` (a UUID) for the running transaction, and return its row.

        A second sender waits for the first one's commit, then AlreadyMade carries what that one
        made. Say `row.made(record)` once the record is there.
        """
        try:
            with transaction.atomic():
                return self.create(token=token, user=by)
        except IntegrityError:
            raise AlreadyMade(self.get(token=token, user=by).record) from None

    def is_spent(self, token, *, by):
        """Say whether the form has made its record already: what is like it is that one."""
        return bool(token) and self.filter(token=token, user=by).exists()


class FormToken(models.Model):
    """A spent token of a form, and the record that the form made."""

    token = models.UUIDField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    spent_at = models.DateTimeField(db_default=Now())
    content_type = models.ForeignKey(
        ContentType, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    object_id = models.BigIntegerField(null=True)
    record = GenericForeignKey("content_type", "object_id")

    objects = FormTokenManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="form_token_is_spent_once", fields=["user", "token"]),
        ]

    def __str__(self):
        return str(self.token)

    def made(self, record):
        """Remember that the form made `record`."""
        self.record = record
        self.save(update_fields=["content_type", "object_id"])
