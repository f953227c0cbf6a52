"""bare_name(text): a name without what people write differently. By it doubles are found."""

from django.db import migrations

# Of Russia and its neighbours, at either end of a name, and of others, at its end.
FORMS = (
    "ооо|оао|зао|пао|нао|ао|ип|тоо|тов|одо|чуп|чп|ано|ooo|oao|zao|pao|ao"
    "|общество с ограниченной ответственностью|индивидуальный предприниматель"
    "|(?:публичное |непубличное |открытое |закрытое )?акционерное общество"
)
AT_THE_END = (
    "llc|llp|ltd|limited|inc|incorporated|corp|corporation|co|company|plc|gmbh|ag|sa|sas|srl|sarl|bv|nv|oy|ab"
)
# What divides words is a space, what stands within or around them is left out.
SPACES = r"-\u2010\u2011\u2013\u2014_/&,;\u00a0\u202f\t"
LEFT_OUT = r"""\"\'`.()«»„“”‘’"""
# No character classes: they follow the locale of a base of one's own. A form alone is the name.
FUNCTION = rf"""
CREATE FUNCTION bare_name(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    RETURN regexp_replace(
        regexp_replace(
            btrim(regexp_replace(
                lower(translate($1, E'Ёё{SPACES}{LEFT_OUT}', 'Ее{" " * 13}')), ' +', ' ', 'g'
            )),
            '^(?:(?:{FORMS}) )+', ''
        ),
        '(?: (?:{FORMS}|{AT_THE_END}))+$', ''
    );
"""


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0003_a_site_has_one_check"),
        ("records", "0001_functions_of_search"),
    ]

    operations = [migrations.RunSQL(FUNCTION, "DROP FUNCTION bare_name(text);")]
