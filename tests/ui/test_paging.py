"""Lists go by key: whole, once each, in order, whatever the key says."""

import pytest

from accounts.models import Role, SecurityEvent, Team, User
from ui.paging import by_key, capped_count


def all_pages(queryset, order, size):
    after, seen = "", []
    for _page in range(50):
        page = by_key(queryset, order=order, after=after, size=size)
        seen += page.rows
        after = page.next_key
        if not after:
            return seen
    raise AssertionError("the list does not end")


@pytest.fixture
def colleagues(team):
    """Seven people, of whom three have no e-mail."""
    return [
        User.objects.create(
            first_name=f"N{number}",
            email=None if number % 2 else f"n{number}@example.com",
            role=Role.objects.get(code="manager"),
            team=team,
        )
        for number in range(7)
    ]


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 50])
@pytest.mark.parametrize("order", [("-email", "-id"), ("email", "id"), ("-id",), ("first_name", "id")])
def test_each_row_comes_once_and_the_empty_ones_last(colleagues, order, size):
    rows = all_pages(User.objects.all(), order, size)
    assert len(rows) == len({row.pk for row in rows}) == User.objects.count()
    filled = [row.email for row in rows if row.email]
    if order[0].lstrip("-") == "email":
        assert filled == sorted(filled, reverse=order[0].startswith("-"))
        assert [bool(row.email) for row in rows] == sorted((bool(row.email) for row in rows), reverse=True)


def test_a_row_added_before_the_key_moves_nothing(colleagues):
    page = by_key(User.objects.all(), order=("-id",), size=3)
    User.objects.create(first_name="new", role=colleagues[0].role)
    following = by_key(User.objects.all(), order=("-id",), after=page.next_key, size=3)
    assert not {row.pk for row in page} & {row.pk for row in following}


@pytest.mark.parametrize("key", ["x", "a:b:c", "'; drop table", "\x00", "1" * 5000, "WzFd:x:y"])
def test_a_key_that_is_not_ours_leads_to_the_first_page(colleagues, key):
    first = by_key(User.objects.all(), order=("-id",), size=3)
    assert by_key(User.objects.all(), order=("-id",), after=key, size=3).rows == first.rows


def test_a_key_of_another_order_leads_to_the_first_page(colleagues):
    key = by_key(User.objects.all(), order=("-email", "-id"), size=3).next_key
    first = by_key(User.objects.all(), order=("-id",), size=3)
    assert by_key(User.objects.all(), order=("-id",), after=key, size=3).rows == first.rows


def test_moments_and_texts_are_keys_too(colleagues):
    rows = all_pages(User.objects.all(), ("-created_at", "-id"), 2)
    assert rows == list(User.objects.order_by("-created_at", "-id"))


def test_a_page_compares_rows_in_one_query(colleagues, django_assert_num_queries):
    key = by_key(User.objects.all(), order=("-created_at", "-id"), size=3).next_key
    with django_assert_num_queries(1) as captured:
        by_key(User.objects.all(), order=("-created_at", "-id"), after=key, size=3)
    sql = captured[0]["sql"]
    assert '("accounts_user"."created_at", "accounts_user"."id") <' in sql
    assert "OFFSET" not in sql


def test_two_directions_are_refused():
    with pytest.raises(ValueError, match="one direction"):
        by_key(Team.objects.all(), order=("name", "-id"))


def test_a_count_stops_at_its_cap(colleagues):
    assert str(capped_count(User.objects.all(), cap=3)) == "3+"
    assert str(capped_count(User.objects.all(), cap=7)) == "7"
    assert not capped_count(SecurityEvent.objects.none())
