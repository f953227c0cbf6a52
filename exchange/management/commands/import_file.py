"""`manage.py import_file`: bring a file in from the shell."""

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.models import User
from exchange.engine import Import
from exchange.mapping import load
from exchange.report import sentences
from ui.answers import Refusal


def person(email):
    """Return the person with this e-mail. Raises CommandError."""
    found = User.objects.working().select_related("role", "team").filter(email=email.lower()).first()
    if found is None:
        raise CommandError(_("Nobody who works here has the e-mail %(email)s.") % {"email": email})
    return found


class Command(BaseCommand):
    help = (
        "Brings a CSV or XLSX file in through a mapping file (docs/import.md). Safe to run again: the same"
        " row writes nothing, and a run that was cut off goes on where it was."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--mapping", required=True, metavar="NAME.toml")
        parser.add_argument("--as", required=True, dest="email", metavar="EMAIL", help="who brings it in")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and write nothing")

    def handle(self, *args, file, mapping, email, dry_run, **options):
        try:
            bringing = Import(file, load(mapping), by=person(email), dry=dry_run)
            run = bringing.run(self._tell_progress)
        except (Refusal, PermissionDenied) as refusal:
            raise CommandError(str(refusal)) from refusal
        for sentence in sentences(run, bringing.files):
            self.stdout.write(sentence)
        if dry_run:
            self.stdout.write(_("That was a trial: nothing was written."))

    def _tell_progress(self, run):
        if self.stderr.isatty():
            self.stderr.write(f"\r{run.position}", ending="")
