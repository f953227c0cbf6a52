"""The base a command needs: the one that runs on the data folder, or its own for as long as it lasts."""

import argparse
import errno
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from secrets import token_urlsafe

import psycopg
from django.core.management import execute_from_command_line
from django.db import InterfaceError, OperationalError, ProgrammingError

from crm_site.cluster import Cluster, is_ready
from crm_site.locks import FolderInUse, FolderLock
from crm_site.problems import Problem, database_is_away, disk_is_full, give_up, in_terminal_language
from crm_site.problems import gettext_noop as _
from crm_site.secret_files import SECRET_BYTES

# Ours that need no Django, or come before there is a base.
BACKUP_COMMANDS = {
    "backup": "crm_site.backup.make",
    "restore": "crm_site.backup.restore",
    "verify_backup": "crm_site.backup.prove",
}
# These leave the data folder as it is until all was looked at: they sign nothing, and keep no key there.
LOOK_FIRST = {"restore", "verify_backup"}
WAIT_SECONDS = 60  # for a start, with its recovery, by someone else
# Django's commands that never ask the base.
WITHOUT_BASE = {
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "restore",
    "start",
    "startapp",
    "startproject",
    "verify_backup",
    "version",
}
# Those that know how far they came.
GO_ON_AGAIN = {"demo", "import_file", "import_set"}
INTERRUPTED = 130  # as a shell has it for SIGINT


@contextmanager
def running_or_own(data_folder: Path) -> Iterator[None]:
    """Use the cluster that runs on `data_folder`, or run it until the end of the block. Raises Problem."""
    lock = FolderLock(data_folder)
    if not _take_unless_running(lock, data_folder):
        yield
        return
    cluster = Cluster(data_folder)
    try:
        cluster.start()
        yield
    finally:
        cluster.stop()
        lock.release()


def _take_unless_running(lock: FolderLock, data_folder: Path) -> bool:
    """Take the folder, or wait until the one who has it has its base running."""
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            lock.take()
            return True
        except FolderInUse:
            if is_ready(data_folder):
                return False
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


@contextmanager
def for_command(arguments: list[str]) -> Iterator[None]:
    """The base for `manage.py` with these arguments, if the command needs one of ours."""
    command = arguments[1] if len(arguments) > 1 else "help"
    if os.environ.get("DATABASE_URL") or command in WITHOUT_BASE or {"-h", "--help"} & set(arguments):
        yield
    else:
        with running_or_own(_settings().CRM_DATA_DIR):
            yield


@contextmanager
def for_tests(data_folder: Path) -> Iterator[Path]:
    """A throwaway cluster in the first free folder `pytest…` of `data_folder`; gives that folder.

    It never shares a cluster with anyone's data: it runs without fsync, and is made again when it is broken.
    """
    number = 0
    while True:
        number += 1
        folder = data_folder / ("pytest" if number == 1 else f"pytest-{number}")
        lock = FolderLock(folder)
        try:
            lock.take()
            break
        except FolderInUse:
            continue
    cluster = Cluster(folder, throwaway=True)
    try:
        try:
            cluster.start()
        except (Problem, psycopg.Error):
            cluster.stop()
            shutil.rmtree(cluster.folder, ignore_errors=True)
            cluster.start()
        yield folder
    finally:
        cluster.stop()
        lock.release()


def main(arguments: list[str]) -> None:
    """Run `manage.py` with its base around it; `manage.py start [--demo [DATA]]` is the whole site.

    What keeps it from running is one sentence and code 1; Ctrl+C is code 130.
    """
    try:
        if arguments[1:2] == ["start"]:
            start(arguments[2:])
            return
        if LOOK_FIRST & set(arguments[1:2]):
            os.environ.setdefault("SECRET_KEY", token_urlsafe(SECRET_BYTES))
        with for_command(arguments):
            if module := BACKUP_COMMANDS.get(next(iter(arguments[1:]), "")):
                _settings()
                import_module(module).command(arguments[2:])
            else:
                _execute(arguments)
    except Problem as problem:
        give_up(problem)
    except OSError as refusal:
        if refusal.errno != errno.ENOSPC:
            raise
        give_up(disk_is_full(_settings().CRM_DATA_DIR))
    except KeyboardInterrupt:
        goes_on = GO_ON_AGAIN & set(arguments[1:2])
        sentence = (
            _("Interrupted: run it again, and it goes on where it was.") if goes_on else _("Interrupted.")
        )
        sys.stderr.write(f"\n{in_terminal_language(sentence)}\n")
        sys.exit(INTERRUPTED)


def _execute(arguments: list[str]) -> None:
    """Django's command, with the base's refusals as sentences. Raises Problem."""
    try:
        execute_from_command_line(arguments)
    except (OperationalError, InterfaceError) as refusal:
        if "--traceback" in arguments:
            raise
        raise database_is_away(refusal) from refusal
    except ProgrammingError as refusal:
        if "--traceback" in arguments or not isinstance(refusal.__cause__, psycopg.errors.UndefinedTable):
            raise
        raise Problem(
            _("The base has no tables of Voronka yet: start the site once, or run manage.py migrate.")
        ) from refusal


def start(arguments: list[str]) -> None:
    """The whole site, until it is asked to stop; with `--demo` with the demo company in it."""
    parser = argparse.ArgumentParser(prog="manage.py start")
    parser.add_argument("--demo", nargs="?", const="", metavar="DATA")
    demo = parser.parse_args(arguments).demo
    _settings()
    from crm_site.supervisor import Supervisor  # not at the top: it reads the settings as it is imported

    Supervisor(demo=demo).run()
    if mark := os.environ.get("CRM_FAILED_MARK"):  # the Makefile's: what is left there says that we failed
        Path(mark).unlink(missing_ok=True)


def _settings():
    """The settings; not at the top, for what they refuse is told by `main`. Raises Problem."""
    from crm_site import settings

    return settings
