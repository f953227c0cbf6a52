"""What files can bring in, a subject a module."""

from .deals import Deals
from .entries import Entries
from .people import Teams, Users
from .records import Contacts, Organizations

TARGETS = {
    "user": Users,
    "team": Teams,
    "entry": Entries,
    "organization": Organizations,
    "contact": Contacts,
    "deal": Deals,
}
