# SPDX-License-Identifier: Apache-2.0
"""Who can see a record, who has seen it, and by which rule: as a privacy officer and an administrator meet it."""

import base64
import json
import subprocess

import pytest

from checks import look
from people import confirm, enrol, follow, invite, press
from program import PROGRAM


@pytest.fixture(scope="module")
def officer(browser, demo_console, demo_staff):
    """A privacy officer of the demonstration clinic."""
    with browser.new_context(base_url=demo_console.url, ignore_https_errors=True) as context:
        page = demo_staff.administrator.enter(context.new_page())
        link = invite(page, "p.reyes", "Petra Reyes", "Privacy officer")
    with browser.new_context(base_url=demo_console.url, ignore_https_errors=True) as context:
        return enrol(context.new_page(), link, "p.reyes")


@pytest.fixture(scope="module")
def patient(browser, demo_console, demo_staff):
    """The number of a patient whose chart a physician has read."""
    with browser.new_context(base_url=demo_console.url, ignore_https_errors=True) as context:
        page = demo_staff.physician.enter(context.new_page())
        page.goto("/records")
        path = page.locator(".data-table tbody th a").first.get_attribute("href")
        for section in ("summary", "problems", "results"):
            assert page.goto(f"{path}?section={section}").status == 200
        page.goto(f"{path}?section=problems")
        page.locator(".data-table tbody th a").first.click()
        return path.rsplit("/", 1)[1]


def test_the_way_to_a_patient(demo_console, officer, patient, new_page, watch):
    watch.allow("status of 422")
    page = officer.enter(new_page(demo_console))
    page.goto("/")
    follow(page, "Access")
    look(page, "access-hub")
    assert page.get_by_role("heading", name="Departments, numbers and shifts").count() == 0
    page.goto("/access/patients")
    look(page, "access-patients")
    page.get_by_label("Address or number of the chart").fill("somebody")
    press(page, "Show")
    look(page, "access-patients-unknown")
    page.get_by_label("Address or number of the chart").fill(f"{demo_console.url}/records/{patient}?section=summary")
    press(page, "Show")
    assert page.get_by_role("heading", name="Who can see these records").count() == 1
    title = page.locator(".page-heading .lead").inner_text()
    page.goto("/records")
    row = page.locator(".data-table tbody tr", has=page.locator(f"a[href='/records/{patient}']"))
    name = row.get_by_role("link").first.inner_text()
    row.get_by_role("link", name="Who can see").click()
    assert page.get_by_role("heading", name="Who can see these records").count() == 1
    assert page.locator(".page-heading .lead").inner_text() == title and title.startswith(name)


def test_who_can_see(demo_console, officer, patient, new_page):
    page = officer.enter(new_page(demo_console))
    assert page.goto(f"/access/patients/{patient}/readers").status == 200
    assert "Complete:" in page.locator(".callout").first.inner_text()
    readers = page.locator("#readers")
    assert "Dr Hanna Lindqvist" in readers.inner_text()
    others = page.locator("#others")
    row = others.locator("tbody tr", has_text="Ines Okonkwo")
    row.get_by_text("No: why?").click()
    assert "Nearest rule" in row.inner_text()
    look(page, "access-readers")
    page.get_by_placeholder("Find in this list").first.fill("no such person")
    assert readers.locator("tbody tr:visible").count() == 0
    page.get_by_placeholder("Find in this list").first.fill("")
    readers.locator("tbody tr", has_text="Dr Hanna Lindqvist").locator("a").first.click()
    look(page, "access-rule")


def test_who_has_seen(demo_console, officer, patient, new_page, tmp_path):
    page = officer.enter(new_page(demo_console))
    assert page.goto(f"/access/patients/{patient}/disclosures").status == 200
    assert "Complete:" in page.locator(".callout").first.inner_text()
    assert page.locator("#entries tbody tr", has_text="Dr Hanna Lindqvist").count() >= 4
    assert page.locator(".lanes .lane").count() >= 1
    look(page, "access-disclosures")
    bundle = page.request.get(f"/access/patients/{patient}/disclosures.json")
    assert bundle.headers["content-type"] == "application/fhir+json"
    events = [entry["resource"] for entry in bundle.json()["entry"]]
    assert any("PatientRead" in profile for event in events for profile in event.get("meta", {}).get("profile", []))
    for event in events:
        proof = event["extension"][0]["extension"][2]["valueBase64Binary"]
        assert base64.b64decode(proof).startswith(b"c2sp.org/tlog-proof@v1\n")
    # Somebody else checks them all, with the public key and the downloaded file alone.
    kept, key = tmp_path / "accounting.json", demo_console.get("/ledger/vkey").body.decode()
    kept.write_bytes(bundle.body())
    checked = subprocess.run([PROGRAM, "ledger", "check", "--key", key.strip(), kept], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert f"all {len(events)} hold" in checked.stdout
    events[0]["extension"][0]["extension"][1]["valueBase64Binary"] = events[1]["extension"][0]["extension"][1][
        "valueBase64Binary"]
    kept.write_text(json.dumps({"resourceType": "Bundle", "entry": [{"resource": event} for event in events]}))
    checked = subprocess.run([PROGRAM, "ledger", "check", "--key", key.strip(), kept], capture_output=True, text=True)
    assert checked.returncode == 6 and f"1 of {len(events)} do not hold" in checked.stdout
    # A true entry in an event that says something else.
    forged = bundle.json()
    forged["entry"][0]["resource"]["recorded"] = "2001-01-01T00:00:00Z"
    kept.write_text(json.dumps(forged))
    checked = subprocess.run([PROGRAM, "ledger", "check", "--key", key.strip(), kept], capture_output=True, text=True)
    assert checked.returncode == 6 and "entry 1: the event says something else" in checked.stdout
    assert f"1 of {len(events)} do not hold" in checked.stdout and "`recorded` should be 20" in checked.stdout
    page.locator("#entries tbody tr a", has_text="Entry").first.click()
    assert page.locator("a[href^='/access/rules/']").count() >= 1
    look(page, "access-log-entry")


def test_somebody_who_may_not_ask(demo_console, demo_staff, patient, new_page, watch):
    watch.allow("status of 403")
    page = demo_staff.physician.enter(new_page(demo_console))
    assert page.goto(f"/access/patients/{patient}/readers").status == 403
    look(page, "access-readers-refused")


def test_a_patient_who_is_not_there(demo_console, officer, new_page, watch):
    watch.allow("status of 404")
    page = officer.enter(new_page(demo_console))
    assert page.goto("/access/patients/0190163d-8694-739b-aea5-966c26f8ad91/disclosures").status == 404
    look(page, "access-no-such-patient")
    assert page.goto("/access/rules/no-such-rule").status == 404


def test_rules(demo_console, officer, new_page):
    page = officer.enter(new_page(demo_console))
    page.goto("/access/rules")
    assert page.get_by_text("These are the rules that came with Salus").count() == 1
    look(page, "access-rules")
    follow(page, "A patient's care team reads the chart")
    assert page.get_by_text("that care has begun").count() == 1
    look(page, "access-rule-care-team")


def test_staff(demo_console, demo_staff, new_page, watch):
    watch.allow("status of 422")
    page = demo_staff.administrator.enter(new_page(demo_console))
    page.goto("/access")
    page.goto("/access/staff")
    look(page, "access-staff")
    follow(page, "Dr Hanna Lindqvist")
    look(page, "access-staff-person-empty")
    page.get_by_label("Number", exact=True).fill("1234567890")
    press(page, "Add the number")
    confirm(page)
    assert page.get_by_text("Not a valid NPI").count() == 1
    page.get_by_label("Department").fill("Emergency")
    press(page, "Save the department")
    confirm(page)
    assert page.get_by_text("The department is saved.").is_visible()
    page.get_by_label("Begins").fill("2026-11-23 07:00")
    page.get_by_label("Ends").fill("2026-11-23 15:30")
    press(page, "Add the shift")
    confirm(page)
    look(page, "access-staff-person")
    page.get_by_label("Begins").fill("yesterday")
    press(page, "Add the shift")
    confirm(page)
    look(page, "access-staff-person-error")
    for button in ("Remove", "Remove"):
        page.get_by_role("button", name=button).first.click()
        confirm(page)
    page.get_by_label("Department").fill("")
    press(page, "Save the department")
    confirm(page)
    assert page.get_by_text("No shifts").count() == 1


def test_a_number_belongs_to_one_person(demo_console, demo_staff, new_page, watch):
    watch.allow("status of 422")
    page = demo_staff.administrator.enter(new_page(demo_console))
    invite(page, "o.brandt", "Omar Brandt", "Nurse")
    give(page, "Dr Hanna Lindqvist")
    assert page.get_by_text("1234567893").count() >= 1
    give(page, "Omar Brandt")
    assert page.get_by_text("This number belongs to Dr Hanna Lindqvist").count() == 1
    assert page.locator("table", has_text="1234567893").count() == 0
    look(page, "access-staff-number-taken")
    page.goto("/access/staff")
    follow(page, "Dr Hanna Lindqvist")
    page.get_by_role("button", name="Remove").first.click()
    confirm(page)
    give(page, "Omar Brandt")
    assert page.locator("table", has_text="1234567893").count() == 1


def give(page, name):
    """Gives a number to somebody."""
    page.goto("/access/staff")
    page.locator("main").get_by_role("link", name=name).first.click()
    page.get_by_label("Number", exact=True).fill("1234567893")
    press(page, "Add the number")
    confirm(page)
