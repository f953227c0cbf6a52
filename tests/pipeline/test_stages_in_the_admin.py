"""The admin shapes pipelines and stages through their doors."""

import json

import pytest
from django.urls import reverse

from deals.models import Deal
from pipeline.models import Pipeline, Stage
from tests.filled import admin_page, fill_in


@pytest.fixture
def client_of_admin(logged_in, admin):
    return logged_in(admin)


def test_a_new_pipeline_has_its_lead_won_and_lost_stage_at_once(client_of_admin, pipeline):
    answer = fill_in(client_of_admin, admin_page(Pipeline, "add"), name="Second", currency="EUR", position=2)
    assert answer.status_code == 302
    kinds = [stage.kind for stage in Pipeline.objects.get(name="Second").stages.in_order()]
    assert kinds == ["lead", "won", "lost"]


def test_a_new_stage_stands_before_those_that_close_deals(client_of_admin, pipeline):
    made = {"pipeline": pipeline.pk, "name": "Contract", "color": 3, "probability": 80}
    answer = fill_in(client_of_admin, admin_page(Stage, "add"), made)
    assert answer.status_code == 302
    names = [stage.name for stage in pipeline.stages.in_order()]
    assert names[-3:] == ["Contract", "Won", "Lost"]


def test_the_list_shows_one_pipeline_and_counts_its_stages(client_of_admin, pipeline):
    answer = client_of_admin.get(reverse("admin:pipeline_stage_changelist"), follow=True)
    assert answer.status_code == 200
    assert "7 stages" in answer.text
    assert 'aria-label="probability, %: Inquiry"' in answer.text.replace("Probability", "probability")


def test_dragging_changes_places_and_a_made_up_order_nothing(client_of_admin, stages):
    address = reverse("admin:pipeline_stage_sortable_update")
    swap = [[stages[1].pk, stages[2].position], [stages[2].pk, stages[1].position]]
    answer = client_of_admin.post(address, json.dumps({"updatedItems": swap}), "application/json")
    assert answer.status_code == 200
    assert list(stages[0].pipeline.stages.in_order())[1] == stages[2]
    before = list(Stage.objects.values_list("pk", "position"))
    for wrong in ([[stages[1].pk, 1], [10**9, 2]], [["x", "y"]], "no", None):
        answer = client_of_admin.post(address, json.dumps({"updatedItems": wrong}), "application/json")
        assert (answer.status_code, answer.text) == (
            409,
            "The order has changed meanwhile. Load the page again.",
        )
    assert client_of_admin.post(address, "no json", "application/json").status_code == 409
    assert list(Stage.objects.values_list("pk", "position")) == before


def test_a_stage_keeps_its_kind_and_its_pipeline(client_of_admin, stages, pipeline):
    other = Pipeline.objects.make_ready("services", language="en", currency="RUB")
    page = admin_page(Stage, "change", stages[1].pk)
    fill_in(client_of_admin, page, name="Talks", forged={"kind": "won", "pipeline": other.pk})
    stage = Stage.objects.get(pk=stages[1].pk)
    assert (stage.name, stage.kind, stage.pipeline) == ("Talks", "open", pipeline)


def test_a_stage_takes_its_place_without_dragging_too(client_of_admin, stages):
    inquiry, negotiation, invoice = stages[:3]
    page = admin_page(Stage, "change", negotiation.pk)
    assert fill_in(client_of_admin, page, after=invoice.pk).status_code == 302
    assert list(inquiry.pipeline.stages.in_order())[:3] == [inquiry, invoice, negotiation]
    fill_in(client_of_admin, page, after="")
    assert list(inquiry.pipeline.stages.in_order())[:3] == [negotiation, inquiry, invoice]
    fill_in(client_of_admin, page, forged={"after": 10**9})
    assert Stage.objects.in_order().first() == negotiation


def test_what_cannot_be_is_said_in_the_form(client_of_admin, stages):
    page = admin_page(Stage, "change", stages[1].pk)
    wrong = {"name": "", "probability": 300, "idle_days": -4}
    answer = fill_in(client_of_admin, page, wrong, forged={"color": 77})
    assert answer.status_code == 200
    assert set(answer.context["adminform"].form.errors) == {"name", "color", "probability", "idle_days"}


def test_the_page_of_retiring_counts_and_moves_the_deals(client_of_admin, deal, stages, anna):
    lead, negotiation, invoice = stages[:3]
    deal.move_to(negotiation, by=anna, seen_in=lead)
    address = reverse("admin:pipeline_stage_retire", args=[negotiation.pk])
    assert "<strong>1</strong>" in client_of_admin.get(address).text
    refused = fill_in(client_of_admin, address, target="")
    assert refused.status_code == 409
    assert "in use" in refused.text
    assert not Stage.objects.get(pk=negotiation.pk).is_retired
    assert fill_in(client_of_admin, address, forged={"target": lead.pk + 1000}).status_code == 200
    assert fill_in(client_of_admin, address, target=invoice.pk).status_code == 303
    assert Deal.objects.for_system("test").get(pk=deal.pk).stage == invoice
    back = reverse("admin:pipeline_stage_back", args=[negotiation.pk])
    assert client_of_admin.get(back).status_code == 303
    assert Stage.objects.get(pk=negotiation.pk).is_retired
    client_of_admin.post(back)
    assert not Stage.objects.get(pk=negotiation.pk).is_retired


@pytest.mark.parametrize("model", ["stage", "pipeline"])
def test_nothing_is_deleted(client_of_admin, pipeline, stages, model):
    row = stages[1] if model == "stage" else pipeline
    address = reverse(f"admin:pipeline_{model}_delete", args=[row.pk])
    assert client_of_admin.post(address, {"post": "yes"}).status_code == 403
    assert type(row).objects.filter(pk=row.pk).exists()
