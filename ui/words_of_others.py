"""Strings of other packages that their own Russian catalogues leave out; ours stands in for them."""

from django.utils.translation import gettext_noop

DJANGO = [gettext_noop("- Select an option -")]  # what an empty choice is called since 6.1
DJANGO_FILTER = [gettext_noop("is null"), gettext_noop("Select a lookup.")]
DJANGO = [gettext_noop("- Select an option -")]
ADMIN_SORTABLE = [
    gettext_noop("Move selected to specific page"),
    gettext_noop("Move selected ... pages back"),
    gettext_noop("Move selected ... pages forward"),
]
