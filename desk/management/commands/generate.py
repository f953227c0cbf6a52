"""`manage.py generate`: synthetic data by COPY, to measure with."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from desk.demo import ground
from desk.synthetic.load import PEOPLE_A_TEAM, load


class Command(BaseCommand):
    help = "Fills an empty base with synthetic people, contacts, organizations and deals with their past."

    def add_arguments(self, parser):
        parser.add_argument("--deals", type=int, default=10_000)
        parser.add_argument("--open", type=int, help="how many of them are open, about (one of twenty)")
        parser.add_argument("--people", type=int, help="how many sell (one for 20,000 deals, ten at least)")

    def handle(self, *args, deals, people, **options):
        open_deals = deals // 20 if options["open"] is None else options["open"]
        people = max(10, deals // 20_000) if people is None else people
        if deals < 1 or not 0 <= open_deals <= deals or people < PEOPLE_A_TEAM:
            raise CommandError(
                _("Generate one deal at least, not more open ones than all, and %(count)s people at least.")
                % {"count": PEOPLE_A_TEAM}
            )
        if ground.claim("generated"):
            raise CommandError(_("This base was generated already. Choose an empty folder: CRM_DATA_DIR=…."))
        secret = ground.password()
        load(deals, open_deals=open_deals, people=people, secret=secret, tell=self._tell)
        self.stdout.write(
            _("owner@example.com, head@example.com and seller0@example.com log in with %(password)s")
            % {"password": secret}
        )

    def _tell(self, line):
        self.stdout.write(line)
        self.stdout.flush()
