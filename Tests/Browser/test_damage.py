# SPDX-License-Identifier: Apache-2.0
"""Charts in which something does not open, as whoever treats the patient at night meets them."""

import contextlib
import json
import sqlite3

from checks import look
from conftest import first_people


def resource(kind, name, **elements):
    return {"resourceType": kind, "id": name, "subject": {"reference": "Patient/p1"}, **elements}


CHART = [
    {"resourceType": "Patient", "id": "p1", "name": [{"family": "Muster", "given": ["Anna"]}],
     "birthDate": "1980-05-31", "gender": "female"},
    {"resourceType": "Patient", "id": "p2", "name": [{"family": "Beispiel", "given": ["Bo"]}], "birthDate": "1990"},
    resource("Condition", "c1", code={"text": "Asthma"}),
    resource("Condition", "c2", code={"text": "Gout"}),
    {"resourceType": "AllergyIntolerance", "id": "a1", "patient": {"reference": "Patient/p1"},
     "code": {"text": "Penicillin"}, "criticality": "high"},
    {"resourceType": "Medication", "id": "m1", "code": {"text": "Aspirin 100 mg"}},
    resource("MedicationRequest", "r1", status="active", intent="order",
             medicationReference={"reference": "Medication/m1"}),
    resource("DocumentReference", "d1", status="current", type={"text": "Letter"},
             content=[{"attachment": {"url": "Binary/b1"}}]),
    {"resourceType": "Binary", "id": "b1", "contentType": "text/plain", "data": "SGVsbG8="},
]


def damage(console, statement, *values):
    """Changes what lies in the store, as a broken disk does."""
    with contextlib.closing(sqlite3.connect(console.data / "salus.db", timeout=10)) as store, store:
        assert store.execute(statement, values).rowcount > 0


def test_what_does_not_open_keeps_nobody_from_the_rest(browser, start, new_page, watch, tmp_path):
    watch.allow("status of 503")
    console = start("--no-demo")
    (tmp_path / "chart.ndjson").write_text("\n".join(map(json.dumps, CHART)))
    done = console.run("records", "import", str(tmp_path / "chart.ndjson"))
    assert done.returncode == 0, done.stdout + done.stderr
    staff = first_people(browser, console)
    assert console.run("access", "care-teams", "off").returncode == 0
    page = staff.physician.enter(new_page(console))
    page.goto("/records")
    page.get_by_role("link", name="Muster, Anna").click()
    chart = page.url.split("?")[0]
    page.goto(f"{chart}?section=documents&type=DocumentReference")
    page.get_by_role("link", name="Letter").click()
    page.get_by_role("link", name="File", exact=True).click()
    assert page.get_by_text("SGVsbG8=").first.is_visible()
    look(page, "file-of-a-document")

    page.goto(f"{chart}?section=problems")
    asthma = page.get_by_role("link", name="Asthma").get_attribute("href")
    record = asthma.rsplit("/", 1)[1].replace("-", "")
    damage(console, "UPDATE vault_records SET sealed = x'00' WHERE id = ?", bytes.fromhex(record))
    damage(console, "UPDATE vault_records SET sealed = x'00' WHERE type = 'Medication'")
    page.reload()
    assert page.get_by_text("Gout").is_visible() and page.get_by_text("Asthma").count() == 0
    assert page.get_by_text("Not complete: 1 record does not open.").is_visible()
    look(page, "chart-damaged-record")
    assert page.goto(asthma).status == 503
    assert page.get_by_role("link", name="Go back to the chart").get_attribute("href") in chart
    look(page, "record-damaged")
    page.goto(f"{chart}?section=medications")
    assert page.get_by_text("(does not open)").first.is_visible()
    look(page, "chart-damaged-medicine")

    damage(console, "UPDATE vault_patients SET card = x'00' WHERE subject = ?", subject_of(console, chart))
    page.goto(chart)
    assert page.get_by_text("Name and birth date do not open.").is_visible()
    assert page.get_by_text("Allergy: Penicillin").first.is_visible()
    look(page, "chart-damaged-name")
    page.goto("/records")
    assert page.get_by_text("The name of 1 patient does not open").is_visible()
    assert page.get_by_role("link", name="Beispiel, Bo").is_visible()
    look(page, "patients-damaged-name")
    page.get_by_label("Name, birth date or number").fill("Muster")
    page.get_by_role("button", name="Search").click()
    page.locator("main").get_by_role("link", name=f"Patient {chart.rsplit('/', 1)[1]}").click()
    assert page.url == chart


def subject_of(console, chart):
    patient = bytes.fromhex(chart.rsplit("/", 1)[1].replace("-", ""))
    with contextlib.closing(sqlite3.connect(console.data / "salus.db", timeout=10)) as store:
        return store.execute("SELECT subject FROM vault_patients WHERE id = ?", (patient,)).fetchone()[0]
