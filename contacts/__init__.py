"""Contacts: the people at the customer's, and how they are recognised.

Lives here: Contact with its list, card and form; recognition by phone, e-mail or messenger.
Doors are those of every record, and `Contact.objects.make`.
"""
