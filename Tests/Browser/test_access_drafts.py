# SPDX-License-Identifier: Apache-2.0
"""Other rules, from the draft to the day on which they hold: written by one person, approved by another."""

import re

from checks import look
from people import confirm, enrol, follow, invite, is_asked, press

OPENS_CHARTS = """

@id("front-desk-reads-charts")
@title("The front desk reads every chart")
permit (principal in Role::"front-desk", action == Action::"vault.read-chart", resource is Patient);
"""
TAKES_CHARTS = """

@id("no-charts-for-physicians")
@title("Physicians read no charts")
forbid (principal in Role::"physician", action == Action::"vault.read-chart", resource is Patient);
"""
CLOSES_CHARTS_LATER = """

@id("nurses-from-2099")
@title("From 2099 on nurses read no charts")
forbid (principal in Role::"nurse", action == Action::"vault.read-chart", resource is Patient)
when { context.now >= datetime("2099-01-01") };
"""
LOCKS_OUT_LATER = """

@id("nobody-from-2099")
@title("From 2099 on nobody manages people")
forbid (principal, action == Action::"identity.manage-people", resource)
when { context.now >= datetime("2099-01-01") };
"""


def editor(page):
    return page.get_by_label("Rules (Cedar policies)")


def add(page, text):
    """Opens a new draft from the rules in force and writes `text` at its end."""
    page.goto("/access/drafts")
    follow(page, "New draft")
    editor(page).fill(editor(page).input_value() + text)


def wait_for_impact(page):
    page.get_by_role("heading", name="What now").wait_for(timeout=60_000)


def test_a_draft_becomes_rules(start, new_page, watch):
    watch.allow("status of 422")
    watch.allow("status of 403")
    console = start("--demo")
    page = new_page(console)
    enrol(page, console.welcome, "ines.okonkwo", "Ines Okonkwo")
    officer = invite(page, "p.moreau", "Paul Moreau", "Privacy officer")
    desk = invite(page, "t.brandt", "Tilda Brandt", "Front desk")
    physician = invite(page, "h.lindqvist", "Dr Hanna Lindqvist", "Physician")
    nurse = invite(page, "n.amsel", "Nora Amsel", "Nurse")
    theirs = new_page(console)
    paul = enrol(theirs, officer, "p.moreau")
    enrol(new_page(console), desk, "t.brandt")
    hanna = new_page(console)
    enrol(hanna, physician, "h.lindqvist")
    # Without her, rules that close charts to physicians would lock everybody out of them.
    enrol(new_page(console), nurse, "n.amsel")

    # Nothing there yet.
    page.goto("/access/drafts")
    assert page.get_by_text("No drafts", exact=True).is_visible()
    look(page, "drafts-none")

    # What is wrong is said at its line.
    add(page, "\n@id(\"wrong\")\npermit (principal, action, resource)\nwhen { principal.colour == 1 };\n")
    press(page, "Save and see the impact")
    assert page.get_by_text("This cannot be saved yet").is_visible()
    assert page.locator("#findings a").first.inner_text().startswith("Line ")
    look(page, "draft-errors")

    # Physicians would lose the charts of patients whom they treat.
    add(page, TAKES_CHARTS)
    press(page, "Save and see the impact")
    wait_for_impact(page)
    look(page, "draft-takes-charts")
    press(page, "Withdraw")
    assert page.get_by_text("Withdrawn").first.is_visible()

    # What locks out on a later day is refused today; who loses something then is listed with the day.
    add(page, LOCKS_OUT_LATER)
    press(page, "Save and see the impact")
    assert page.get_by_text("nobody who is here today could manage people any more").is_visible()
    look(page, "draft-locks-out")
    add(page, CLOSES_CHARTS_LATER)
    press(page, "Save and see the impact")
    wait_for_impact(page)
    assert page.get_by_text("More changes later").is_visible()
    assert page.locator("#later tbody tr").count() > 0
    look(page, "draft-later")
    press(page, "Put forward for approval")
    wait_for_impact(page)
    look(page, "draft-waiting")
    page.goto(f"{page.url.split('?')[0]}?again=restarted")
    wait_for_impact(page)
    assert page.get_by_text("Please look once more").is_visible()
    look(page, "draft-look-again")
    press(page, "Withdraw")
    look(page, "draft-withdrawn")

    # A draft that opens charts.
    add(page, OPENS_CHARTS)
    page.get_by_label("Note for those who approve").fill("The front desk makes appointments by what is in the chart.")
    press(page, "Check")
    assert page.get_by_text("No errors", exact=True).is_visible()
    look(page, "draft-editor")
    press(page, "Save and see the impact")
    wait_for_impact(page)
    draft = page.url
    assert page.get_by_text("Another person must approve this").is_visible()
    row = page.locator(".data-table tbody tr", has_text="Tilda Brandt")
    row.locator("summary").first.click()
    assert row.get_by_text("Read a patient's chart").first.is_visible()
    page.evaluate("scrollTo(0, 0)")
    look(page, "draft-opens-charts")
    assert page.get_by_role("button", name="Put in force").count() == 0

    # Whoever wrote it cannot approve it, not even by asking directly.
    impact = page.locator("input[name=impact]").first.get_attribute("value")
    press(page, "Put forward for approval")
    wait_for_impact(page)
    token = page.locator("input[name=csrf]").first.get_attribute("value")
    answer = page.request.post(f"{draft}/approve", form={"csrf": token, "impact": impact})
    assert answer.status == 403 and "somebody else must approve" in answer.text()

    # Hanna may not even look; Paul approves, and says again who he is.
    assert hanna.goto("/access/drafts").status == 403
    theirs.goto("/access/drafts")
    look(theirs, "drafts-waiting")
    follow(theirs, "Draft of")
    wait_for_impact(theirs)
    look(theirs, "draft-to-approve")
    console.outlive_proofs()
    press(theirs, "Approve and put in force")
    assert is_asked(theirs)
    look(theirs, "draft-approve-proof")
    confirm(theirs, paul.phone.code())
    assert theirs.get_by_text("Put in force as version 1").is_visible()
    look(theirs, "draft-in-force")
    page.goto("/access/drafts")
    assert page.get_by_role("row", name=re.compile("Version 1")).get_by_text("In force").is_visible()
    look(page, "drafts-versions")
    # The log says who did it.
    page.goto("/log?kind=access.rules-in-force.v1")
    assert "Paul Moreau" in page.locator(".data-table tbody tr").first.inner_text()
    follow(page, "Changes to rules")
    follow(page, "Go back to version 0")
    assert "front-desk-reads-charts" not in editor(page).input_value()


def test_a_draft_comes_back_with_words(start, new_page, watch):
    watch.allow("status of 422")
    console = start()
    page = new_page(console)
    enrol(page, console.welcome, "ines.okonkwo", "Ines Okonkwo")
    officer = invite(page, "p.moreau", "Paul Moreau", "Privacy officer")
    theirs = new_page(console)
    enrol(theirs, officer, "p.moreau")
    add(page, OPENS_CHARTS)
    press(page, "Save and see the impact")
    wait_for_impact(page)
    draft = page.url
    press(page, "Put forward for approval")
    wait_for_impact(page)
    assert page.get_by_role("link", name="Changes to rules (").count() == 0

    # Paul is told that it waits, wherever he is.
    theirs.goto("/")
    assert theirs.get_by_text("A draft of rules waits for you.").is_visible()
    look(theirs, "posture-draft-waiting")
    follow(theirs, "Changes to rules 1 waiting")
    assert theirs.get_by_text("Waits for you", exact=True).is_visible()
    look(theirs, "drafts-waits-for-you")
    follow(theirs, "Draft of")
    wait_for_impact(theirs)

    # He sends it back with words, and Ines finds them.
    theirs.get_by_label("What should be different, and why").fill(" ")
    press(theirs, "Send back")
    assert theirs.get_by_text("Say what should be different, in at most 1,000 characters.").is_visible()
    look(theirs, "draft-send-back-error")
    words = "Only what appointments need, please.\n\nFindings are not for the front desk."
    theirs.get_by_label("What should be different, and why").fill(words)
    press(theirs, "Send back")
    wait_for_impact(theirs)
    assert theirs.get_by_text("This draft was sent back").is_visible()
    assert theirs.get_by_role("link", name="Changes to rules (").count() == 0
    page.goto("/")
    follow(page, "Changes to rules 1 waiting")
    assert page.get_by_text("Sent back to you", exact=True).is_visible()
    look(page, "drafts-sent-back")
    page.goto(draft)
    wait_for_impact(page)
    assert page.get_by_text("Findings are not for the front desk.").is_visible()
    look(page, "draft-sent-back")
    follow(page, "Change the draft")
    assert page.get_by_text("Findings are not for the front desk.").is_visible()
    look(page, "draft-sent-back-editor")
    page.get_by_label("Note for those who approve").fill("It is decided: the front desk answers for results.")
    press(page, "Save and see the impact")
    wait_for_impact(page)
    press(page, "Put forward for approval")
    wait_for_impact(page)
    theirs.goto(draft)
    wait_for_impact(theirs)
    assert theirs.get_by_text("Sent back before").is_visible()
    look(theirs, "draft-to-approve-again")
