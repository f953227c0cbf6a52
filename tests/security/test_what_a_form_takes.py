"""Ids inside a request's body, and fields that a form does not have (TRUST S4, S6)."""

import re
import uuid

import pytest

from contacts.models import Contact
from deals.models import Deal
from organizations.models import Organization
from pipeline.models import Pipeline
from tests.snapshot import row_hashes

# What somebody might try to slip in with any form.
SMUGGLED = {
    "id": "1",
    "pk": "1",
    "owner": None,  # the stranger's id, put in by the test
    "owner_id": None,
    "created_by": None,
    "created_at": "2001-01-01",
    "updated_at": "2001-01-01",
    "version": "99",
    "archived_at": "2001-01-01",
    "outcome": "won",
    "closed_at": "2001-01-01",
    "stage_since": "2001-01-01",
    "next_step_at": "2001-01-01",
    "custom": '{"margin": 1}',
    "company": "2",
    "role": "1",
    "team": "1",
    "is_active": "",
    "can_log_in": "on",
    "is_staff": "on",
    "is_superuser": "on",
    "email": "thief@example.com",
}


@pytest.fixture
def other_pipeline(company):
    return Pipeline.objects.make_ready("wholesale", language="en", currency="RUB")


@pytest.fixture
def strangers(vera, lead):
    organization = Organization.objects.make(by=vera, name="Strange Ltd")
    contact = Contact.objects.make(by=vera, first_name="Strange", last_name="Person")
    return {"contact": contact, "organization": organization}


def smuggled(vera):
    return {name: vera.pk if value is None else value for name, value in SMUGGLED.items()}


def form_of(client, path):
    """Return the fields that the form at `path` shows, with the values it shows."""
    text = client.get(path).text
    return dict(re.findall(r'name="(token)" value="([^"]*)"', text))


# S4: ids in the body


@pytest.mark.parametrize("absent", [True, False])
@pytest.mark.parametrize("name", ["contact", "organization"])
def test_a_strangers_record_and_an_absent_one_are_refused_in_the_same_words(
    logged_in, anna, deal, strangers, name, absent
):
    client, before = logged_in(anna), row_hashes()
    value = 987654321 if absent else strangers[name].pk
    shown = getattr(deal, name).pk
    response = client.post(f"/deals/{deal.pk}/field/{name}/", {"value": value, "shown": shown})
    assert response.status_code == 422
    assert "Strange" not in response.text
    assert row_hashes() == before


def test_the_answers_for_a_strangers_record_and_an_absent_one_are_equal(logged_in, anna, deal, strangers):
    client = logged_in(anna)
    answers = [
        re.sub(r'value="\w{64}"', "", answer.text.replace(str(value), "N"))
        for value in (strangers["contact"].pk, 987654321)
        for answer in [
            client.post(
                f"/deals/{deal.pk}/field/contact/",
                {"value": value, "shown": deal.contact_id},
                headers={"HX-Request": "true"},
            )
        ]
    ]
    assert answers[0] == answers[1]


@pytest.mark.parametrize("new_owner", ["vera", "absent", "left"])
def test_a_record_is_handed_over_only_to_colleagues_in_scope(
    logged_in, anna, boris, vera, head, admin, deal, new_owner
):
    boris.change(is_active=False, by=admin)
    pk = {"vera": vera.pk, "absent": 987654321, "left": boris.pk}[new_owner]
    clients = [logged_in(anna), logged_in(head)]
    before = row_hashes()
    for client in clients:
        response = client.post(
            f"/deals/{deal.pk}/assign/",
            {"owner": pk, "seen_with": deal.owner_id},
            headers={"HX-Request": "true"},
        )
        assert response.status_code in (403, 422)
    assert row_hashes() == before


def test_a_stage_of_another_pipeline_or_none_is_refused_in_a_move(
    logged_in, anna, deal, lead, other_pipeline
):
    client, before = logged_in(anna), row_hashes()
    for stage in (other_pipeline.stages.in_order()[1].pk, 987654321, "", "x"):
        response = client.post(f"/deals/{deal.pk}/move/", {"stage": stage, "seen_in": lead.pk})
        assert response.status_code == 422, stage
    assert row_hashes() == before


def test_a_reason_of_another_directory_is_refused(logged_in, anna, deal, lead, lost, lost_reason, source):
    client, before = logged_in(anna), row_hashes()
    for reason in (source.pk, 987654321, "x"):
        response = client.post(
            f"/deals/{deal.pk}/move/", {"stage": lost.pk, "seen_in": lead.pk, "lost_reason": reason}
        )
        assert response.status_code == 422, reason
    assert row_hashes() == before


def test_an_entry_of_another_directory_is_refused_as_a_source(logged_in, anna, deal, lost_reason):
    client, before = logged_in(anna), row_hashes()
    response = client.post(f"/deals/{deal.pk}/field/source/", {"value": lost_reason.pk, "shown": ""})
    assert response.status_code == 422
    assert row_hashes() == before


def test_a_new_deal_is_not_hung_on_what_its_maker_may_not_see(logged_in, anna, lead, strangers):
    client, before = logged_in(anna), row_hashes()
    answer = client.post(
        "/deals/new/",
        {
            "title": "Slipped in",
            "stage": lead.pk,
            "token": str(uuid.uuid4()),
            "contact": "Strange Person",
            "contact_choice": strangers["contact"].pk,
            "organization": "Strange Ltd",
            "organization_choice": strangers["organization"].pk,
        },
    )
    made = Deal.objects.for_system("a test").filter(title="Slipped in").first()
    if made is None:
        assert answer.status_code == 422
        assert row_hashes() == before
    else:
        assert made.contact != strangers["contact"]
        assert made.organization != strangers["organization"]


# S6: fields that a form does not have


def test_a_new_deal_takes_only_its_fields(logged_in, anna, vera, lead):
    client = logged_in(anna)
    response = client.post(
        "/deals/new/",
        smuggled(vera)
        | {"title": "Mine", "stage": lead.pk, "token": form_of(client, "/deals/new/")["token"]},
    )
    assert response.status_code == 303
    made = Deal.objects.for_system("a test").get()
    assert (made.owner, made.created_by, made.version) == (anna, anna, 1)
    assert (made.outcome, made.closed_at, made.archived_at, made.custom) == ("", None, None, {})
    assert made.created_at.year > 2001
    assert made.stage_since.year > 2001


@pytest.mark.parametrize(
    ("path", "model", "fields"),
    [
        ("/contacts/new/", Contact, {"first_name": "Mine"}),
        ("/organizations/new/", Organization, {"name": "Mine"}),
    ],
)
def test_a_new_contact_or_organization_takes_only_its_fields(logged_in, anna, vera, path, model, fields):
    client = logged_in(anna)
    sent = smuggled(vera) | fields | {"token": form_of(client, path)["token"]}
    assert client.post(path, sent).context["form"].errors.keys() == {"owner"}
    assert not model.objects.for_system("a test").exists()
    sent["owner"] = anna.pk
    assert client.post(path, sent).status_code == 303
    made = model.objects.for_system("a test").get()
    assert (made.owner, made.created_by, made.archived_at, made.custom) == (anna, anna, None, {})
    assert made.created_at.year > 2001


@pytest.mark.parametrize(
    "name",
    (
        "owner stage outcome closed_at created_at id version custom archived_at nothing next_step_at"
        " lost_reason owner__password custom__nothing search"
    ).split(),
)
def test_no_other_field_is_edited_in_place(logged_in, anna, vera, deal, name):
    client, before = logged_in(anna), row_hashes()
    response = client.post(f"/deals/{deal.pk}/field/{name}/", {"value": vera.pk, "shown": ""})
    assert response.status_code in (403, 404, 409, 422)
    assert row_hashes() == before


def test_ones_own_page_gives_nobody_a_role(logged_in, anna, vera):
    logged_in(anna).post("/profile/", smuggled(vera) | {"language": "en", "single_keys": "on"})
    logged_in(anna).post("/preferences/set/", {"name": "role", "value": "1"})
    logged_in(anna).post("/preferences/set/", {"name": "is_active", "value": ""})
    before = (anna.role_id, anna.email, anna.is_active, anna.can_log_in, anna.team_id)
    anna.refresh_from_db()
    assert (anna.role_id, anna.email, anna.is_active, anna.can_log_in, anna.team_id) == before
    assert not anna.is_staff


def test_a_note_and_a_task_take_only_their_fields(logged_in, anna, vera, deal):
    client = logged_in(anna)
    client.post(f"/deals/{deal.pk}/notes/", smuggled(vera) | {"text": "Mine", "token": str(uuid.uuid4())})
    client.post(f"/deals/{deal.pk}/tasks/", smuggled(vera) | {"title": "Mine", "token": str(uuid.uuid4())})
    made = list(deal.activities.for_system("a test"))
    assert {(each.owner, each.created_by, each.deal) for each in made} == {(anna, anna, deal)}
    assert len(made) == 2
