"""Bringing people and teams in again goes through the doors of the administration, and leaves their trace."""

from accounts.models import SecurityEvent, Team, User
from tests.exchange.conftest import counts

PEOPLE = """source = "s"
entity = "user"
external_id = "id"
[fields]
full_name = "name"
email = "email"
role = { value = "manager" }
team = { column = "team", by = "name" }
"""
TEAMS = """source = "s"
entity = "team"
external_id = "id"
[fields]
name = "name"
parent = { column = "parent", by = "name" }
"""


def test_a_team_and_an_email_that_a_file_changes_leave_a_trace(bring_in, admin, team, other_team):
    row = {"id": "1", "name": "Kary Hendrixson", "email": "kary@example.com", "team": team.name}
    bring_in(PEOPLE, [row], by=admin)
    again = row | {"email": "kary@new.example", "team": other_team.name}
    assert counts(bring_in(PEOPLE, [again], by=admin)) == {"changed": 1}
    kary = User.objects.get(first_name="Kary")
    assert (kary.email, kary.team) == ("kary@new.example", other_team)
    events = SecurityEvent.objects.filter(user=admin, particulars__person=kary.pk)
    told = {event.kind: (event.particulars["before"], event.particulars["after"]) for event in events}
    assert told == {
        "email_changed": ("kary@example.com", "kary@new.example"),
        "team_changed": (team.name, other_team.name),
    }


def test_a_new_place_of_a_team_leaves_a_trace(bring_in, admin, office):
    other = Team.objects.create(name="Branch")
    row = {"id": "1", "name": "Third team", "parent": office.name}
    bring_in(TEAMS, [row], by=admin)
    assert counts(bring_in(TEAMS, [row | {"parent": other.name}], by=admin)) == {"changed": 1}
    assert Team.objects.get(name="Third team").parent == other
    event = SecurityEvent.objects.get(kind="team_changed", particulars__team="Third team")
    assert (event.particulars["before"], event.particulars["after"]) == (office.name, other.name)
