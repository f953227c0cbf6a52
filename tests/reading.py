"""Reading a page as people do: its words, and those of them that are of the other language."""

import re
from html.parser import HTMLParser

UNREAD = {"script", "style", "code", "kbd"}
READ_ATTRIBUTES = {
    "title",
    "aria-label",
    "placeholder",
    "alt",
    "aria-description",
    "data-fold",
    "data-unfold",
}
BUTTONS = {"submit", "button", "reset"}

# What is written with Latin letters in Russian too.
LATIN = set(
    """
    e mail telegram whatsapp viber max vk skype ctrl esc enter english csv xlsx excel id url utc iso br
    coyhaique postgresql python django https host public email docs install ru md
    chrome headlesschrome chromium firefox safari edge linux windows macos android iphone
    """.split()
)
CODES = {"cars", "sources", "lost_reasons", "own_text", "own_number", "own_date", "own_entry"}  # of the world
CYRILLIC = {"русский"}  # the name of the language, in the language
NOT_WORDS = re.compile(
    r"\S+@\S+|https?://\S+|(?<!\S)/\S+|\b[0-9a-f-]{16,}\b|\b(?:[A-Z2-7]{4} ?){8}|\b[A-Z]\b"
)


class Words(HTMLParser):
    """Collects what is read or heard of a page; what people typed into fields is theirs."""

    def __init__(self):
        super().__init__()
        self.words, self._within = [], []

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        read = READ_ATTRIBUTES | ({"value"} if tag == "input" and values.get("type") in BUTTONS else set())
        self.words += [value for name, value in attributes if name in read and value]
        if tag in UNREAD:
            self._within.append(tag)

    def handle_endtag(self, tag):
        if self._within and tag == self._within[-1]:
            self._within.pop()

    def handle_data(self, data):
        if not self._within and data.strip():
            self.words.append(" ".join(data.split()))


def of_the_other_language(texts, language):
    """Return the texts that hold a word of the other language than `language` ("ru" or "en")."""
    letters, allowed = ("[a-z]{2,}", LATIN) if language == "ru" else ("[а-яё]+", CYRILLIC)
    found = []
    for text in texts:
        words = re.findall(letters, NOT_WORDS.sub(" ", text).lower())
        if set(words) - allowed and text not in CODES:
            found.append(text)
    return found


def words_of(html):
    """Return the texts of a page."""
    reader = Words()
    reader.feed(html)
    return reader.words
