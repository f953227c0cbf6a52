"""The one stream of what happened."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class EventQuerySet(models.QuerySet):
    def of(self, record):
        """Keep what happened to `record` itself."""
        return self.filter(content_type=ContentType.objects.get_for_model(record), object_id=record.pk)

    def of_deal(self, deal):
        """Keep what stands on the timeline of `deal`."""
        return self.filter(deal_id=deal.pk)

    def on_timeline_of(self, record):
        """Keep what the card of `record` tells: of a deal, also what happened to things on it."""
        return self.of_deal(record) if record.timeline_deal_id == record.pk else self.of(record)

    def newest_first(self):
        return self.order_by("-at", "-pk")


class Event(models.Model):
    """Who did what to which record, when. Read through a record that the reader may see."""

    at = models.DateTimeField(_("when"), db_default=Now())
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    kind = models.CharField(_("what"), max_length=60)
    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+", db_index=False)
    object_id = models.BigIntegerField()
    record = GenericForeignKey("content_type", "object_id")
    deal_id = models.BigIntegerField(null=True)
    particulars = models.JSONField(default=dict)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [
            # history of one record
            models.Index(name="event_of_record", fields=["content_type", "object_id", "-at"]),
            # timeline of one deal
            models.Index(
                name="event_of_deal", fields=["deal_id", "-at"], condition=models.Q(deal_id__isnull=False)
            ),
            # the owner's day: who did what
            models.Index(name="event_of_actor", fields=["actor", "-at"]),
        ]

    def __str__(self):
        return f"{self.kind} {self.at}"
