"""What comes from others is what was locked, and nothing secret is kept here (TRUST S42)."""

import json
import re
import subprocess
import tomllib

import pytest
from django.conf import settings

# The shapes that keys of well-known services and private keys have.
SECRETS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|\bAKIA[0-9A-Z]{16}\b"  # Amazon
    r"|\bgh[pousr]_[A-Za-z0-9]{36}\b|\bgithub_pat_\w{60,}"
    r"|\bglpat-[\w-]{20}\b"
    r"|\bxox[abprs]-[\w-]{10,}"  # Slack
    r"|\bAIza[\w-]{35}\b"  # Google
    r"|\b[sr]k_live_\w{20,}"  # Stripe
    r"|\b\d{8,10}:AA[\w-]{33}\b"  # a bot of Telegram
    r"|\beyJ[\w-]{15,}\.eyJ[\w-]{15,}\.[\w-]{20,}"  # a JSON web token
    r"|(?i:secret_key|password|token)\s*=\s*[\"'][A-Za-z0-9+/_-]{40,}[\"']"
)
KEPT_APART = re.compile(
    r"(^|/)(\.env|secret\.key|setup\.key|id_[a-z0-9]+)$|\.(pem|p12|pfx|jks|kdbx|sql|dump)$"
)


@pytest.fixture(scope="module")
def kept():
    """The files that the repository keeps, or those of an unpacked release."""
    asked = ["git", "-c", f"safe.directory={settings.BASE_DIR}", "ls-files", "-z"]
    listed = subprocess.run(asked, cwd=settings.BASE_DIR, capture_output=True, text=True)
    if listed.returncode == 0:
        names = listed.stdout.split("\0")[:-1]
    else:
        ours = [*settings.ROOMS, "crm_site", "deploy", "docs", "static", "templates", "tests"]
        names = [
            str(path.relative_to(settings.BASE_DIR))
            for folder in ours
            for path in (settings.BASE_DIR / folder).rglob("*")
            if path.is_file()
        ]
    assert len(names) > 100
    return names


def test_no_key_and_no_token_is_kept_in_the_repository(kept):
    found = {}
    for name in kept:
        try:
            text = (settings.BASE_DIR / name).read_text()
        except (UnicodeDecodeError, FileNotFoundError):  # a picture; a file that was just removed
            continue
        if secret := SECRETS.search(text):
            found[name] = secret[0][:30]
    assert not found


def test_no_file_that_holds_secrets_is_kept_in_the_repository(kept):
    assert [name for name in kept if KEPT_APART.search(name)] == []


@pytest.mark.parametrize(
    "secret",
    [
        "-----BEGIN OPENSSH " + "PRIVATE KEY-----",
        "AKIA" + "ABCDEFGHIJKLMNOP",
        "SECRET_KEY = '" + "k" * 50 + "'",
        "123456789:AA" + "b" * 33,
    ],
)
def test_the_search_knows_a_secret_when_it_sees_one(secret):
    assert SECRETS.search(secret)


def test_each_locked_package_of_python_has_its_hashes():
    locked = tomllib.loads((settings.BASE_DIR / "uv.lock").read_text())["package"]
    others = [package for package in locked if package["source"] != {"virtual": "."}]
    assert others
    for package in others:
        files = [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
        assert files, package["name"]
        assert all(file["hash"].startswith("sha256:") for file in files), package["name"]


def test_each_locked_package_of_npm_has_its_hash():
    locked = json.loads((settings.BASE_DIR / "package-lock.json").read_text())["packages"]
    assert {name: package.get("integrity", "")[:7] for name, package in locked.items() if name} == {
        name: "sha512-" for name in locked if name
    }
