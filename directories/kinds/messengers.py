"""Names in messengers: {kind, value}."""

import re
from urllib.parse import quote

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .phones import phone, pretty
from .rows import Rows

# code → name, where its page is (by the name without @, or by digits), whether it goes by phone number
MESSENGERS = {
    "telegram": ("Telegram", "https://t.me/", False),
    "whatsapp": ("WhatsApp", "https://wa.me/", True),
    "viber": ("Viber", "", True),
    "max": ("MAX", "", False),
    "vk": ("VK", "https://vk.com/", False),
    "other": (_("other"), "", False),
}
LETTERS = 100
ADDRESS = re.compile(r"^(?:https?://)?(?:www\.)?(?:t\.me|telegram\.me|vk\.com|wa\.me)/", re.IGNORECASE)


class Messengers(Rows):
    code = "messengers"
    label = _("messengers")
    choices = [(code, name) for code, (name, _page, _by_phone) in MESSENGERS.items()]
    names = ("messengers",)

    def item(self, text, choice):
        """Return {kind, value}: a phone number as E.164, a name without @ and address, lower-cased."""
        name = ADDRESS.sub("", text).lstrip("@").strip("/ ")
        by_phone = MESSENGERS[choice][2] or (
            choice in ("telegram", "max") and re.fullmatch(r"[+\d\s()-]+", name)
        )
        if by_phone:
            return {"kind": choice, "value": phone(name)["value"]}
        if not name or len(name) > LETTERS:
            raise ValidationError(
                _("“%(text)s” is no name in a messenger. Write it like @ivanov."),
                params={"text": text[:LETTERS]},
            )
        return {"kind": choice, "value": name if choice == "other" else name.lower()}

    def to_row(self, item):
        return item["kind"], item["value"]

    def parts(self, value, field):
        shown = []
        for item in value or ():
            name, page, _by_phone = MESSENGERS.get(item["kind"], MESSENGERS["other"])
            is_phone = item["value"].startswith("+")
            address = page + quote(item["value"] if page.endswith("t.me/") else item["value"].lstrip("+"))
            shown.append(
                {
                    "text": str(pretty(item)) if is_phone else f"@{item['value']}" if page else item["value"],
                    "href": address if page else "",
                    "label": name,
                    "icon": "brand-telegram" if item["kind"] == "telegram" else "message-circle",
                }
            )
        return shown
