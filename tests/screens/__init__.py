"""Every page that people see; a new address without a screen fails (tests/house/test_screens.py).

The tests that hold for each of them (looks, languages, queries, hostile texts) go over this list.
"""

from .administration import NEW_ENTRIES, OWN_FIELDS, of_admin
from .entrance import ENTRANCE, ERRORS
from .records import DEALS, HISTORY, RECORDS
from .screen import Screen, at
from .without import NO_SCREEN, addresses, needs_no_screen

SCREENS = [*ENTRANCE, *ERRORS, *RECORDS, *HISTORY, *DEALS, *of_admin(), OWN_FIELDS, *NEW_ENTRIES]
PAGES = [screen for screen in SCREENS if not screen.is_part]
PARTS = [screen for screen in SCREENS if screen.is_part]

__all__ = ["NO_SCREEN", "PAGES", "PARTS", "SCREENS", "Screen", "addresses", "at", "needs_no_screen"]
