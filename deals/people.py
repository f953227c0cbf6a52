"""A deal made together with its people: those who are here are recognised, the others are made with it."""

import re
from dataclasses import dataclass, field

from django.db import transaction

from contacts.models import Contact
from contacts.names import split_name, understood
from directories.kinds.emails import email
from directories.kinds.phones import phone
from organizations.models import Organization
from records.search import fold

from .models import Deal

MOST_MATCHES = 20
EMAIL = re.compile(r"[^\s<>(),;]+@[^\s<>(),;]+")
PHONE = re.compile(r"\+?\d[\d\s()\-\u2010-\u2013\u00a0]{4,}\d")


@dataclass
class TypedContact:
    """What a person typed of somebody: a name, phones and e-mails, in any order."""

    name: str = ""
    phones: list = field(default_factory=list)
    emails: list = field(default_factory=list)

    @classmethod
    def read(cls, text, phone_text=""):
        """Read «Ольга Самойлова +7 812 555-01-42 os@vektor.example», and a phone from a field of its own.

        Raises ValidationError for what looks like a phone or an e-mail and is none.
        """
        emails = [email(found) for found in EMAIL.findall(text)]
        text = EMAIL.sub(" ", text)
        phones = [phone(found.strip()) for found in PHONE.findall(text)]
        name = " ".join(PHONE.sub(" ", text).replace("<", " ").replace(">", " ").strip(" ,;").split())
        if phone_text.strip():
            phones.append(phone(phone_text.strip()))
        return cls(name, phones, emails)

    def __bool__(self):
        return bool(self.name or self.phones or self.emails)

    def matches(self, user):
        """Return those whom `user` sees and this may be: by phone or e-mail, else by the very name."""
        contacts = Contact.objects.visible_to(user).present().select_related("organization")
        if self.phones or self.emails:
            found = contacts.with_any(
                phones=[item["value"] for item in self.phones], emails=[item["value"] for item in self.emails]
            )
            if reached := list(found.by_name()[:MOST_MATCHES]):
                return reached
        if not self.name:
            return []
        words = sorted(fold(self.name).split())
        return [
            each
            for each in contacts.search(self.name).by_name()[:MOST_MATCHES]
            if words
            in (
                sorted(fold(each.full_name).split()),
                sorted(fold(f"{each.first_name} {each.last_name}").split()),
            )
        ]

    def is_surely(self, contact):
        """Say whether nothing that was typed speaks against its being `contact`, the only match."""
        if self.phones and not {item["value"] for item in self.phones} & set(contact.phone_keys or ()):
            return not contact.phone_keys
        return not self.name or not contact.full_name or self._is_called(contact)

    def _is_called(self, contact):
        return bool(set(fold(self.name).split()) & set(fold(contact.full_name).split()))

    @property
    def understood(self):
        """What the name means, in words: last name Новиков, first name Олег."""
        return understood(split_name(self.name))

    @property
    def values(self):
        """What `Contact.objects.make` takes."""
        return split_name(self.name) | {"phones": self.phones, "emails": self.emails}


def organizations_named(name, user):
    """Return the organizations that `user` sees and that are called like `name`, or have it as INN."""
    organizations = Organization.objects.visible_to(user).present()
    found = list(organizations.called_like(name).by_name()[:MOST_MATCHES])
    if not found and name.isascii() and name.isdigit() and len(name) in (10, 12):
        found = list(organizations.filter(inn=name).by_name()[:MOST_MATCHES])
    return found


@transaction.atomic
def make_deal(*, by, token, contact=None, organization=None, **values):
    """Make a deal as `by`, with the people that it names, all or nothing; return it.

    `contact` is a Contact or a TypedContact to be made, `organization` an Organization or the name of
    one to be made; without one it is the contact's. Raises AlreadyMade, StageRetired, NotAllowed, and
    then nothing is made.
    """
    if isinstance(organization, str):
        organization = Organization.objects.make(by=by, name=organization)
    if isinstance(contact, TypedContact):
        contact = Contact.objects.make(
            by=by, organization=organization, source=values.get("source"), **contact.values
        )
    return Deal.objects.make(
        by=by,
        token=token,
        contact=contact,
        organization=organization or (contact and contact.organization),
        **values,
    )
