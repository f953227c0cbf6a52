"""Extensions and the immutable functions that generated columns and queries share (FACTS 25)."""

from django.contrib.postgres.operations import BtreeGistExtension, CreateExtension, TrigramExtension
from django.db import migrations

FUNCTIONS = r"""
CREATE FUNCTION fold(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    RETURN lower(translate($1, 'Ёё', 'Ее'));

-- the normalised values of a list of phones or e-mails
CREATE FUNCTION keys_of(jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT coalesce(array_agg(each ->> 'value'), '{}') FROM jsonb_array_elements($1) AS each
$$;

-- the same as one text, for the search column
CREATE FUNCTION words_of(jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT coalesce(string_agg(each ->> 'value', ' '), '') FROM jsonb_array_elements($1) AS each
$$;
"""

BACK = """
DROP FUNCTION words_of(jsonb);
DROP FUNCTION keys_of(jsonb);
DROP FUNCTION fold(text);
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        TrigramExtension(),
        BtreeGistExtension(),
        CreateExtension("btree_gin"),
        migrations.RunSQL(FUNCTIONS, BACK),
    ]
