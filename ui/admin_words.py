"""Sentences of Django's admin that its Russian says in one gender, or in straight quotes.

The catalogue of a room goes before those of packages, so it is enough to have them collected.
"""

from django.utils.translation import gettext_noop

SAID_BY_US = [
    # the history of a record
    gettext_noop("Added {name} “{object}”."),
    gettext_noop("Changed {fields} for {name} “{object}”."),
    gettext_noop("Changed {fields}."),
    gettext_noop("Deleted {name} “{object}”."),
    gettext_noop("This object doesn’t have a change history. It probably wasn’t added via this admin site."),
    # a page that is not there
    gettext_noop("%(name)s with ID “%(key)s” doesn’t exist. Perhaps it was deleted?"),
    # before something is deleted
    gettext_noop(
        "Are you sure you want to delete the %(object_name)s “%(escaped_object)s”? "
        "All of the following related items will be deleted:"
    ),
    gettext_noop("Yes, I’m sure"),
    gettext_noop("No, take me back"),
    gettext_noop("Objects"),
]
