"""The company that this installation belongs to."""

import zoneinfo
from datetime import datetime, time, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .security_event import SecurityEvent

CURRENCIES = [
    ("RUB", _("Russian rouble, ₽")),
    ("USD", _("US dollar, $")),
    ("EUR", _("Euro, €")),
    ("KZT", _("Kazakhstani tenge, ₸")),
    ("BYN", _("Belarusian rouble, Br")),
    ("UAH", _("Ukrainian hryvnia, ₴")),
    ("GBP", _("Pound sterling, £")),
]  # ISO 4217; a currency here has its sign in `ui`'s money filter


def check_time_zone(name):
    """Raise ValidationError unless `name` is a zone of the IANA time zone database."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("There is no time zone “%(name)s”."), params={"name": name})


class CompanyManager(models.Manager):
    def current(self):
        """Return the company, or None before `/setup/` has made it."""
        return self.first()


class Company(models.Model):
    """One row: how the company is called, and what it counts days, phones and money in."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(
        _("name"), max_length=200, help_text=_("Stands above the menu and on the log-in page.")
    )
    country = models.CharField(
        _("country"),
        max_length=2,
        default="RU",
        help_text=_("Phones without a country code are read as this country's."),
    )
    language = models.CharField(
        _("language"),
        max_length=5,
        choices=settings.LANGUAGES,
        default="ru",
        help_text=_("Ready-made rows and letters are in this language; people choose their own."),
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        default="Europe/Moscow",
        validators=[check_time_zone],
        help_text=_("A day on funnels and reports begins at midnight here."),
    )
    currency = models.CharField(
        _("currency"),
        max_length=3,
        choices=CURRENCIES,
        default="RUB",
        help_text=_("What new pipelines count in."),
    )
    second_factor_required = models.BooleanField(
        _("second factor required"),
        default=False,
        db_default=False,
        help_text=_("Everybody is led to set up a code from the phone before anything else."),
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = CompanyManager()

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("company")
        constraints = [models.CheckConstraint(name="company_is_one_row", condition=models.Q(id=1))]

    def __str__(self):
        return self.name

    @transaction.atomic
    def save_as(self, *, by, request=None):
        """Save the company as the admin `by` has changed it; tells whether a second factor is required."""
        before = Company.objects.select_for_update(no_key=True).get(pk=self.pk).second_factor_required
        self.save()
        if before != self.second_factor_required:
            told = {"before": before, "after": self.second_factor_required}
            SecurityEvent.objects.record(
                SecurityEvent.Kind.SECOND_FACTOR_REQUIRED, user=by, request=request, **told
            )

    @property
    def zone(self):
        """The company's time zone as a `ZoneInfo`."""
        return zoneinfo.ZoneInfo(self.time_zone)

    def today(self):
        """Return today's date at the company."""
        return timezone.localdate(timezone=self.zone)

    def midnight(self, day):
        """Return the moment at which the date `day` begins at the company."""
        return datetime.combine(day, time.min, tzinfo=self.zone)

    def end_of(self, day):
        """Return the moment at which the date `day` is over at the company."""
        return self.midnight(day + timedelta(days=1))
