"""`manage.py generate`: synthetic data by COPY, to measure with."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from desk.demo import base
from desk.synthetic.load import load


class Command(BaseCommand):
    help = "Fills an empty base with synthetic people, contacts, organizations and deals with their past."

    def add_arguments(self, parser):
        parser.add_argument("--deals", type=int, default=10_000)

    def handle(self, *args, deals, **options):
        if deals < 1:
            raise CommandError(_("Generate one deal at least."))
        if base.claim("generated"):
            raise CommandError(_("This base was generated already. Choose an empty folder: CRM_DATA_DIR=…."))
        secret = base.password()
        load(deals, secret=secret, tell=self._tell)
        self.stdout.write(
            _("owner@example.com, head@example.com and seller0@example.com log in with %(password)s")
            % {"password": secret}
        )

    def _tell(self, line):
        self.stdout.write(line)
        self.stdout.flush()
