"""What the browser loads: whole, small, and from here."""

import gzip
import hashlib
import json
import re

import pytest
from django.conf import settings

STATIC = settings.BASE_DIR / "static"
TEMPLATES = settings.BASE_DIR / "templates"
CSS_BUDGET = 24 * 1024  # DESIGN §9
JS_BUDGET = 60 * 1024
MANIFEST = json.loads((STATIC / "vendor" / "manifest.json").read_text())


def gzipped(paths):
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in paths)


@pytest.mark.parametrize("row", MANIFEST, ids=lambda row: row["file"])
def test_a_vendored_file_is_the_one_in_the_manifest(row):
    content = (STATIC / "vendor" / row["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == row["sha256"]
    assert row["version"]
    assert row["licence"]


def test_every_vendored_file_is_in_the_manifest():
    names = {path.name for path in (STATIC / "vendor").iterdir()} - {"manifest.json"}
    assert names == {row["file"] for row in MANIFEST}


def test_the_styles_keep_their_budget():
    assert gzipped([STATIC / "voronka.css"]) <= CSS_BUDGET


def test_all_scripts_together_keep_their_budget():
    assert gzipped(STATIC.rglob("*.js")) <= JS_BUDGET


def test_the_styles_load_nothing():
    css = (STATIC / "voronka.css").read_text()
    assert "data:" not in css
    assert "@import" not in css
    assert "url(" not in css


def test_every_icon_a_template_names_is_in_the_sprite():
    sprite = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text()))
    for path in TEMPLATES.rglob("*.html"):
        named = set(re.findall(r'{% icon "([^"]+)"', path.read_text()))
        assert named <= sprite, path


def test_no_template_has_an_inline_script_style_or_handler():
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text()
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=", text), path
        for tag in re.findall(r"<script[^>]*>", text):
            assert " src=" in tag, path


def test_the_script_has_no_words_of_its_own():
    script = (STATIC / "voronka.js").read_text()
    code = re.sub(r"//.*", "", script)
    assert not re.search("[а-яё]", code, re.IGNORECASE)
    texts = re.findall(r'"([^"]*)"', code)
    assert [text for text in texts if re.match(r"[A-Z][a-z]+ [a-z]+", text)] == []
