"""A server that may lose what it said was saved is named with what is off on it (TRUST 2.1)."""

from django.db import connection

from crm_site.unfit_bases import switched_off


def test_what_keeps_an_acknowledged_commit_is_named_where_it_is_off(db):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
        assert "synchronous_commit" in switched_off(cursor)
        cursor.execute("SET LOCAL synchronous_commit = on")
        assert "synchronous_commit" not in switched_off(cursor)
