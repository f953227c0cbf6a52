"""What keeps the site from starting, told to whoever starts it: one sentence, never a traceback."""

import gettext
import os
import sys
from pathlib import Path
from typing import NoReturn

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


def give_up(problem: Problem) -> NoReturn:
    """End this process with the sentence of `problem` and exit code 1."""
    sys.stderr.write(f"{problem}\n")
    sys.exit(1)
