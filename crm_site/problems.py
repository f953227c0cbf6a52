"""What keeps the site from starting, told to whoever starts it: one sentence, never a traceback."""

import locale
import os
import sys
from typing import NoReturn


class Problem(Exception):
    """Why the site cannot start or go on; its text says what to do about it."""

    def __init__(self, sentence, **details):
        super().__init__(sentence)
        self.sentence = sentence
        self.details = details

    def __str__(self):
        return str(self.sentence) % self.details


def in_terminal_language(words, **details) -> str:
    """The text of a lazy translation, a refusal or a name, in the language of the terminal."""
    import django
    from django.utils import translation

    django.setup()
    asked = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    with translation.override("ru" if locale.normalize(asked).startswith("ru") else "en"):
        return str(words) % details if details else str(words)


def give_up(problem: Problem) -> NoReturn:
    """End this process with the sentence of `problem` and exit code 1."""
    sys.stderr.write(in_terminal_language(problem) + "\n")
    sys.exit(1)
