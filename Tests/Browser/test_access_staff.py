# SPDX-License-Identifier: Apache-2.0
"""What is kept about oneself is changed by somebody else; who is alone may do it, and everybody who watches sees it."""

from checks import look
from people import PASSWORD, confirm, enrol, invite, press


def test_who_is_alone_and_who_is_not(browser, new_page, start, watch):
    watch.allow("status of 403")
    watch.allow("status of 422")
    console = start("--no-demo")
    page = new_page(console)
    ines = enrol(page, console.welcome, "ines.okonkwo", "Ines Okonkwo")
    theirs = new_page(console)
    enrol(theirs, invite(page, "p.reyes", "Petra Reyes", "Privacy officer"), "p.reyes")
    page.goto("/access/staff")
    page.locator("main").get_by_role("link", name="Ines Okonkwo").first.click()
    assert page.get_by_text("Nobody else here may do it").is_visible()
    look(page, "access-staff-own-alone")
    page.get_by_label("Department").fill("Emergency")
    press(page, "Save the department")
    assert page.get_by_text("Ines Okonkwo works in the department Emergency.").is_visible()
    assert page.get_by_text("It is recorded as done for yourself").is_visible()
    look(page, "access-staff-own-proof")
    page.get_by_label("A new code from your phone").fill(PASSWORD)
    press(page, "Save the change")
    page.get_by_text("This code does not work now").wait_for()
    look(page, "access-staff-own-proof-wrong")
    page.get_by_label("A new code from your phone").fill(ines.phone.code())
    press(page, "Save the change")
    page.get_by_text("gave themselves a department").wait_for()
    look(page, "access-staff-own-changed")
    own = page.url
    page.goto("/access/staff")
    look(page, "access-staff-changed-for-themselves")
    theirs.goto("/access/reviews")
    assert theirs.get_by_text("Ines Okonkwo gave themselves a department").is_visible()
    look(theirs, "access-reviews-changed-for-themselves")
    theirs.goto("/access")
    assert theirs.get_by_text("Ines Okonkwo gave themselves a department").is_visible()

    link = invite(page, "l.berg", "Lea Berg", "Security lead")
    token = page.locator("input[name=csrf]").first.get_attribute("value")
    answer = page.request.post(own, form={"csrf": token, "act": "department", "department": "Surgery"})
    assert answer.status == 403 and "somebody else must change it" in answer.text()
    page.goto(own)
    assert page.get_by_text("This is about yourself: somebody else must change it.").is_visible()
    assert page.get_by_role("button", name="Save the department").count() == 0
    look(page, "access-staff-own-refused")
    with browser.new_context(base_url=console.url, ignore_https_errors=True) as context:
        lead = context.new_page()
        enrol(lead, link, "l.berg")
        lead.goto(own)
        lead.get_by_label("Department").fill("")
        press(lead, "Save the department")
        confirm(lead)
        lead.get_by_role("heading", name="Ines Okonkwo").wait_for()
        assert lead.get_by_label("Department").input_value() == ""
