# SPDX-License-Identifier: Apache-2.0
"""Who still needs which role: what is due, what must go, and what happens when it is gone."""

import contextlib
import re
import sqlite3
import urllib.parse

import pytest

from checks import look
from people import confirm, enrol, follow, invite, press

DAY = 86_400_000_000


def person_id(console, login):
    with contextlib.closing(sqlite3.connect(console.data / "salus.db", timeout=10)) as store:
        (raw,) = store.execute("SELECT id FROM identity_people WHERE login = ?", (login,)).fetchone()
    text = raw.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def given_long_ago(console, login, days):
    """Makes a person's roles older, as if they had been given so many days ago."""
    raw = bytes.fromhex(person_id(console, login).replace("-", ""))
    with contextlib.closing(sqlite3.connect(console.data / "salus.db", timeout=10)) as store, store:
        changed = store.execute(
            "UPDATE access_grants SET since = since - ? WHERE person = ?", (days * DAY, raw)).rowcount
    assert changed > 0


@pytest.fixture
def clinic(browser, new_page, start):
    """A clinic of its own with an administrator and three people whose roles are of different age."""
    console = start("--no-demo")
    page = new_page(console)
    administrator = enrol(page, console.welcome, "ines.okonkwo", "Ines Okonkwo")
    for login, name, *roles in (
        ("h.lindqvist", "Dr Hanna Lindqvist", "Physician", "Billing", "Security lead"),
        ("m.weber", "Mara Weber", "Nurse"),
        ("t.adeyemi", "Tom Adeyemi", "Front desk", "Researcher"),
    ):
        invite(page, login, name, *roles)
    page.goto("/access/reviews")
    while page.get_by_text("Tom Adeyemi").count() == 0 or page.get_by_text("does not tell").count():
        page.goto("/access/reviews")
    return console, page, administrator


def test_nothing_is_due_in_a_new_clinic(clinic):
    console, page, _ = clinic
    assert page.get_by_text("Nothing is due").count() == 1
    assert page.get_by_text("7 of 7 roles in time").count() > 0
    look(page, "access-reviews-nothing-due")


def test_roles_are_kept_and_taken_away(clinic):
    console, page, _ = clinic
    given_long_ago(console, "h.lindqvist", 80)
    given_long_ago(console, "m.weber", 95)
    page.goto("/access/reviews")
    look(page, "access-reviews-due")
    overdue = page.locator("section", has=page.get_by_role("heading", name="Overdue"))
    assert overdue.get_by_role("row").filter(has_text="Mara Weber").count() == 1
    assert overdue.get_by_role("row").filter(has_text="Security lead").count() == 1

    overdue.get_by_role("row").filter(has_text="Mara Weber").get_by_role("button", name="Keep", exact=True).click()
    due = page.locator("section", has=page.get_by_role("heading", name="Due soon"))
    due.get_by_role("row").filter(has_text="Billing").get_by_role("button", name="Remove").click()
    gone = page.locator("section", has=page.get_by_role("heading", name="To be taken away"))
    assert gone.get_by_role("row").filter(has_text="Billing").count() == 1
    page.get_by_role("button", name="Keep all 2 roles").first.click()
    look(page, "access-reviews-to-be-taken-away")

    follow(page, "Open Dr Hanna Lindqvist")
    page.get_by_label(re.compile("^Billing")).uncheck()
    press(page, "Save roles")
    confirm(page)
    page.goto("/access/reviews")
    assert page.get_by_role("heading", name="To be taken away").count() == 0
    follow(page, "Dr Hanna Lindqvist")
    assert page.get_by_text("Billing refused by Ines Okonkwo").count() == 1
    assert page.get_by_text("Billing is gone").count() == 1
    look(page, "access-reviews-person")


def test_nobody_confirms_their_own(clinic, watch):
    console, page, _ = clinic
    row = page.get_by_role("row").filter(has_text="Ines Okonkwo")
    assert row.get_by_role("button").count() == 0
    own = person_id(console, "ines.okonkwo")
    page.goto(f"/access/reviews/{own}")
    assert page.get_by_text("These are your own roles").count() == 1
    look(page, "access-reviews-own")
    # A form that somebody made up is refused all the same.
    watch.allow("status of 403")
    page.goto(f"/access/reviews/{person_id(console, 'm.weber')}")
    page.evaluate(f"document.querySelector('main form').action = '/access/reviews/{own}'")
    page.get_by_role("button", name="Keep", exact=True).first.click()
    assert page.get_by_text("somebody else who may review roles has to confirm them").count() > 0
    look(page, "access-reviews-own-refused")


def test_a_list_for_an_auditor(clinic):
    console, page, _ = clinic
    answer = page.request.get(urllib.parse.urljoin(page.url, "/access/reviews/roles.csv"))
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/csv")
    lines = answer.text().splitlines()
    assert len(lines) == 8 and lines[0].startswith('"person","sign-in name"')


def test_whoever_leaves_has_no_roles_to_confirm(clinic):
    console, page, _ = clinic
    who = person_id(console, "m.weber")
    page.goto(f"/people/{who}")
    press(page, "Disable")
    confirm(page)
    look(page, "people-disabled")
    page.goto("/access/reviews")
    assert page.get_by_text("Mara Weber").count() == 0
    page.goto(f"/access/reviews/{who}")
    assert page.get_by_text("there is nothing to confirm until that changes").count() == 1
    look(page, "access-reviews-disabled")


def test_people_who_left(clinic):
    console, page, _ = clinic
    page.goto("/access")
    follow(page, "Open People who left")
    assert page.get_by_text("Nobody has left").is_visible()
    look(page, "access-leavers-empty")
    who = person_id(console, "m.weber")
    page.goto(f"/access/staff/{who}")
    for field, value, button in (
        ("Department", "Ward 3", "Save the department"), ("Number", "1234567893", "Add the number"),
    ):
        page.get_by_label(field, exact=True).fill(value)
        press(page, button)
        confirm(page)
    assert page.get_by_text("The number is added.").is_visible()
    look(page, "access-staff-saved")
    page.goto(f"/people/{who}")
    press(page, "Disable")
    confirm(page)
    page.goto("/access/reviews")
    follow(page, "People who left")
    row = page.locator(".data-table tbody tr", has_text="Mara Weber").inner_text()
    for words in ("Ines Okonkwo", "1 department, 1 number", "cleared away by Salus", "Can do nothing"):
        assert words in row
    look(page, "access-leavers")

    console.change("UPDATE identity_people SET enabled = 1 WHERE login = 'm.weber'")
    page.reload()
    assert page.get_by_text("1 account is not as the evidence log says").is_visible()
    look(page, "access-leavers-wrong")
    follow(page, "Open Mara Weber")
    assert page.url.endswith(f"/people/{who}")


def test_the_only_role(clinic, watch):
    watch.allow("status of 422")
    console, page, _ = clinic
    who = person_id(console, "m.weber")
    page.goto(f"/people/{who}")
    page.get_by_label(re.compile("^Nurse")).uncheck()
    press(page, "Save roles")
    assert page.get_by_text("At least one role must stay ticked.").is_visible()
    look(page, "people-only-role")
    follow(page, "disable the account")
    assert page.url.endswith("#sign-in") and page.get_by_role("button", name="Disable").is_visible()
    page.goto("/access/reviews")
    page.get_by_role("row").filter(has_text="Mara Weber").get_by_role("button", name="Remove").click()
    assert page.get_by_text("It is their only role").is_visible()
