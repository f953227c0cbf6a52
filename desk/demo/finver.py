"""«Финвер», a small recruiting company as of today: six people, their customers and half a year of deals.

Made with a fixed seed and relative to today, all in one transaction. As an import does, it writes new
records with their past set-based (`record_past`); nothing here changes a record that is there.
"""

import random

from django.db import transaction
from django.utils import timezone

from accounts.models import Company, Team
from contacts.models import Contact
from directories.kinds.emails import email
from directories.kinds.phones import phone
from directories.models import LOST_REASONS, SOURCES, Directory, Entry
from organizations.models import Organization
from pipeline.models import Pipeline
from records.events import RecordMade, tell

from . import ground, names
from .deals import make_deals

SEED = 20
CONTACTS, DEALS = 100, 300
COMPANY = {
    "name": "Финвер",
    "country": "RU",
    "language": "ru",
    "time_zone": "Europe/Moscow",
    "currency": "RUB",
}


@transaction.atomic
def make(mark, *, secret, tell=None):
    """Make the company, whole or not at all; return its mark."""
    mark = ground.begin("finver", COMPANY, secret=secret)
    dice = random.Random(SEED)  # noqa: S311  nothing secret
    sellers = make_people(secret)
    pipeline = Pipeline.objects.make_ready("simple", language="ru", currency="RUB")
    sources = make_directory(SOURCES, "Источники", names.SOURCES)
    reasons = make_directory(LOST_REASONS, "Причины проигрыша", names.LOST_REASONS)
    organizations = make_organizations(dice, sellers)
    contacts = make_contacts(dice, organizations, sources)
    make_deals(
        dice,
        DEALS,
        contacts=contacts,
        pipeline=pipeline,
        reasons=reasons,
        now=timezone.now(),
        company=Company.objects.get(),
    )
    return mark


def make_people(secret):
    """Make the people who can log in beside the admin; return those who sell."""
    office = Team.objects.create(name="Отдел продаж")
    first = Team.objects.create(name="Первая команда", parent=office)
    second = Team.objects.create(name="Вторая команда", parent=office)
    ground.person("owner", "owner", language="ru", secret=secret)
    ground.person("head", "head", language="ru", secret=secret, team=first)
    return [
        ground.person(name, "manager", language="ru", secret=secret, team=team)
        for name, team in (("anna", first), ("boris", first), ("vera", second))
    ]


def make_directory(code, name, entries):
    directory, _made = Directory.objects.get_or_create(code=code, defaults={"name": name})
    return [
        Entry.objects.create(directory=directory, name=entry, position=position, color=position)
        for position, entry in enumerate(entries, start=1)
    ]


def make_organizations(dice, sellers):
    made = []
    for number, (name, domain) in enumerate(names.ORGANIZATIONS):
        made.append(
            Organization(
                name=name,
                phones=[phone(f"+7 495 555-{10 + number:02}-{dice.randrange(100):02}", "work", "RU")],
                emails=[email(f"info@{domain}.example")],
                site=f"https://{domain}.example",
                address=f"Санкт-Петербург, {dice.choice(('Лиговский пр.', 'Невский пр.', 'Садовая ул.'))}, "
                f"{dice.randrange(2, 150)}",
                owner=dice.choice(sellers),
            )
        )
    Organization.objects.bulk_create(made)
    by_name = {each.name: each for each in made}
    for name, parent in names.PARENTS.items():
        by_name[name].parent = by_name[parent]
    Organization.objects.bulk_update([by_name[name] for name in names.PARENTS], ["parent"])
    tell(*(RecordMade(each, by=each.owner) for each in made))
    return made


def make_contacts(dice, organizations, sources):
    made = []
    for number in range(CONTACTS):
        organization = organizations[number % len(organizations)]
        first, patronymic, is_woman = dice.choice(names.FIRST_NAMES)
        last = dice.choice(names.LAST_NAMES) + ("а" if is_woman else "")
        domain = organization.site.removeprefix("https://")
        made.append(
            Contact(
                first_name=first,
                patronymic=patronymic,
                last_name=last,
                position=dice.choice(names.POSITIONS),
                organization=organization,
                phones=[phone(f"+7 900 555-{number:02}-{dice.randrange(100):02}", "mobile", "RU")],
                emails=[email(f"{number + 1}@{domain}")],
                source=dice.choice(sources),
                needs=dice.choice(names.NEEDS) if dice.random() < 0.5 else "",
                owner=organization.owner,
            )
        )
    Contact.objects.bulk_create(made)
    tell(*(RecordMade(each, by=each.owner) for each in made))
    return made
