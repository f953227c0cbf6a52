"""A field that points at a record suggests names, of what the person sees only (TRUST S8)."""

import pytest

from organizations.models import Organization


@pytest.fixture
def foreign(vera):
    return Organization.objects.make(by=vera, name="Vector Secret")


def test_only_names_that_the_person_sees_are_suggested(logged_in, anna, organization, foreign):
    page = logged_in(anna).get("/directories/suggest/organization/", {"in": "value", "value": "vect"}).text
    assert "Vector Logistics" in page
    assert "Secret" not in page


@pytest.mark.parametrize("entity", ["deal", "entry", "user", "x"])
def test_what_is_not_found_by_name_has_no_suggestions(logged_in, anna, entity):
    assert logged_in(anna).get(f"/directories/suggest/{entity}/", {"q": "ab"}).status_code == 404


@pytest.mark.parametrize("text", ["", "a", "%", "\x00zz", "a" * 500, "'; --"])
def test_strange_texts_suggest_nothing_and_do_no_harm(logged_in, anna, organization, text):
    answer = logged_in(anna).get("/directories/suggest/organization/", {"q": text})
    assert answer.status_code == 200
    assert "option" not in answer.text
