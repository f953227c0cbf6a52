"""`manage.py take_second_factor EMAIL`: for the last administrator whose phone and codes are gone."""

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User


class Command(BaseCommand):
    help = "Takes the second factor away from a person, who then logs in with the password alone."

    def add_arguments(self, parser):
        parser.add_argument("email", metavar="EMAIL")

    def handle(self, *args, email, **options):
        person = User.objects.filter(email=email.strip().lower()).first()
        if person is None:
            raise CommandError(f"Nobody has the e-mail {email}.")
        if not person.take_second_factor(by=None):
            raise CommandError(f"{person.full_name} has no second factor.")
        self.stdout.write(f"{person.full_name} logs in with the password alone now.")
