"""The dashboard as a page: who sees it, what its address may ask for, what it says."""

import pytest
from django.urls import reverse

from accounts.models import Role
from accounts.rights import Scope


@pytest.fixture
def address(pipeline):
    return reverse("deals:funnel", args=[pipeline.pk])


def test_the_page_says_what_stands_where(logged_in, owner, deal, address, lead):
    page = logged_in(owner).get(address)
    assert page.status_code == 200
    row = page.context["dashboard"].rows[0]
    assert (row.stage, row.now.count, row.now.amount) == (lead, 1, 390_000)
    assert "₽390,000" in page.text
