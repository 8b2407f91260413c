# SPDX-License-Identifier: Apache-2.0
"""Every page: accessible in both themes, no wider than any screen, silent in the console.

`make screenshots` runs the same to photograph them: .build-output/screenshots/NAME-WIDTH-THEME.png.
"""

import re

import pytest

from checks import look
from people import confirm, enrol, follow, invite, press, set_details

LONG_NAME = "Prof. Dr. Maria-Magdalena Wołoszczakiewicz-Papadopoulos von und zu Lichtenstein"

ADMINISTRATOR = {
    "board": "/",
    "practice-measured": "/posture/encryption",
    "practice-not-measured": "/posture/devices",
    "people": "/people",
    "people-invite": "/people/invite",
    "own-page": "/me",
    "own-password": "/me/password",
    "own-codes": "/me/codes",
    "log": "/log",
    "log-of-one-kind": "/log?kind=vault.chart-read.v1",
    "log-nothing-of-a-kind": "/log?kind=server.stopped.v1",
    "log-entry": "/log/0",
    "settings": "/settings",
    "first-question": "/welcome/first",
    "recovery-phrase": "/welcome/recovery",
    "recovery-phrase-check": "/welcome/recovery/check",
}
SECTIONS = ("summary", "problems", "medications", "allergies", "results", "encounters", "immunizations", "documents")


@pytest.mark.parametrize("name", ADMINISTRATOR)
def test_pages_of_an_administrator(demo_console, demo_staff, new_page, name):
    page = demo_staff.administrator.enter(new_page(demo_console))
    assert page.goto(ADMINISTRATOR[name]).status == 200
    confirm(page)
    look(page, name)


def test_one_entry_of_many(demo_console, demo_staff, new_page):
    page = demo_staff.administrator.enter(new_page(demo_console))
    page.goto("/log?kind=vault.imported.v1")
    page.locator(".data-table tbody tr a").first.click()
    assert page.locator(".proof-path li").count() > 5
    look(page, "log-entry-with-proof")


def test_somebody_with_a_long_name(demo_console, demo_staff, new_page):
    page = demo_staff.administrator.enter(new_page(demo_console))
    link = invite(page, "m.woloszczakiewicz-papadopoulos", LONG_NAME, "Physician", "Nurse", "Privacy officer")
    look(page, "people-welcome-link")
    page.goto("/people")
    look(page, "people-long-name")
    follow(page, LONG_NAME)
    look(page, "person")
    theirs = new_page(demo_console)
    enrol(theirs, link, "m.woloszczakiewicz-papadopoulos")
    look(theirs, "board-long-name")


def test_invitation_with_errors(demo_console, demo_staff, new_page, watch):
    watch.allow("status of 422")
    page = demo_staff.administrator.enter(new_page(demo_console))
    page.goto("/people/invite")
    page.get_by_label("Name", exact=True).fill("Dr Nobody")
    page.get_by_label("Sign-in name").fill("not a name!")
    press(page, "Make the welcome link")
    confirm(page)
    look(page, "people-invite-errors")


def test_proof_before_an_act(demo_console, demo_staff, new_page, watch):
    watch.allow("status of 422")
    demo_console.outlive_proofs()
    page = demo_staff.administrator.enter(new_page(demo_console))
    page.goto("/people")
    follow(page, "Dr Hanna Lindqvist")
    press(page, "Reset second factor")
    look(page, "proof")
    confirm(page, "a guess")
    look(page, "proof-wrong")
    page.goto("/welcome/recovery")
    look(page, "proof-recovery-phrase")


def test_pages_of_a_physician(demo_console, demo_staff, new_page):
    page = demo_staff.physician.enter(new_page(demo_console))
    page.goto("/")
    look(page, "board-of-a-physician")
    page.goto("/records")
    look(page, "patients")
    page.get_by_role("searchbox").fill("1980")
    press(page, "Search")
    look(page, "patients-found")
    page.get_by_role("searchbox").fill("nobody has this name")
    press(page, "Search")
    look(page, "patients-none-found")


@pytest.fixture(scope="module")
def fullest_chart(browser, demo_console, demo_staff):
    """The path of a chart that has an allergy to warn of."""
    with browser.new_context(base_url=demo_console.url, ignore_https_errors=True) as context:
        page = demo_staff.physician.enter(context.new_page())
        page.goto("/records")
        paths = [link.get_attribute("href") for link in page.locator(".data-table tbody th a").all()[:12]]
        for path in paths:
            page.goto(path)
            if page.locator(".patient-alerts").count():
                return path
        return paths[0]


@pytest.mark.parametrize("section", SECTIONS)
def test_chart(demo_console, demo_staff, new_page, fullest_chart, section):
    page = demo_staff.physician.enter(new_page(demo_console))
    assert page.goto(f"{fullest_chart}?section={section}").status == 200
    look(page, f"chart-{section}")


def test_single_record(demo_console, demo_staff, new_page, fullest_chart):
    page = demo_staff.physician.enter(new_page(demo_console))
    page.goto(f"{fullest_chart}?section=problems")
    page.locator(".data-table tbody th a").first.click()
    look(page, "chart-record")
    page.goto(f"{fullest_chart}?section=documents&type=Observation")
    look(page, "chart-documents-of-a-type")


def test_welcome(start, new_page, watch):
    """The welcome of an empty house, and what its first pages look like."""
    watch.allow("status of 422")
    watch.allow("status of 410")
    console = start("--no-demo")
    page = new_page(console)
    page.goto(console.welcome)
    set_details(page, "", "Ines Okonkwo", "short", "shorter")
    look(page, "welcome-1-errors")
    administrator = enrol(page, console.welcome, "ines.okonkwo", "Ines Okonkwo", look)
    for name, path in {"board": "/", "people": "/people", "log": "/log", "settings": "/settings"}.items():
        page.goto(path)
        look(page, f"empty-{name}")
    link = invite(page, "h.lindqvist", "Dr Hanna Lindqvist", "Physician")
    theirs = new_page(console)
    enrol(theirs, link, "h.lindqvist")
    theirs.goto("/records")
    look(theirs, "empty-patients")
    assert administrator.codes
    page.goto(link)
    look(page, "welcome-link-used")


def test_recovery_words_wrong(demo_console, demo_staff, new_page, watch):
    watch.allow("status of 422")
    page = demo_staff.administrator.enter(new_page(demo_console))
    page.goto("/welcome/recovery/check")
    for field in page.locator("input[name^=word-]").all():
        field.fill("wrong")
    press(page, "Confirm")
    look(page, "recovery-phrase-check-wrong")


def test_refused_and_missing(demo_console, demo_staff, new_page, fullest_chart, watch):
    watch.allow("status of 40")
    page = demo_staff.administrator.enter(new_page(demo_console))
    assert page.goto(fullest_chart).status == 403
    look(page, "refused")
    assert page.goto("/there-is-no-such-page").status == 404
    look(page, "not-found")


def test_too_many_attempts(start, new_page, watch):
    watch.allow("status of 4")
    page = new_page(start("--no-demo"))
    page.goto("/sign-in")
    for attempt in range(12):
        page.get_by_label("Sign-in name").fill("somebody")
        page.get_by_label("Password").fill("not the password")
        page.get_by_label("Code from your phone").fill("000000")
        press(page, "Sign in")
        if attempt == 0:
            look(page, "sign-in-refused")
        if page.get_by_text(re.compile("Too many attempts")).count():
            break
    assert attempt >= 5, "a few mistakes are borne"
    look(page, "sign-in-too-many-attempts")


@pytest.mark.parametrize(("name", "path"), [("board", "/"), ("log-entry", "/log/0"), ("settings", "/settings")])
def test_print(demo_console, demo_staff, new_page, name, path):
    """What is printed has no buttons and no navigation, and its table of contents is the page itself."""
    page = demo_staff.administrator.enter(new_page(demo_console))
    page.goto(path)
    printed(page, name)


def test_print_chart(demo_console, demo_staff, new_page, fullest_chart):
    page = demo_staff.physician.enter(new_page(demo_console))
    page.goto(fullest_chart)
    printed(page, "chart-summary")


def printed(page, name):
    from checks import SCREENSHOTS
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") in ("rgba(0, 0, 0, 0)", "rgb(255, 255, 255)")
    for part in (".frame-nav", ".sign-out", ".copy-button", ".tabs"):
        assert not any(place.is_visible() for place in page.locator(part).all()), f"{part} is printed"
    pdf = page.pdf(path=SCREENSHOTS / f"print-{name}.pdf", prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF")
    page.emulate_media(media="screen", color_scheme="light")
