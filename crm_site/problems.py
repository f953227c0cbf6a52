"""What keeps the site from starting, told to whoever starts it: one sentence, never a traceback."""

import errno
import gettext
import os
import sys
from pathlib import Path
from typing import NoReturn

NO_SPACE = "No space left on device"  # strerror(ENOSPC), in PostgreSQL's words too
CATALOGUE = Path(__file__).resolve().parent.parent / "ui" / "locale"  # crm_site's words are kept there


def gettext_noop(sentence: str) -> str:
    """Mark a sentence for translation; Django's own asks the settings, which may be what is wrong."""
    return sentence


class Problem(Exception):
    """Why the site cannot start or go on: a sentence marked for translation, and its details."""

    def __init__(self, sentence: str, **details: object):
        super().__init__(sentence)
        self.sentence = sentence
        self.details = details

    def __str__(self) -> str:
        return in_terminal_language(self.sentence, **self.details)


def in_terminal_language(sentence: str, **details: object) -> str:
    """The sentence in the language of the terminal; it needs no Django, which may be what is broken."""
    asked = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    languages = ["ru"] if asked.startswith("ru") else []
    words = gettext.translation("django", CATALOGUE, languages=languages or ["en"], fallback=True)
    return words.gettext(sentence) % details


def database_is_away(refusal: Exception) -> Problem:
    """The sentence for a connection that the database did not take, or has hung up on."""
    if os.environ.get("DATABASE_URL"):
        sentence = gettext_noop(
            "The database does not answer (%(reason)s):"
            " check that it runs and that DATABASE_URL names its address, user and base."
        )
    else:
        sentence = gettext_noop("The database does not answer (%(reason)s): start Voronka again.")
    return Problem(sentence, reason=first_line(refusal))


class DiskFull(Problem):
    """Nothing more can be written to the disk of the data folder."""


def disk_is_full(folder: Path) -> DiskFull:
    """The sentence for a data folder that nothing more can be written to."""
    return DiskFull(
        gettext_noop("The disk of %(folder)s is full: make room on it, and start again."), folder=folder
    )


def causes(refusal: BaseException) -> list[BaseException]:
    """`refusal`, what it came from, what that came from …"""
    found = [refusal]
    while cause := found[-1].__cause__ or found[-1].__context__:
        found.append(cause)
    return found


def first_line(refusal: BaseException) -> str:
    """What PostgreSQL or Django said, without its details on further lines."""
    return (str(refusal).strip() or type(refusal).__name__).splitlines()[0].rstrip(".")


def say(sentence: str, **details: object) -> None:
    """Say the sentence, marked for translation, on the terminal, or where the start has sent it."""
    try:
        sys.stdout.write(in_terminal_language(sentence, **details) + "\n")
        sys.stdout.flush()
    except OSError as refusal:
        if refusal.errno != errno.ENOSPC:  # no reason to end what still works
            raise


def give_up(problem: Problem) -> NoReturn:
    """End this process with the sentence of `problem` and exit code 1."""
    sys.stderr.write(f"{problem}\n")
    sys.exit(1)
