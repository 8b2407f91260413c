# SPDX-License-Identifier: Apache-2.0
"""Break-glass, from the refusal to the review: a physician who is not on the care team, and who judges it later."""

import contextlib
import re
import types

import pytest

from checks import look
from conftest import enter
from people import PASSWORD, enrol, follow, invite, press

WORDS = "Unconscious on arrival, allergies unknown"


@pytest.fixture(scope="module")
def clinic(browser, tmp_path_factory):
    """A demonstration clinic in which care teams decide, with the people of this file."""
    with contextlib.ExitStack() as stack:
        console = enter(stack, tmp_path_factory.mktemp("emergency"), "--demo")
        links = {}

        def person(link, *names):
            context = stack.enter_context(browser.new_context(base_url=console.url, ignore_https_errors=True))
            page = context.new_page()
            return page, enrol(page, link, *names)

        page, _ = person(console.welcome, "ines.okonkwo", "Ines Okonkwo")
        for login, name, *roles in (
            ("h.lindqvist", "Dr Hanna Lindqvist", "Physician"), ("m.duarte", "Mara Duarte", "Nurse"),
            ("p.moreau", "Paul Moreau", "Privacy officer"),
            ("s.adeyemi", "Dr Sade Adeyemi", "Physician", "Privacy officer"),
        ):
            links[login] = invite(page, login, name, *roles)
        staff = {login: person(link, login)[1] for login, link in links.items()}
        done = console.run("access", "care-teams", "on")
        assert done.returncode == 0 and "care teams: on" in done.stdout, done.stdout + done.stderr
        yield types.SimpleNamespace(
            console=console, physician=staff["h.lindqvist"], nurse=staff["m.duarte"],
            officer=staff["p.moreau"], both=staff["s.adeyemi"])


def band(page):
    """Whether the page says that it is open in an emergency, until when, and for how long."""
    words = page.locator(".callout").first.inner_text()
    return re.search(r"^Opened in an emergency, until \d\d:\d\d\s+(59|60) minutes were left", words) is not None


def refused_chart(page, place=0):
    """Opens a patient of the list, whose chart stays shut, and returns its address."""
    page.goto("/records")
    page.locator(".data-table tbody tr").nth(place).get_by_role("link").first.click()
    assert page.get_by_role("heading", name="Not allowed").is_visible()
    return page.url


def test_nothing_to_review_yet(clinic, new_page):
    page = clinic.officer.enter(new_page(clinic.console))
    assert page.goto("/access/emergencies").status == 200
    assert page.get_by_text("Nothing waits for review").is_visible()
    look(page, "emergencies-empty")
    theirs = clinic.physician.enter(new_page(clinic.console))
    theirs.goto("/access/emergencies/mine")
    look(theirs, "emergencies-own-empty")


def test_from_refusal_to_review(clinic, new_page, watch):
    watch.allow("status of 403")
    watch.allow("status of 422")
    page = clinic.physician.enter(new_page(clinic.console))
    chart = refused_chart(page)
    why = page.locator(".lead").inner_text()
    assert "You are not on this patient's care team." in why
    assert "The rule that came nearest: A patient's care team reads the chart" in why
    look(page, "chart-refused")

    clinic.console.outlive_proofs()
    follow(page, "Open in an emergency")
    look(page, "emergency-form")
    page.get_by_label("Life is in danger").check()
    page.get_by_label("In a few words").fill("short")
    page.get_by_label(re.compile("^Your password")).fill(PASSWORD)
    press(page, "Open the chart now")
    assert page.get_by_text("Write 10 to 500 characters").is_visible()
    page.get_by_label("In a few words").fill(WORDS)
    page.get_by_label(re.compile("^Your password")).fill("a guess")
    press(page, "Open the chart now")
    assert page.get_by_text("neither your password nor a code").is_visible()
    assert page.get_by_label("In a few words").input_value() == WORDS
    look(page, "emergency-form-errors")
    page.get_by_label(re.compile("^Your password")).fill(clinic.physician.phone.code())
    press(page, "Open the chart now")

    assert page.url == chart and page.locator(".patient-banner").is_visible()
    names = page.locator(".patient-banner h1").inner_text().split(", ")
    assert band(page)
    look(page, "chart-in-emergency")
    page.goto(f"{chart}?section=problems")
    assert band(page)
    page.locator(".data-table tbody th a").first.click()
    assert band(page)
    look(page, "record-in-emergency")
    follow(page, "Your emergencies 1 waiting")
    assert all(name in page.locator(".card h3").inner_text() for name in names)
    look(page, "emergencies-own")
    page.goto(chart)
    follow(page, "See or end this emergency")
    assert page.get_by_role("heading", name="This chart is open for you").is_visible()
    assert all(name in page.locator(".page-heading .lead").inner_text() for name in names)
    look(page, "emergency-open-already")

    officer = clinic.officer.enter(new_page(clinic.console))
    officer.goto("/")
    follow(officer, "Emergencies 1 waiting")
    follow(officer, "Dr Hanna Lindqvist")
    assert officer.get_by_role("button", name="End it now").is_visible()
    look(officer, "emergency-open")
    clinic.console.outlive_proofs()
    officer.reload()
    assert officer.get_by_text("they see your name").is_visible()
    look(officer, "emergency-open-asks")

    page.goto(chart)
    follow(page, "See or end this emergency")
    press(page, "End now")
    assert "Waits for review" in page.locator(".data-table").inner_text()
    assert not any(name in page.locator("main").inner_text() for name in names), "what is over stands by number"
    assert page.locator(".data-table").get_by_role("link", name=re.compile("^Patient ")).count() == 1
    look(page, "emergencies-own-closed")
    assert page.get_by_role("link", name=re.compile("^Your emergencies")).count() == 0
    assert page.goto(chart).status == 403

    officer.goto("/")
    follow(officer, "Emergencies 1 waiting")
    look(officer, "emergencies")
    clinic.console.outlive_proofs()
    follow(officer, "Dr Hanna Lindqvist")
    assert officer.get_by_text(WORDS).is_visible()
    look(officer, "emergency-review")
    officer.get_by_label(re.compile("^Justified")).check()
    officer.get_by_label("In a few words, if you like").fill("Spoke with Dr Lindqvist, all as it should be")
    officer.get_by_label(re.compile("^Your password")).fill(PASSWORD)
    press(officer, "Save the review")
    assert officer.get_by_role("button", name="Save the review").count() == 0
    assert "Justified" in officer.locator("main").inner_text()
    look(officer, "emergency-reviewed")
    officer.goto("/access/emergencies")
    assert officer.get_by_role("link", name="Emergencies", exact=True).first.is_visible()
    look(officer, "emergencies-reviewed")

    for kind in ("emergency-opened", "emergency-ended", "emergency-reviewed", "emergency-shown"):
        officer.goto(f"/log?kind=access.{kind}.v1")
        assert officer.locator(".data-table tbody tr").count() >= 1, kind
    assert WORDS not in clinic.console.log()


def test_nobody_reviews_their_own(clinic, new_page, watch):
    watch.allow("status of 403")
    page = clinic.both.enter(new_page(clinic.console))
    refused_chart(page, 1)
    follow(page, "Open in an emergency")
    page.get_by_label("I cover for a colleague").check()
    page.get_by_label("In a few words").fill("Night shift for Dr Lindqvist")
    if page.get_by_label(re.compile("^Your password")).count():
        page.get_by_label(re.compile("^Your password")).fill(PASSWORD)
    press(page, "Open the chart now")
    page.goto("/access/emergencies/mine")
    press(page, "End now")
    page.goto("/access/emergencies")
    page.locator("main").get_by_role("link", name="Dr Sade Adeyemi").click()
    assert page.get_by_text("somebody else must review it").is_visible()
    assert page.get_by_role("button", name="Save the review").count() == 0
    look(page, "emergency-own-review")
    token = page.locator("input[name=csrf]").first.get_attribute("value")
    answer = page.request.post(f"{page.url}/review", form={"csrf": token, "finding": "justified", "proof": PASSWORD})
    assert answer.status == 403
    page.reload()
    assert page.get_by_text("somebody else must review it").is_visible()


def test_a_follow_up_stays_until_it_is_closed(clinic, new_page, watch):
    watch.allow("status of 422")
    officer = clinic.officer.enter(new_page(clinic.console))
    officer.goto("/access/emergencies")
    officer.locator("main").get_by_role("link", name="Dr Sade Adeyemi").click()
    officer.get_by_label(re.compile("^Needs follow-up")).check()
    officer.get_by_label("In a few words, if you like").fill("Dr Lindqvist is back on Monday")
    prove(officer)
    press(officer, "Save the review")
    assert officer.get_by_text("The follow-up is open").is_visible()
    assert officer.get_by_role("button", name="Save the review").count() == 0
    look(officer, "emergency-follow-up")
    page = officer.url
    officer.goto("/access/emergencies")
    assert officer.get_by_role("link", name="Emergencies 1 waiting").count() >= 1
    assert officer.get_by_role("heading", name="Follow-up open").is_visible()
    look(officer, "emergencies-follow-up")

    clinic.console.change(
        "UPDATE access_emergencies SET reviewed = reviewed - 15 * 86400000000 WHERE finding = 'needs-follow-up'")
    officer.reload()
    assert officer.get_by_text("Follow-ups are late").is_visible()
    assert "Follow-up late" in officer.locator("main").inner_text()
    look(officer, "emergencies-follow-up-late")

    own = clinic.both.enter(new_page(clinic.console))
    own.goto(page)
    assert own.get_by_text("somebody else must review it").is_visible()
    assert own.get_by_role("button", name="Close the follow-up").count() == 0
    own.goto("/access/emergencies/mine")
    assert "Follow-up late" in own.locator(".data-table").inner_text()

    officer.goto(page)
    look(officer, "emergency-follow-up-late")
    officer.get_by_label(re.compile("^Justified")).check()
    officer.get_by_label("Who was asked, and what they said").fill("nobody")
    press(officer, "Close the follow-up")
    assert officer.get_by_text("Write 10 to 500 characters: who was asked").is_visible()
    officer.get_by_label("Who was asked, and what they said").fill("Dr Lindqvist had asked for cover by telephone")
    prove(officer)
    press(officer, "Close the follow-up")
    assert officer.get_by_role("heading", name="Follow-up", exact=True).is_visible()
    assert officer.get_by_role("button", name="Close the follow-up").count() == 0
    look(officer, "emergency-follow-up-closed")
    officer.goto("/access/emergencies")
    assert officer.get_by_role("heading", name="Follow-up open").count() == 0
    officer.goto("/log?kind=access.emergency-follow-up-closed.v1")
    assert officer.locator(".data-table tbody tr").count() == 1


def prove(page):
    """Types the password where the page asks for one."""
    field = page.get_by_label(re.compile("^Your password"))
    if field.count():
        field.fill(PASSWORD)


def test_who_treats_nobody_opens_nothing(clinic, new_page, watch):
    watch.allow("status of 403")
    page = clinic.officer.enter(new_page(clinic.console))
    page.goto("/records")
    page.locator(".data-table tbody a").first.click()
    assert page.get_by_role("link", name="Open in an emergency").count() == 0
    assert page.goto(page.url.replace("/records/", "/access/emergency/")).status == 403


@pytest.fixture
def open_charts(clinic):
    """Care teams decide nothing for this test: a nurse reads charts, but no records of HIV and substance use."""
    clinic.console.run("access", "care-teams", "off")
    yield
    clinic.console.run("access", "care-teams", "on")


def test_a_chart_that_is_partly_hidden(clinic, new_page, watch, open_charts):
    watch.allow("status of 404")
    watch.allow("status of 422")
    physician = clinic.physician.enter(new_page(clinic.console))
    physician.goto("/records")
    charts = [a.get_attribute("href") for a in physician.locator(".data-table tbody th a").all()]
    chart = next(
        path for path in charts
        if "Alcohol dependence" in physician.request.get(f"{path}?section=problems").text())
    physician.goto(f"{chart}?section=problems")
    record = physician.get_by_role("link", name="Alcohol dependence").get_attribute("href")
    assert physician.get_by_role("link", name="Open in an emergency").count() == 0

    page = clinic.nurse.enter(new_page(clinic.console))
    page.goto(f"{chart}?section=problems")
    assert page.get_by_text("hidden from you: records of HIV and substance use treatment").is_visible()
    assert page.get_by_text("Alcohol dependence").count() == 0
    look(page, "chart-partly-hidden")
    page.locator(".data-table tbody th a").first.click()
    assert page.get_by_text("Neither are such records inside this one").is_visible()
    look(page, "record-partly-hidden")
    assert page.goto(record).status == 404
    assert page.get_by_text("There is no such record here, or it is hidden from you.").is_visible()
    look(page, "record-hidden")
    follow(page, "Open in an emergency")
    page.get_by_label("The patient cannot wait").check()
    page.get_by_label("In a few words").fill("Confused, needs all that is known")
    if page.get_by_label(re.compile("^Your password")).count():
        page.get_by_label(re.compile("^Your password")).fill(PASSWORD)
    press(page, "Open the chart now")

    page.goto(f"{chart}?section=problems")
    assert page.get_by_role("link", name="Open in an emergency").count() == 0
    assert band(page)
    page.get_by_role("link", name="Alcohol dependence").click()
    assert page.url.endswith(record) and band(page)
    look(page, "record-shown-in-emergency")
    officer = clinic.officer.enter(new_page(clinic.console))
    officer.goto("/log?kind=vault.record-read.v1")
    officer.locator(".data-table tbody a").first.click()
    assert officer.locator("a[href='/access/rules/emergency']").count() >= 1

    reviewer_ends(clinic, officer, page, chart)


def reviewer_ends(clinic, officer, page, chart):
    """A reviewer takes the chart away: not without a proof, and not without a name."""
    officer.goto("/log?kind=identity.proof-refused.v1")
    before = officer.locator(".data-table tbody tr").count()
    officer.goto("/access/emergencies")
    follow(officer, "Mara Duarte")
    clinic.console.outlive_proofs()
    press(officer, "End it now")
    assert officer.get_by_text("It was too long ago.").is_visible()
    officer.get_by_label(re.compile("^Your password")).fill("a guess")
    press(officer, "End it now")
    assert officer.get_by_text("neither your password nor a code").is_visible()
    assert page.goto(f"{chart}?section=problems").status == 200
    assert page.get_by_text("Alcohol dependence").is_visible()
    officer.get_by_label(re.compile("^Your password")).fill(PASSWORD)
    press(officer, "End it now")
    assert "by the reviewer Paul Moreau" in officer.locator("main").inner_text()
    page.goto(f"{chart}?section=problems")
    assert page.get_by_text("Alcohol dependence").count() == 0
    assert page.get_by_text("Opened in an emergency").count() == 0
    page.goto("/access/emergencies/mine")
    assert "by the reviewer Paul Moreau" in page.locator(".data-table").inner_text()
    look(page, "emergency-ended-by-reviewer")
    officer.goto("/log?kind=identity.proof-refused.v1")
    assert officer.locator(".data-table tbody tr").count() == before + 1, "a wrong proof counts once"
