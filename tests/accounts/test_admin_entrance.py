"""One log-in for everything; the administration is for roles that configure."""

import pytest
from django.contrib import admin as django_admin
from django.urls import reverse


def test_who_is_not_in_is_led_to_our_log_in_and_back(client, company):
    answer = client.get("/admin/pipeline/stage/", follow=True)
    assert answer.redirect_chain[-1][0].startswith(reverse("account_login"))
    assert client.get("/admin/login/?next=/admin/pipeline/stage/")["Location"] == (
        f"{reverse('account_login')}?next=/admin/pipeline/stage/"
    )


@pytest.mark.parametrize("who", ["anna", "head", "owner", "observer"])
def test_who_may_not_configure_is_told_so(request, logged_in, company, who):
    client = logged_in(request.getfixturevalue(who))
    answer = client.get("/admin/", follow=True)
    assert answer.status_code == 403
    assert "role" in answer.text


def test_only_our_rooms_are_shown(logged_in, admin):
    rooms = {model._meta.app_label for model in django_admin.site._registry}
    assert rooms == {"accounts", "directories", "pipeline"}
    page = logged_in(admin).get("/admin/").text
    assert page.index("pipeline/stage/") < page.index("directories/entry/") < page.index("accounts/user/")


def test_every_page_of_the_administration_opens(logged_in, admin, deal, source, lost_reason, office):
    client = logged_in(admin)
    for model, options in django_admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        assert client.get(reverse(f"{name}_changelist"), follow=True).status_code == 200, name
        if options.has_add_permission(type("Request", (), {"user": admin})):
            assert client.get(reverse(f"{name}_add")).status_code == 200, name
        row = model._default_manager.first()
        if row is not None and options.has_change_permission(type("Request", (), {"user": admin})):
            assert client.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200, name


@pytest.mark.parametrize(
    "query", ["?o=-99", "?e=1", "?pipeline__id__exact=x", "?role__password=1", "?p=zz", "?in_use=%00"]
)
def test_a_strange_address_is_no_crash(logged_in, admin, pipeline, query):
    client = logged_in(admin)
    for name in ("pipeline_stage", "accounts_user", "directories_entry"):
        answer = client.get(reverse(f"admin:{name}_changelist") + query)
        assert answer.status_code in (200, 302, 303, 400)
