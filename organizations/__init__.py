"""Organizations: firms that deals and documents are made out to.

Lives here: Organization with its list, card and form. Doors are those of every record, and
`Organization.objects.make`.
"""
