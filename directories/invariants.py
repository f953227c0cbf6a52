"""What is always true of entries: name → (the rule in words, SQL that finds the ids of what breaks it)."""

from django.utils.translation import gettext_lazy as _

INVARIANTS = {
    "merged_entry_is_retired": (
        _("An entry that was merged into another is out of use."),
        "SELECT id FROM directories_entry WHERE merged_into_id IS NOT NULL AND retired_at IS NULL",
    ),
}
