"""`manage.py import_set`: bring in several files that belong together."""

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError

from exchange.report import sentences
from exchange.sets import ImportSet
from ui.answers import Refusal

from .import_file import person


class Command(BaseCommand):
    help = (
        "Makes what a set of files needs (pipeline, directories, fields), then brings the files in, in order."
    )

    def add_arguments(self, parser):
        parser.add_argument("set", metavar="SET.toml")
        parser.add_argument("--folder", required=True, help="where the files lie")
        parser.add_argument("--as", required=True, dest="email", metavar="EMAIL", help="who brings them in")

    def handle(self, *args, set, folder, email, **options):
        try:
            import_set = ImportSet(set, folder)
            import_set.prepare()
            for bringing in import_set.bring_in(by=person(email)):
                for sentence in sentences(bringing.import_run, bringing.files):
                    self.stdout.write(sentence)
        except (Refusal, PermissionDenied) as refusal:
            raise CommandError(str(refusal)) from refusal
