# SPDX-License-Identifier: Apache-2.0
"""The pages about other programs: empty, with programs, one of them, and disabling it."""

import json

from checks import look
from people import press

SCHEMA = """
entity Clinician = { ward?: String };
entity Order = { ward: String };
action "orders.read", "orders.sign" appliesTo { principal: Clinician, resource: Order };
"""
POLICIES = """
@id("own-ward")
permit (principal, action, resource) when { principal has ward && principal.ward == resource.ward };
"""
LONG_NAME = "Laboratory information system of the North Campus 2026.11-b"


def add(console, name, *options):
    added = console.run("access", "applications", "add", name, *options, "--json")
    assert added.returncode == 0, added.stderr
    return json.loads(added.stdout)


def test_applications(console, staff, new_page, tmp_path, watch):
    watch.allow("status of 404")
    page = staff.administrator.enter(new_page())
    page.goto("/access/applications")
    assert page.get_by_text("No program asks yet").count() == 1
    look(page, "applications-none")
    schema, policies = tmp_path / "schema", tmp_path / "policies"
    schema.write_text(SCHEMA, encoding="utf-8")
    policies.write_text(POLICIES, encoding="utf-8")
    own = add(console, LONG_NAME, "--schema", str(schema), "--policies", str(policies))
    house = add(console, "Ward tablet", "--house")
    page.reload()
    assert page.locator(".data-table tbody tr").count() == 2
    look(page, "applications")
    page.goto(f"/access/applications/{own['id']}")
    assert page.get_by_text("orders.sign").count() == 1
    look(page, "application")
    page.goto(f"/access/applications/{house['id']}")
    assert page.get_by_text("--honours-masks").count() == 1
    look(page, "application-house")
    done = console.run("access", "applications", "set", "Ward tablet", "--honours-masks")
    assert done.returncode == 0, done.stderr
    page.reload()
    assert page.get_by_text("--no-honours-masks").count() == 1
    look(page, "application-honours-masks")
    press(page, "Disable")
    assert page.get_by_text("Disabled").count() == 1
    look(page, "application-disabled")
    page.goto("/access/applications/" + own["id"][:-1] + ("0" if own["id"][-1] != "0" else "1"))
    assert page.get_by_role("heading", name="Page not found").count() == 1


def test_a_physician_does_not_manage_applications(staff, new_page, watch):
    watch.allow("status of 403")
    page = staff.physician.enter(new_page())
    assert page.goto("/access/applications").status == 403
    assert page.get_by_role("link", name="Applications").count() == 0
