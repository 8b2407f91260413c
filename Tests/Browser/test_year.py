# SPDX-License-Identifier: Apache-2.0
"""The demonstration as `make run` shows it, a year of invented history in it: pages that are full, and still light."""

import contextlib
import re
import types

import pytest

from checks import look
from conftest import enter
from people import PASSWORD, confirm, enrol, follow, invite, press

ADMINISTRATOR = {
    "board": "/",
    "board-over-a-quarter": "/?over=quarter",
    "board-over-a-year": "/?over=year",
    "practice-sign-in": "/posture/multi-factor",
    "practice-encryption": "/posture/encryption?over=year",
    "practice-backup": "/posture/backup?over=quarter",
    "practice-permissions": "/posture/permissions?over=year",
    "people": "/people",
    "log": "/log",
    "log-of-everything": "/log?kind=all",
    "access": "/access",
    "rules": "/access/rules",
    "drafts": "/access/drafts",
    "reviews": "/access/reviews",
    "leavers": "/access/reviews/leavers",
    "staff": "/access/staff",
    "applications": "/access/applications",
    "emergencies": "/access/emergencies",
    "backup": "/backup",
}
# Lists, and what of them is opened: the first link of the first row.
FIRST = {
    "draft": "/access/drafts", "review": "/access/reviews", "application": "/access/applications",
    "emergency": "/access/emergencies", "backup-job": "/backup", "log-entry": "/log", "rule": "/access/rules",
}


@pytest.fixture(scope="module")
def clinic(browser, tmp_path_factory):
    """The clinic, with an administrator, a physician and a privacy officer who join it today."""
    with contextlib.ExitStack() as stack:
        console = enter(stack, tmp_path_factory.mktemp("year"), "--demo", "--demo-days", "365")

        def person(link, *names):
            context = stack.enter_context(browser.new_context(base_url=console.url, ignore_https_errors=True))
            page = context.new_page()
            return page, enrol(page, link, *names)

        page, administrator = person(console.welcome, "ines.okonkwo", "Ines Okonkwo")
        links = [
            invite(page, login, name, role) for login, name, role in (
                ("h.lindqvist", "Dr Hanna Lindqvist", "Physician"), ("p.moreau", "Paul Moreau", "Privacy officer"))]
        physician, officer = (person(link, login)[1] for link, login in zip(links, ("h.lindqvist", "p.moreau")))
        yield types.SimpleNamespace(
            console=console, administrator=administrator, physician=physician, officer=officer)


@pytest.mark.parametrize("name", ADMINISTRATOR)
def test_pages_of_an_administrator(clinic, new_page, name):
    page = clinic.administrator.enter(new_page(clinic.console))
    assert page.goto(ADMINISTRATOR[name]).status == 200
    confirm(page)
    look(page, f"year-{name}")


@pytest.mark.parametrize("name", FIRST)
def test_the_first_of_a_list(clinic, new_page, name):
    page = clinic.administrator.enter(new_page(clinic.console))
    page.goto(FIRST[name])
    confirm(page)
    page.locator(".data-table tbody tr a").first.click()
    confirm(page)
    assert page.url.rstrip("/").rsplit("/", 1)[1] != FIRST[name].rsplit("/", 1)[1]
    look(page, f"year-{name}")


def test_a_chart_has_its_figures_beside_it(clinic, new_page):
    page = clinic.administrator.enter(new_page(clinic.console))
    page.goto("/posture/encryption?over=year")
    for figures in page.get_by_text("Show the figures").all():
        figures.click()
    rows = [row.inner_text().split() for row in page.locator("main tbody tr").all()]
    # An old printer spoke TLS 1.0 until somebody found it, and for two days the program was down.
    assert [row[1:] for row in rows].count(["Not", "met", "1", "of", "2", "50", "%"]) == 1
    assert ["Not", "measured"] in [row[1:] for row in rows]
    look(page, "year-practice-with-figures")


def test_pages_of_a_privacy_officer(clinic, new_page):
    page = clinic.officer.enter(new_page(clinic.console))
    page.goto("/")
    look(page, "year-board-of-a-privacy-officer")
    page.goto("/access/patients")
    look(page, "year-access-patients")
    page.goto("/records")
    patient = page.locator(".data-table tbody th a").first.get_attribute("href").split("?")[0].rsplit("/", 1)[1]
    for name in ("readers", "disclosures"):
        assert page.goto(f"/access/patients/{patient}/{name}").status == 200
        confirm(page)
        look(page, f"year-{name}")


def test_a_chart_in_an_emergency(clinic, new_page, watch):
    """Whoever joined today is on no care team: the chart opens by breaking the glass, and its curves are full."""
    watch.allow("status of 403")
    page = clinic.physician.enter(new_page(clinic.console))
    page.goto("/records")
    look(page, "year-patients")
    page.locator(".data-table tbody tr").nth(3).get_by_role("link").first.click()
    look(page, "year-chart-refused")
    follow(page, "Open in an emergency")
    page.get_by_label("I cover for a colleague").check()
    page.get_by_label("In a few words").fill("Night shift, the ward asked for her results")
    if (proof := page.get_by_label(re.compile("^Your password"))).count():
        proof.fill(PASSWORD)
    press(page, "Open the chart now")
    chart = page.url.split("?")[0]
    for section in ("summary", "medications", "results", "encounters", "documents"):
        page.goto(f"{chart}?section={section}")
        look(page, f"year-chart-{section}")
