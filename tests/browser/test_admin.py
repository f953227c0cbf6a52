"""The administration in Chromium: no complaint of the browser on any page, stages dragged into order."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib import admin as django_admin
from django.urls import reverse

from deals.models import Deal
from directories import merging
from directories.models import CustomField, Entry
from pipeline.models import Pipeline, Stage
from tests.jobs import work

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LOOKS = [("ru", "light"), ("en", "dark")]


def addresses():
    """Yield the address of each list, form and retiring page, made from what is registered."""
    yield reverse("admin:index")
    for model, options in django_admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        row = model._default_manager.last()
        yield reverse(f"{name}_changelist")
        if model._meta.model_name not in ("company", "securityevent"):
            yield reverse(f"{name}_add")
        if model is Entry and row is not None:
            yield f"{reverse(f'{name}_add')}?directory={row.directory_id}"
        if row is not None and model._meta.model_name != "securityevent":
            yield reverse(f"{name}_change", args=[row.pk])
        if row is not None and hasattr(options, "retire_view"):
            yield reverse(f"{name}_retire", args=[row.pk])


@pytest.mark.parametrize(("language", "theme"), LOOKS)
def test_no_page_of_the_administration_is_complained_of(
    page, live_server, log_in, complaints, admin, deal, source, lost_reason, office, language, theme
):
    CustomField.objects.make(entity="deal", code="batch", kind="number", label_ru="Партия", label_en="Batch")
    admin.language, admin.theme = language, theme
    admin.save()
    log_in(page, admin)
    serious = []
    for address in addresses():
        answer = page.goto(live_server.url + address)
        assert answer.status == 200, address
        assert page.locator("html").get_attribute("data-theme") == theme
        assert page.locator("html").get_attribute("lang") == language
        found = Axe().run(page).response["violations"]
        serious += [
            (address, each["id"], each["nodes"][0]["html"][:120])
            for each in found
            if each["impact"] in ("serious", "critical")
        ]
    assert not serious
    assert not complaints


def names_shown(page):
    return page.locator("#result_list tbody th").all_inner_texts()


def drag(page, row, past):
    """Drag the row with the number `row` past the row with the number `past`, as a hand does."""
    handles = page.locator("#result_list .drag.handle")
    start = handles.nth(row).bounding_box()
    with page.expect_response("**/adminsortable2_update/") as answered:
        page.mouse.move(start["x"] + 8, start["y"] + 8)
        page.mouse.down()
        for each in range(row + 1, past + 1):  # each that is passed makes room first
            box = handles.nth(each).bounding_box()
            page.mouse.move(start["x"] + 8, box["y"] + box["height"], steps=8)
            page.wait_for_timeout(250)
        page.mouse.up()
    return answered.value


def test_a_stage_is_dragged_to_its_place(page, live_server, log_in, complaints, admin, stages):
    log_in(page, admin)
    page.goto(live_server.url + reverse("admin:pipeline_stage_changelist"))
    drag(page, 1, past=3)
    order = list(Stage.objects.in_order())
    assert order[3] == stages[1]
    assert sorted(stage.pk for stage in order) == sorted(stage.pk for stage in stages)
    assert not complaints


def test_a_stage_is_dragged_over_a_retired_one(page, live_server, log_in, complaints, admin, stages):
    stages[2].retire(by=admin)
    log_in(page, admin)
    page.goto(live_server.url + reverse("admin:pipeline_stage_changelist"))
    for _again in range(2):
        drag(page, 1, past=3)
        shown = names_shown(page)
        assert shown == [stage.name for stage in Stage.objects.in_use().in_order()]
        page.reload()
        assert names_shown(page) == shown
    assert not complaints


def test_an_order_that_is_refused_is_said_and_the_list_put_back(page, live_server, log_in, admin, stages):
    log_in(page, admin)
    page.goto(live_server.url + reverse("admin:pipeline_stage_changelist"))
    before = names_shown(page)
    update = Stage.objects.filter(pk=stages[2].pk).update
    other = Pipeline.objects.make_ready("services", language="en", currency="RUB")
    update(pipeline=other, position=99)  # it stands elsewhere by now
    assert drag(page, 1, past=3).status == 409
    said = page.get_by_role("alert")
    assert said.inner_text() == "The order has changed meanwhile. Load the page again."
    assert names_shown(page) == before
    update(pipeline=stages[0].pipeline, position=stages[2].position)
    drag(page, 1, past=3)
    assert names_shown(page) == [
        stage.name for stage in Stage.objects.filter(pipeline=stages[0].pipeline).in_order()
    ]


def test_an_order_that_gets_no_answer_is_said_too(page, live_server, log_in, admin, stages):
    log_in(page, admin)
    page.goto(live_server.url + reverse("admin:pipeline_stage_changelist"))
    before = names_shown(page)
    page.route("**/adminsortable2_update/", lambda route: route.abort())
    handles = page.locator("#result_list .drag.handle")
    start, end = handles.nth(1).bounding_box(), handles.nth(2).bounding_box()
    page.mouse.move(start["x"] + 8, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(end["x"] + 8, end["y"] + end["height"], steps=8)
    page.wait_for_timeout(250)
    page.mouse.up()
    page.get_by_role("alert").wait_for()
    assert "was not saved" in page.get_by_role("alert").inner_text()
    assert names_shown(page) == before


def test_a_merge_in_the_background_says_on_its_page_when_it_is_done(
    page, live_server, log_in, complaints, admin, anna, stages, monkeypatch
):
    monkeypatch.setattr(merging, "MOST_AT_ONCE", 0)
    Deal.objects.make(by=anna, stage=stages[1], title="A")
    log_in(page, admin)
    page.goto(live_server.url + reverse("admin:pipeline_stage_retire", args=[stages[1].pk]))
    page.get_by_label("Move them to").select_option("Payment")
    page.get_by_role("button", name="Take out of use").click()
    page.get_by_role("heading", name="It is being merged into “Payment”").wait_for()
    work()
    said = page.get_by_text("“Negotiation” is merged into “Payment”.")
    said.wait_for()
    assert Deal.objects.get().stage.name == "Payment"
    assert not complaints


def test_the_page_of_a_stage_that_can_never_go_says_so_at_once(page, live_server, log_in, admin, stages):
    log_in(page, admin)
    page.goto(live_server.url + reverse("admin:pipeline_stage_retire", args=[stages[0].pk]))
    assert "The pipeline needs this stage" in page.locator(".errornote").inner_text()
    assert page.get_by_role("button", name="Take out of use").count() == 0
    assert page.get_by_role("combobox").count() == 0
