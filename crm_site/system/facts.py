"""What the page of the installation says: each fact with whether somebody must look at it."""

import platform
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import django
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import site_address
from crm_site import tasks
from crm_site.allowed_hosts import http_url, office_addresses
from crm_site.backup import nightly, prove
from ui import formats

FINE, LOOK, WRONG = "fine", "look", "wrong"
BACKUP_TOO_OLD = timedelta(hours=36)
WORKER_SILENT = timedelta(seconds=60)
LOW_DISK_SHARE = 0.1
MEGABYTE, GIGABYTE = 1_000_000, 1_000_000_000


@dataclass(frozen=True)
class Fact:
    """A line of the page: what it is about, what is so, FINE, LOOK or WRONG, and what to do about it."""

    name: str
    text: str
    state: str = ""
    advice: str = ""
    is_code: bool = False  # a path or an address, in no language


def addresses():
    """Return the facts about the address for colleagues, as the start was told (HOST, PUBLIC_URL)."""
    name, url = _("Address for colleagues"), settings.SITE_URL.rstrip("/")
    if settings.IS_HTTPS:
        return [Fact(name, url, FINE)]
    if settings.PUBLIC_URL:
        advice = _("Passwords travel unencrypted: put https in front (docs/install.md).")
        return [Fact(name, url, LOOK, advice)]
    if not site_address.for_colleagues()["is_reached_by_others"]:
        none = _("none yet: only this computer reaches Voronka")
        advice = _(
            "Start it with HOST=0.0.0.0 for the office, or with PUBLIC_URL behind a server with https."
        )
        return [Fact(name, none, LOOK, advice)]
    advice = _("For the office only: passwords travel unencrypted.")
    urls = [http_url(host, settings.PORT) for host in office_addresses(settings.HOST)] or [url]
    return [Fact(name, each, LOOK, advice) for each in urls]


def mail():
    """Return the facts about letters: where they go, from whom."""
    if settings.EMAIL_URL:
        options = settings.MAILERS["default"]["OPTIONS"]
        return [
            Fact(_("Letters go to"), f"{options['host']}:{options['port']}", FINE),
            Fact(_("From"), settings.DEFAULT_FROM_EMAIL),
        ]
    return [
        Fact(
            _("Letters go to"),
            _("files of the data folder, nobody gets them"),
            LOOK,
            _("Name your mail server in EMAIL_URL; until then links are shown to be copied."),
        )
    ]


def backups(zone, now=None):
    """Return the facts about the last nightly backup: its age, its size, its proof. One query."""
    now = now or datetime.now(UTC)
    facts = []
    is_at_work = tasks.is_backup_asked_for()
    if is_at_work:
        facts.append(Fact(_("Now"), _("a backup is being made and proven"), ""))
    if refusal := nightly.refused():
        facts.append(
            Fact(
                _("Last attempt"), refusal.sentence, WRONG, formats.moment(datetime.fromisoformat(refusal.at))
            )
        )
    kept = nightly.all_of_them()
    newest = next(iter(kept), None)
    if newest is None:
        return [
            *facts,
            Fact(
                _("Last backup"),
                _("none yet"),
                LOOK,
                _("One is made each night, at the first hour after two at which the computer is on."),
            ),
        ]
    made_at = nightly.moment_of(newest)
    facts.append(
        Fact(
            _("Last backup"),
            f"{formats.moment(made_at)}, {_megabytes(newest.stat().st_size)}",
            WRONG if now - made_at > BACKUP_TOO_OLD else FINE,
            _("It is older than a day and a half.") if now - made_at > BACKUP_TOO_OLD else "",
        )
    )
    proof = prove.proof_of(newest)
    if proof is None and is_at_work:
        facts.append(Fact(_("Its proof"), _("being made")))
    elif proof is None:
        facts.append(Fact(_("Its proof"), _("not yet, or cut off"), LOOK))
    elif proof.is_good:
        text = _("restored and looked through: %(rows)s rows, %(seconds)s s") % {
            "rows": formats.num(proof.rows),
            "seconds": formats.num(proof.seconds),
        }
        facts.append(Fact(_("Its proof"), text, FINE))
    else:
        facts.append(Fact(_("Its proof"), proof.sentence, WRONG, _("Do not rely on this backup.")))
    count = len(kept)
    facts.append(
        Fact(
            _("Kept"),
            ngettext("%(count)s backup", "%(count)s backups", count) % {"count": count},
        )
    )
    return facts


def jobs():
    """Return the facts about the worker and its queue. Two queries."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(last_heartbeat) FROM procrastinate_workers")
        [(heartbeat,)] = cursor.fetchall()
        cursor.execute(
            "SELECT count(*) FILTER (WHERE status <> 'failed'), count(*) FILTER (WHERE status = 'failed')"
            " FROM procrastinate_jobs WHERE status IN ('todo', 'doing', 'failed')"
        )
        [(waiting, failed)] = cursor.fetchall()
    lives = heartbeat is not None and datetime.now(UTC) - heartbeat < WORKER_SILENT
    return [
        Fact(
            _("Worker"),
            _("works") if lives else _("silent"),
            FINE if lives else WRONG,
            "" if lives else _("Restart Voronka."),
        ),
        Fact(_("Waiting"), formats.num(waiting)),
        Fact(
            _("Failed"), formats.num(failed), LOOK if failed else "", _("The log says why.") if failed else ""
        ),
    ]


def machine():
    """Return the facts about disk and versions. One query."""
    disk = shutil.disk_usage(settings.CRM_DATA_DIR)
    low = disk.free < disk.total * LOW_DISK_SHARE
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database()), current_setting('server_version')")
        [(size, postgres)] = cursor.fetchall()
    return [
        Fact(
            _("Free disk"),
            _("%(free)s of %(total)s GB")
            % {"free": formats.num(disk.free / GIGABYTE, 1), "total": formats.num(disk.total / GIGABYTE, 1)},
            LOOK if low else FINE,
            _("Less than a tenth is left.") if low else "",
        ),
        Fact(_("Base"), _megabytes(size)),
        Fact(_("Data folder"), str(settings.CRM_DATA_DIR), is_code=True),
        Fact(_("Voronka"), settings.VERSION),
        Fact("PostgreSQL", postgres.split()[0]),
        Fact("Python, Django", f"{platform.python_version()}, {django.get_version()}"),
    ]


def _megabytes(size):
    return _("%(size)s MB") % {"size": formats.num(size / MEGABYTE, 1)}
