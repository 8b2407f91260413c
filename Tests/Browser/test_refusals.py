# SPDX-License-Identifier: Apache-2.0
"""What the house refuses: wrong and used codes, foreign forms, foreign addresses, closed sessions."""

import re
import urllib.parse

import pytest

from people import PASSWORD, confirm, follow, invite, is_asked, press, sign_in

REFUSED = "That did not work."


def test_wrong_code(console, staff, new_page, watch):
    watch.allow("status of 403")
    page = new_page(console)
    right = staff.physician.phone.code()
    wrong = str((int(right) + 1) % 10**6).zfill(6)
    sign_in(page, staff.physician, code=wrong)
    assert page.get_by_text(REFUSED).is_visible()
    # The same code without the mistake opens: it was the code that was refused.
    sign_in(page, staff.physician, code=right)
    assert page.url == console.url


def test_code_works_once(console, staff, new_page, watch):
    watch.allow("status of 403")
    mine, theirs = new_page(console), new_page(console)
    sign_in(mine, staff.physician)
    assert mine.url == console.url
    sign_in(theirs, staff.physician, code=staff.physician.phone.again())
    assert theirs.get_by_text(REFUSED).is_visible()
    assert not [cookie for cookie in theirs.context.cookies() if cookie["name"] == "__Host-salus"]


def test_recovery_code_works_once(console, staff, new_page, watch):
    watch.allow("status of 403")
    code = staff.physician.codes.pop()
    first, second = new_page(console), new_page(console)
    sign_in(first, staff.physician, recovery=code)
    assert first.url == console.url
    sign_in(second, staff.physician, recovery=code)
    assert second.get_by_text(REFUSED).is_visible()


def test_session_cookie(console, staff, new_page):
    page = new_page(console)
    sign_in(page, staff.physician)
    session, = [cookie for cookie in page.context.cookies() if cookie["name"] == "__Host-salus"]
    assert session["secure"] and session["httpOnly"] and session["sameSite"] == "Lax" and session["path"] == "/"
    assert session["expires"] == -1, "it goes with the browser's window"
    assert page.evaluate("document.cookie") == ""


def test_nothing_is_left_after_sign_out(console, staff, new_page):
    page = new_page(console)
    sign_in(page, staff.physician)
    page.goto("/me")
    assert page.get_by_text("Dr Hanna Lindqvist").first.is_visible()
    before = page.context.cookies()
    press(page, "Sign out")
    assert page.url == console.url + "sign-in"
    page.wait_for_load_state()
    page.go_back()
    assert page.get_by_role("heading", name="Sign in").is_visible(), "the page came from the browser's memory"
    assert page.get_by_text("Dr Hanna Lindqvist").count() == 0
    # Whoever kept the cookie has nothing.
    cookie = "; ".join(f"{one['name']}={one['value']}" for one in before)
    assert console.get("/me", cookie=cookie).status == 303


def test_pages_are_not_kept(console, staff, new_page):
    answer = staff.physician.enter(new_page(console)).goto("/me")
    assert answer.headers["cache-control"] == "no-store"


def test_a_stolen_session_changes_nobodys_account(console, staff, new_page, watch):
    """What somebody at an unattended browser can do without password and phone: ask, and be refused."""
    watch.allow("status of 422")
    console.outlive_proofs()
    page = staff.administrator.enter(new_page(console))
    page.goto("/people")
    follow(page, "Dr Hanna Lindqvist")
    acts = ["Save roles", "Reset second factor", "Disable"]
    for act in acts:
        press(page, act)
        assert is_asked(page)
        confirm(page, "a guess")
        assert page.get_by_text("neither your password nor a code").is_visible()
        follow(page, "Cancel")
    page.goto("/people")
    assert "Active" in page.get_by_role("row", name="Dr Hanna Lindqvist").inner_text()
    page.goto("/log?kind=identity.proof-refused.v1")
    assert page.locator(".data-table tbody tr").count() >= len(acts)


def test_one_proof_lets_several_acts_through(console, staff, new_page):
    console.outlive_proofs()
    page = staff.administrator.enter(new_page(console))
    link = invite(page, "o.reyes", "Omar Reyes", "Nurse")
    assert "/welcome/" in link
    page.goto("/people")
    follow(page, "Omar Reyes")
    page.get_by_label(re.compile("^Auditor")).check()
    press(page, "Save roles")
    assert not is_asked(page)
    press(page, "Disable")
    assert page.get_by_text("Disabled", exact=True).is_visible()


def token(page):
    """The proof that forms of this session carry."""

    return page.locator("input[name=csrf]").first.get_attribute("value")


def test_form_without_its_proof(console, staff, new_page):
    page = staff.administrator.enter(new_page(console))
    page.goto("/people/invite")
    fields = {"name": "Mallory", "login": "mallory", "role-administrator": "on"}
    for proof in ({}, {"csrf": ""}, {"csrf": token(page)[:-1] + "x"}):
        answer = page.request.post("/people/invite", form={**fields, **proof})
        assert answer.status == 403
    assert "Mallory" not in page.request.get("/people").text()
    # With it the same request is taken, so it was the proof that was missing.
    answer = page.request.post("/people/invite", form={**fields, "csrf": token(page), "proof": PASSWORD})
    assert answer.status == 200
    assert "Mallory" in page.request.get("/people").text()


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_form_of_another_site(console, staff, new_page, site):
    page = staff.administrator.enter(new_page(console))
    page.goto("/people/invite")
    fields = {"name": "Trudy", "login": "trudy", "role-administrator": "on", "csrf": token(page)}
    answer = page.request.post("/people/invite", form=fields, headers={"sec-fetch-site": site})
    assert answer.status == 403
    assert "Trudy" not in page.request.get("/people").text()


def test_sign_in_form_of_another_site(console, new_page):
    page = new_page(console)
    answer = page.request.post("/sign-in", form={"login": "x"}, headers={"sec-fetch-site": "cross-site"})
    assert answer.status == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("next_path", [
    "https://example.org/", "//example.org/", "/\\example.org/", "\\\\example.org", "/\t/example.org/",
    "javascript:alert(1)", "/%09/example.org", "/\r\nlocation: https://example.org/", "///example.org",
])
def test_no_way_out_after_sign_in(console, staff, new_page, next_path):
    page = staff.physician.enter(new_page(console))
    # A signed-in person is sent on at once.
    answer = page.request.get("/sign-in?next=" + urllib.parse.quote(next_path), max_redirects=0)
    assert answer.status == 303
    there = urllib.parse.urljoin(console.url, answer.headers["location"].replace("\\", "/"))
    assert there.startswith(console.url)
    assert "\n" not in answer.headers["location"]


def test_next_is_kept_where_it_is_ours(console, staff, new_page):
    page = staff.physician.enter(new_page(console))
    answer = page.request.get("/sign-in?next=/records", max_redirects=0)
    assert answer.headers["location"] == "/records"


@pytest.mark.parametrize("path", ["/people", "/settings", "/log", "/log/0", "/people/invite"])
def test_physician_is_refused_what_administrators_do(console, staff, new_page, watch, path):
    watch.allow("status of 403")
    page = staff.physician.enter(new_page(console))
    assert page.goto(path).status == 403
    assert page.get_by_role("heading", name="Not allowed").is_visible()
    assert "this needs the role Administrator" in page.locator(".lead").inner_text()


@pytest.mark.parametrize("path", ["/", "/people", "/records", "/records/x", "/log", "/settings", "/me", "/log/0/proof"])
def test_strangers_are_asked_to_sign_in(console, path):
    answer = console.get(path)
    assert answer.status == 303
    assert answer.headers["location"].startswith("/sign-in")


def test_menu_on_a_phone(console, staff, new_page):
    page = staff.administrator.enter(new_page(console, viewport={"width": 390, "height": 844}, has_touch=True))
    page.goto("/")
    people = page.locator(".frame-nav").get_by_role("link", name="People")
    assert not people.is_visible()
    press(page, "Menu")
    people.click()
    assert page.url == console.url + "people"
    assert not people.is_visible(), "the next page begins with a closed menu"
    # The keyboard closes it as well.
    press(page, "Menu")
    page.keyboard.press("Escape")
    assert not people.is_visible()


def test_keyboard_reaches_the_content_first(console, staff, new_page):
    page = staff.administrator.enter(new_page(console))
    page.goto("/log")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
