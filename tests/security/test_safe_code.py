"""What the code may not contain at all (TRUST S19, S33, S34)."""

import re
from html import unescape

import pytest
from django.conf import settings
from django.db import connection

CODE = [
    path
    for folder in [*settings.ROOMS, "crm_site"]
    for path in sorted((settings.BASE_DIR / folder).rglob("*.py"))
    if "migrations" not in path.parts
]
TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
SCRIPTS = sorted((settings.BASE_DIR / "static").glob("*.js"))

# Reviewed one by one: the files that call markup safe, and why they may.
MARKS_SAFE: dict[str, str] = {}


def short(path):
    return str(path.relative_to(settings.BASE_DIR))


@pytest.mark.parametrize("path", CODE, ids=short)
def test_no_code_calls_markup_safe_or_reads_unsafe_formats(path):
    text = path.read_text()
    found = re.findall(r"\bmark_safe\b|\bSafeString\(|\bpickle\b|yaml\.load\b|\beval\(|\bexec\(", text)
    assert not found or short(path) in MARKS_SAFE


@pytest.mark.parametrize("path", CODE, ids=short)
def test_no_text_of_a_person_becomes_a_template(path):
    """S34: templates are files of the house; what people write is text in them, in letters too."""
    text = path.read_text()
    assert not re.search(r"\bTemplate\(|\bfrom_string\(|\bmarshal\b|\bshelve\b|\.format_map\(", text)


HOSTILE = "{{ 7|add:7 }}{% now 'Y' %}{{ settings.SECRET_KEY }}"


def test_a_name_with_the_marks_of_a_template_stays_a_name(client, company, logged_in, admin):
    """S34: on the log-in page, and on one's own."""
    company.name = HOSTILE
    company.save()
    admin.role.name = HOSTILE
    admin.role.save()
    for page in (client.get("/accounts/login/"), logged_in(admin).get("/profile/")):
        assert unescape(page.text).count(HOSTILE) >= 1


# Reviewed: SQL with names of tables and columns from the models or the catalogue, none from a person.
NAMES_TABLES = {
    "crm_site/cluster.py": "the site's own database and role",
    "desk/demo/ground.py": "sequences of the catalogue",
    "desk/synthetic/bare.py": "constraints and indexes of the catalogue",
    "desk/synthetic/load.py": "tables of the models",
}


@pytest.mark.parametrize("path", CODE, ids=short)
def test_sql_goes_through_the_orm_or_parameters(path):
    text = path.read_text()
    assert not re.search(r"\.raw\(|\.extra\(|RawSQL", text)
    built = re.search(r"""execute\(\s*(f["']|["'][^"']*["']\s*%)""", text)
    assert not built or short(path) in NAMES_TABLES


@pytest.mark.parametrize("path", TEMPLATES, ids=short)
def test_no_template_switches_escaping_off_or_runs_inline_code(path):
    text = path.read_text()
    assert not re.search(r"\|\s*safe\b|autoescape off|\|\s*safeseq\b", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", text)
    assert not re.search(r"<style\b|\sstyle=|\son[a-z]+=", text)
    assert not re.search(r"hx-on|javascript:|hx-vals=.js:", text)


@pytest.mark.parametrize("path", SCRIPTS, ids=short)
def test_no_script_makes_markup_of_text(path):
    assert not re.search(
        r"\.innerHTML\b|insertAdjacentHTML|document\.write|\beval\(|new Function", path.read_text()
    )


@pytest.mark.django_db
def test_the_application_is_no_superuser_of_the_server():
    """S33: what breaks into the base must not get out of it to the machine."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolcreaterole, pg_has_role(current_user, 'pg_execute_server_program', 'USAGE')"
            " FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False, False, False)
