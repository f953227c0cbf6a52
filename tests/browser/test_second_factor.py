"""The code at the log-in in Chromium, with and without JavaScript (TRUST S15)."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.test_screens import serious
from tests.phones import code_of, with_phone
from tests.world import PASSWORD

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("has_script", [True, False])
def test_who_has_a_phone_types_its_code_after_the_password(browser, live_server, anna, pipeline, has_script):
    secret = with_phone(anna)
    context = browser.new_context(java_script_enabled=has_script, locale="en-GB")
    page = context.new_page()
    page.goto(f"{live_server.url}/accounts/login/?next=/profile/")
    page.get_by_label("E-mail").fill(anna.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    assert page.get_by_role("heading").all_inner_texts() == ["Code from your phone"]
    if has_script:
        assert serious(page, Axe()) == {}
    page.get_by_label("Code").fill("0")
    page.get_by_role("button", name="Log in", exact=True).click()
    page.get_by_text("This code is wrong, or was used already. Wait for the next one.", exact=True).wait_for()
    page.get_by_label("Code").fill(code_of(secret))
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url("**/profile/")
    context.close()
