"""The administration in Chromium: no complaint of the browser on any page, stages dragged into order."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib import admin as django_admin
from django.urls import reverse

from directories.models import CustomField
from pipeline.models import Stage

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


def test_a_stage_is_dragged_to_its_place(page, live_server, log_in, complaints, admin, stages):
    log_in(page, admin)
    page.goto(live_server.url + reverse("admin:pipeline_stage_changelist"))
    handles = page.locator("#result_list .drag.handle")
    start, end = handles.nth(1).bounding_box(), handles.nth(3).bounding_box()
    with page.expect_response("**/adminsortable2_update/"):
        page.mouse.move(start["x"] + 8, start["y"] + 8)
        page.mouse.down()
        for row in (2, 3):  # each that is passed makes room first
            box = handles.nth(row).bounding_box()
            page.mouse.move(end["x"] + 8, box["y"] + box["height"], steps=8)
            page.wait_for_timeout(250)
        page.mouse.up()
    order = list(Stage.objects.in_order())
    assert order[3] == stages[1]
    assert sorted(stage.pk for stage in order) == sorted(stage.pk for stage in stages)
    assert not complaints
