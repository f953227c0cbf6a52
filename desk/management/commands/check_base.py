"""`manage.py check_base`: is all true that must be true of the base."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.check.rules import broken_rules, rules


class Command(BaseCommand):
    help = "Looks through the whole base for whatever breaks a rule; people can go on working meanwhile."

    def handle(self, *args, **options):
        broken = list(broken_rules())
        for rule in broken:
            self.stderr.write(
                _("%(sentence)s %(count)s times not so: %(first)s (%(name)s)")
                % {
                    "sentence": rule.sentence,
                    "count": rule.count,
                    "first": ", ".join(rule.first),
                    "name": rule.name,
                }
            )
        if broken:
            raise CommandError(
                ngettext("%(count)s rule is broken.", "%(count)s rules are broken.", len(broken))
                % {"count": len(broken)}
            )
        self.stdout.write(
            _("%(count)s rules were looked through: the base is clean.") % {"count": len(rules())}
        )
