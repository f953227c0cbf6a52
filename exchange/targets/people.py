"""Users and teams: for those who configure, since a team and a role decide who sees what."""

from django.db import transaction

from accounts.models import Role, Team, User
from accounts.rights import Right

from .target import PlainField, Target


class Teams(Target):
    model = Team
    rights = (Right.IMPORT, Right.CONFIGURE)

    def all_fields(self):
        return [PlainField(Team, name) for name in ("name", "parent")]

    def choices(self, field):
        return (Team.objects.visible_to(self.by), "team") if field.name == "parent" else None

    def find(self, pks):
        return Team.objects.in_bulk(pks)

    @transaction.atomic
    def change(self, record, values):
        for name, value in values.items():
            setattr(record, name, value)
        record.full_clean()
        record.save_as(by=self.by)


class FullName(PlainField):
    """One column with the whole name: the first word is the first name, the rest the last name."""

    def __init__(self):
        super().__init__(User, "first_name")
        self.name = "full_name"

    def parse(self, text, context):
        first, _space, last = text.partition(" ")
        return {
            "first_name": User._meta.get_field("first_name").clean(first, None),
            "last_name": User._meta.get_field("last_name").clean(last.strip(), None),
        }


class Users(Target):
    """People who work here. None of them can log in until the admin gives an e-mail and a password."""

    model = User
    rights = (Right.IMPORT, Right.CONFIGURE)

    def all_fields(self):
        names = ("first_name", "patronymic", "last_name", "email", "role", "team")
        self.optional = {"first_name" if "full_name" in self.mapping.fields else "full_name"}
        return [FullName(), *(PlainField(User, name) for name in names)]

    def choices(self, field):
        if field.name == "role":
            return Role.objects.all(), "role"
        return (Team.objects.visible_to(self.by), "team") if field.name == "team" else None

    def read(self, cells):
        values = super().read(cells)
        if "email" in values:
            values["email"] = (values["email"] or "").lower() or None
        return {**values.pop("full_name", {}), **values}

    def build(self, values):
        user = User(**values)
        user.set_unusable_password()
        return user

    def find(self, pks):
        return User.objects.select_related("role", "team").in_bulk(pks)

    def change(self, record, values):
        record.change(by=self.by, **values)
