"""An organization is part of another one, never of itself."""

from threading import Barrier, Thread

import pytest
from django.db import connection
from django.urls import reverse

from organizations.models import Organization
from organizations.refusals import PartOfItself


@pytest.fixture
def three(anna):
    """A group, a firm of it, and a shop of the firm."""
    group = Organization.objects.make(by=anna, name="Group")
    firm = Organization.objects.make(by=anna, name="Firm", parent=group)
    return group, firm, Organization.objects.make(by=anna, name="Shop", parent=firm)


def test_an_organization_cannot_be_part_of_what_is_part_of_it(anna, three):
    group, _firm, shop = three
    with pytest.raises(PartOfItself):
        group.change({"parent": shop}, by=anna)
    group.refresh_from_db()
    assert group.parent is None


def test_an_organization_cannot_be_part_of_itself(anna, three):
    with pytest.raises(PartOfItself):
        three[0].change({"parent": three[0]}, by=anna)


def test_the_form_says_it_at_the_field(logged_in, anna, three):
    group, _firm, _shop = three
    here = reverse("organizations:organization_field", args=[group.pk, "parent"])
    answer = logged_in(anna).post(here, {"value": "Shop", "shown": ""}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "is itself a part" in answer.content.decode()
    group.refresh_from_db()
    assert group.parent is None


def test_the_card_shows_the_group_and_the_parts(logged_in, anna, three):
    page = logged_in(anna).get(three[1].get_absolute_url()).content.decode()
    assert three[0].get_absolute_url() in page
    assert three[2].get_absolute_url() in page


@pytest.mark.django_db(transaction=True)
def test_two_people_cannot_close_a_circle_at_once(anna):
    one = Organization.objects.make(by=anna, name="One")
    two = Organization.objects.make(by=anna, name="Two")
    together, refused = Barrier(2), []

    def join(part, whole):
        together.wait()
        try:
            part.change({"parent": whole}, by=anna)
        except PartOfItself as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    threads = [Thread(target=join, args=pair) for pair in ((one, two), (two, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert Organization.objects.filter(parent=None).count() == 1
