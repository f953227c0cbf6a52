"""The ready directories: sources and reasons of loss, with the entries a company begins with."""

from django.utils.translation import gettext_lazy as _

SOURCES = "sources"
LOST_REASONS = "lost_reasons"

# directory code → its name, and its entries as (code, name, colour)
READY_DIRECTORIES = {
    SOURCES: (
        _("Sources"),
        (
            ("website", _("Website"), 2),
            ("call", _("Phone call"), 3),
            ("referral", _("Referral"), 10),
            ("advertising", _("Advertising"), 7),
            ("exhibition", _("Exhibition"), 5),
            ("social", _("Social networks"), 6),
            ("partner", _("Partner"), 9),
            ("repeat", _("Repeat purchase"), 4),
            ("cold_call", _("Cold call"), 1),
        ),
    ),
    LOST_REASONS: (
        _("Reasons of loss"),
        (
            ("expensive", _("Too expensive"), 6),
            ("others", _("They chose others"), 7),
            ("no_answer", _("No answer"), 1),
            ("changed_mind", _("They changed their mind"), 8),
            ("no_fit", _("We can't do what they need"), 4),
            ("bad_terms", _("Terms or dates don't suit"), 5),
            ("duplicate", _("Duplicate"), 2),
        ),
    ),
}
