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
from records.refusals import Overtaken

from .events import ActivityReplanned, TaskCompleted, TaskReopened
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
            models.Index(
                name="activity_of_deal", fields=["deal", "-created_at"], condition=Q(deal__isnull=False)
            ),
            models.Index(
                name="activity_of_contact",
                fields=["contact", "-created_at"],
                condition=Q(contact__isnull=False),
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
    def is_done(self):
        return self.done_at is not None

    @property
    def is_overdue(self):
        return bool(self.due_at and not self.is_done and self.due_at < timezone.now())

    @property
    def due(self):
        """When it is due, as people say it: a moment, or a day if it lasts all day."""
        return timezone.localdate(self.due_at) if self.due_at and self.is_all_day else self.due_at

    # Doors: each locks the subject first, so the deal's next step is always true. `by` must be
    # allowed to change the subject (NotAllowed); in the archive nothing changes (Archived).

    @transaction.atomic
    def complete(self, *, by):
        """Mark the task done, as `by`, and return it. Safe to run again. Tells TaskCompleted."""
        task = self._locked_for(by)
        return task if task.is_done else task._rewrite(TaskCompleted, by=by, done_at=timezone.now())

    @transaction.atomic
    def reopen(self, *, by):
        """Take back that the task is done, as `by`, and return it. Safe to run again. Tells TaskReopened."""
        task = self._locked_for(by)
        return task._rewrite(TaskReopened, by=by, done_at=None) if task.is_done else task

    @transaction.atomic
    def replan(self, *, by, due_at, is_all_day, title=None, seen=None):
        """Put the task to the moment `due_at` (None: to none), perhaps renamed `title`, and return it.

        `seen` holds what the form showed of it (`due_at`, `title`); raises Overtaken if that has
        changed since. Tells ActivityReplanned; writes nothing if nothing differs.
        """
        task = self._locked_for(by)
        values = {"due_at": due_at, "is_all_day": is_all_day, "title": title or task.title}
        differing = {name: value for name, value in values.items() if getattr(task, name) != value}
        for name, shown in (seen or {}).items():
            if name in differing and getattr(task, name) != shown:
                raise Overtaken(name, shown=shown, now=getattr(task, name))
        return task._rewrite(ActivityReplanned, by=by, **differing) if differing else task

    def _locked_for(self, by):
        """Return this activity fresh, with its subject locked before it (DESIGN §4: the order of locks)."""
        subject = self.subject.locked_for(by)
        task = (
            type(self)
            .objects.for_system("a door locks what was shown")
            .select_for_update(no_key=True, of=("self",))
            .get(pk=self.pk)
        )
        setattr(task, subject._meta.model_name, subject)
        return task

    def _rewrite(self, happening, *, by, **values):
        for name, value in values.items():
            setattr(self, name, value)
        self.save(update_fields=list(values))
        tell(happening(self.subject, by=by, activity=self.pk, title=self.title))
        if self.deal:
            self.deal.refresh_next_step()
        return self
