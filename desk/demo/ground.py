"""A demo's base: known by its mark, and never anybody else's; its log-ins and their password."""

import os
import secrets

from django.conf import settings
from django.core.management import CommandError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import Company, Role, User
from exchange.models import ImportRun

MARK = "demo"  # the source of the run that marks a demo's base; its target says which demo
PASSWORD_FILE = "demo-password"  # noqa: S105  in the data folder
PASSWORD_BYTES = 9  # 12 characters
PASSWORD_LETTERS = 10  # the least that the site's own rule allows


def claim(data):
    """Return the mark of the demo `data` in this base, None where it is still to be made.

    Raises CommandError if the base holds anything else: a demo never mixes with somebody's data.
    """
    mark = ImportRun.objects.filter(source=MARK).first()
    if mark is None and (User.objects.exists() or Company.objects.exists()):
        raise CommandError(
            _("This base holds data that is no demo's. Choose an empty folder: CRM_DATA_DIR=… make demo.")
        )
    if mark is not None and mark.target != data:
        raise CommandError(
            _("This folder holds the demo “%(there)s”. Choose another one for “%(wanted)s”: CRM_DATA_DIR=….")
            % {"there": mark.target, "wanted": data}
        )
    return mark


def password():
    """Return DEMO_PASSWORD, else the last one, which the data folder keeps (readable by its owner only).

    The first one is random where none is given.
    """
    given = settings.DEMO_PASSWORD
    path = settings.CRM_DATA_DIR / PASSWORD_FILE
    if given:
        if len(given) < PASSWORD_LETTERS:
            raise CommandError(
                _("DEMO_PASSWORD needs %(count)s characters at least.") % {"count": PASSWORD_LETTERS}
            )
    if given or not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(given or secrets.token_urlsafe(PASSWORD_BYTES))
    return path.read_text().strip()


@transaction.atomic
def begin(data, company, *, secret):
    """Make the company, its roles and its admin, and put the demo's mark; return the mark."""
    Role.objects.make_ready(company["language"])
    admin = User.objects.create_first_admin(
        email="admin@example.com", password=secret, language="", **NAMES[company["language"]]["admin"]
    )
    Company.objects.create(**company)
    return ImportRun.objects.create(
        source=MARK, target=data, file_name="", file_sha256="", mapping_name="", mapping_text="", by=admin
    )


def person(name, role, *, language, secret, team=None):
    """Make `name`@example.com of the demo, who can log in."""
    return User.objects.create_user(
        email=f"{name}@example.com",
        password=secret,
        role=Role.objects.get(code=role),
        team=team,
        can_log_in=True,
        **NAMES[language][name],
    )


def let_in(secret):
    """Give the demo's people the password `secret`, where a start with DEMO_PASSWORD says another one."""
    for user in User.objects.filter(can_log_in=True, email__endswith="@example.com"):
        if settings.DEMO_PASSWORD and not user.check_password(secret):
            user.set_password(secret)
            user.save(update_fields=["password"])


def take_numbers_back():
    """Let each table's numbers go on after its last row.

    PostgreSQL does not take numbers back from what was cut off. Nobody has been let into this base
    yet, so they may be given again, and the base becomes the same as without the cut.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, a.attname, pg_get_serial_sequence(quote_ident(c.relname), a.attname)"
            " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attidentity <> ''"
            " WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace"
        )
        for table, column, sequence in cursor.fetchall():
            table, column = connection.ops.quote_name(table), connection.ops.quote_name(column)
            cursor.execute(
                f"SELECT setval(%s, coalesce(max({column}), 1), max({column}) IS NOT NULL) FROM {table}",  # noqa: S608
                [sequence],
            )


NAMES = {
    "ru": {
        "owner": {"first_name": "Ирина", "last_name": "Воронцова"},
        "admin": {"first_name": "Алексей", "last_name": "Демидов"},
        "head": {"first_name": "Дарья", "last_name": "Соколова"},
        "anna": {"first_name": "Анна", "last_name": "Кузьмина"},
        "boris": {"first_name": "Борис", "last_name": "Левин"},
        "vera": {"first_name": "Вера", "last_name": "Никитина"},
    },
    "en": {
        "owner": {"first_name": "Olivia", "last_name": "Grant"},
        "admin": {"first_name": "Adam", "last_name": "Reed"},
    },
}
