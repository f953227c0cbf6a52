"""`manage.py demo`: a company to look at, in a base of its own."""

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from accounts.models import User
from desk.demo import b2b, finver, ground
from exchange.models import ImportRun
from exchange.report import sentences

DEMOS = {"": finver.make, "b2b": b2b.make}


class Command(BaseCommand):
    help = (
        "Makes the demo company in an empty ground, or goes on with one that was cut off. Refuses a base with"
        " other data. DEMO_PASSWORD is the password of its people; else the data folder keeps a random one."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--data", choices=list(DEMOS), default="", help="b2b: the real data of a sales team"
        )

    def handle(self, *args, data, **options):
        name = data or "finver"
        mark = ground.claim(name)
        secret = ground.password()
        if mark is None or mark.status != ImportRun.Status.FINISHED:
            DEMOS[data](mark, secret=secret, tell=self._tell).finish()
        ground.let_in(secret)
        people = User.objects.filter(can_log_in=True, email__endswith="@example.com").order_by("pk")
        self.stdout.write(_("The demo company is ready. Log in as:"))
        for user in people.select_related("role"):
            self.stdout.write(f"  {user.email} ({user.role.name})")
        self.stdout.write(_("with the password %(password)s") % {"password": secret})
        if not settings.DEMO_PASSWORD:
            kept = settings.CRM_DATA_DIR / ground.PASSWORD_FILE
            self.stdout.write(_("(kept in %(path)s)") % {"path": kept})

    def _tell(self, bringing):
        for sentence in sentences(bringing.import_run, bringing.files):
            self.stdout.write(sentence)
        self.stdout.flush()
