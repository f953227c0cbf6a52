"""The activity, in its smallest form: a note or a task."""

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from deals.models import Deal
from organizations.models import Organization
from records.events import tell

from .events import ActivityReplanned, TaskCompleted, TaskPlanned, TaskReopened
from .querysets import ActivityQuerySet


class Activity(models.Model):
    """A note (`done_at` is when it was written) or a task, on exactly one deal, contact or organization."""

    class Kind(models.TextChoices):
        NOTE = "note", _("note")
        TASK = "task", _("task")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    title = models.CharField(_("what to do"), max_length=200, blank=True, default="")
    text = models.TextField(_("text"), max_length=20_000, blank=True, default="")
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    is_all_day = models.BooleanField(default=False)
    done_at = models.DateTimeField(_("done"), null=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("responsible"),
        on_delete=models.PROTECT,
        related_name="activities",
        db_index=False,
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.PROTECT, related_name="+",
        db_index=False,
    )  # fmt: skip
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    deal = models.ForeignKey(
        Deal, null=True, on_delete=models.PROTECT, related_name="activities", db_index=False
    )
    contact = models.ForeignKey(
        Contact, null=True, on_delete=models.PROTECT, related_name="activities", db_index=False
    )
    organization = models.ForeignKey(
        Organization, null=True, on_delete=models.PROTECT, related_name="activities", db_index=False
    )

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        constraints = [
            models.CheckConstraint(
                name="activity_is_on_one_record",
                condition=Q(deal__isnull=False, contact=None, organization=None)
                | Q(deal=None, contact__isnull=False, organization=None)
                | Q(deal=None, contact=None, organization__isnull=False),
            ),
            models.CheckConstraint(name="task_says_what_to_do", condition=~Q(kind="task", title="")),
            models.CheckConstraint(name="note_has_a_text", condition=~Q(kind="note", text="")),
        ]
        indexes = [
            # timelines
            models.Index(name="activity_of_deal", fields=["deal", "-created_at"], condition=Q(deal__isnull=False)),
            models.Index(
                name="activity_of_contact", fields=["contact", "-created_at"], condition=Q(contact__isnull=False)
            ),
            models.Index(
                name="activity_of_organization",
                fields=["organization", "-created_at"],
                condition=Q(organization__isnull=False),
            ),
            # the next step of a deal
            models.Index(
                name="activity_next_step",
                fields=["deal", "due_at"],
                condition=Q(done_at__isnull=True, due_at__isnull=False),
            ),
            # a person's open tasks
            models.Index(
                name="activity_open_of_owner", fields=["owner", "due_at"], condition=Q(done_at__isnull=True)
            ),
        ]

    def __str__(self):
        return self.title or self.text[:80]

    @property
    def subject(self):
        """The deal, contact or organization it stands on."""
        return self.deal or self.contact or self.organization

    @property
    def timeline_deal_id(self):
        return self.deal_id

    @property
    def is_done(self):
        return self.done_at is not None

    @property
    def is_overdue(self):
        return bool(self.due_at and not self.is_done and self.due_at < timezone.now())

    # Doors: each locks the subject first, so the deal's next step is always true

    @transaction.atomic
    def complete(self, *, by):
        """Mark the task done, as `by`, who must be allowed to change its subject. Safe to run again."""
        return self._rewrite(by, TaskCompleted, done_at=timezone.now()) if not self.is_done else self

    @transaction.atomic
    def reopen(self, *, by):
        """Take back that the task is done, as `by`."""
        return self._rewrite(by, TaskReopened, done_at=None)

    @transaction.atomic
    def replan(self, due_at, *, is_all_day, by):
        """Put the task off (or forward) to the moment `due_at`, as `by`; None takes its date away."""
        return self._rewrite(by, ActivityReplanned, due_at=due_at, is_all_day=is_all_day)

    def _rewrite(self, by, happening, **values):
        self.subject.locked_for(by)
        activity = type(self).objects.for_system("a door locks what was shown").select_for_update(
            no_key=True, of=("self",)
        ).get(pk=self.pk)
        for name, value in values.items():
            setattr(activity, name, value)
        activity.save(update_fields=list(values))
        tell(happening(activity, by=by, title=activity.title))
        if activity.deal_id:
            activity.deal.refresh_next_step()
        return activity
