"""The base a command needs: the one that runs on the data folder, or its own for as long as it lasts."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crm_site.cluster import Cluster, is_ready
from crm_site.locks import FolderInUse, FolderLock

WAIT_SECONDS = 60  # for a start, with its recovery, by someone else
# Django's commands that never ask the base.
WITHOUT_BASE = {
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "start",
    "startapp",
    "startproject",
    "version",
}


@contextmanager
def running_or_own(data_folder: Path) -> Iterator[None]:
    """Use the cluster that runs on `data_folder`, or run it until the end of the block. Raises Problem."""
    lock = FolderLock(data_folder)
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            lock.take()
            break
        except FolderInUse:
            if is_ready(data_folder):
                yield
                return
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
    cluster = Cluster(data_folder)
    try:
        cluster.start()
        yield
    finally:
        cluster.stop()
        lock.release()


@contextmanager
def for_command(arguments: list[str]) -> Iterator[None]:
    """The base for `manage.py` with these arguments, if the command needs one of ours."""
    from crm_site import settings

    command = arguments[1] if len(arguments) > 1 else "help"
    if os.environ.get("DATABASE_URL") or command in WITHOUT_BASE or {"-h", "--help"} & set(arguments):
        yield
    else:
        with running_or_own(settings.CRM_DATA_DIR):
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
        cluster.start()
        yield folder
    finally:
        cluster.stop()
        lock.release()


def main(arguments: list[str]) -> None:
    """Run `manage.py` with its base around it."""
    from django.core.management import execute_from_command_line

    from crm_site.problems import Problem, give_up

    try:
        with for_command(arguments):
            execute_from_command_line(arguments)
    except Problem as problem:
        give_up(problem)


