"""`manage.py messages`: collect the words of the rooms, and see that each is translated."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ui.words import catalogues


class Command(BaseCommand):
    help = (
        "Collects every translatable string into <room>/locale/ru/LC_MESSAGES/django.po, keeps the "
        "translations, drops what is no longer used, writes django.mo and lists what is missing."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("rooms", nargs="*", metavar="room", help="only these rooms' catalogues")
        parser.add_argument(
            "--check", action="store_true", help="write nothing, fail if anything is out of date"
        )

    def handle(self, *args, rooms, check, **options):
        unknown = sorted(set(rooms) - set(settings.ROOMS))
        if unknown:
            raise CommandError(f"No such room: {', '.join(unknown)}")
        wanted = [
            catalogue
            for catalogue in catalogues(settings.BASE_DIR, settings.ROOMS)
            if not rooms or catalogue.room in rooms
        ]
        if check:
            complaints = [line for catalogue in wanted for line in catalogue.complaints()]
            if complaints:
                raise CommandError("\n".join(complaints))
            return
        for catalogue in wanted:
            catalogue.write()
            missing = catalogue.missing()
            self.stdout.write(
                f"{catalogue.room}: {len(catalogue.entries)} words, {len(missing)} to translate"
            )
            for entry in missing:
                self.stdout.write(f"    {entry.msgid!r}")
