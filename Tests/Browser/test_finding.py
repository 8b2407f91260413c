# SPDX-License-Identifier: Apache-2.0
"""Finding one's way: the palette, the page that lists every place, and lists that are found and sorted in the address."""

import urllib.parse

from checks import look
from people import confirm


def open_palette(page):
    page.keyboard.press("Control+k")
    box = page.get_by_role("dialog", name="Find a page")
    box.wait_for()
    return box


def choices(box):
    return box.locator("li:not([hidden]) > a strong").all_inner_texts()


def test_the_keyboard_alone_leads_to_a_page(demo_console, demo_staff, new_page):
    page = demo_staff.administrator.enter(new_page(demo_console))
    page.goto("/")
    box = open_palette(page)
    page.keyboard.type("audit tr")
    assert choices(box) == ["Evidence log"], "people look for it by another name"
    page.keyboard.press("Enter")
    page.wait_for_url("**/log")


def test_what_begins_with_the_words_comes_first(demo_console, demo_staff, new_page):
    page = demo_staff.administrator.enter(new_page(demo_console))
    page.goto("/")
    box = open_palette(page)
    page.keyboard.type("back")
    assert choices(box)[0].startswith("Back")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.querySelector('strong').textContent") == choices(box)[1]
    page.keyboard.press("Escape")
    assert not box.is_visible()
    look(page, "board-after-the-palette")


def test_the_palette_looks_right(demo_console, demo_staff, new_page):
    page = demo_staff.administrator.enter(new_page(demo_console))
    page.goto("/people")
    box = open_palette(page)
    look(page, "palette", whole=False)
    # On paper there is no palette, and what is not shown cannot keep the focus.
    box.get_by_role("searchbox").fill("lind")
    look(page, "palette-typed", whole=False)
    box.get_by_role("searchbox").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/people?people-find=lind")
    shown = [row.inner_text() for row in page.locator("#people tbody tr").all() if row.is_visible()]
    assert shown and all("lind" in row.lower() for row in shown)


def test_patients_are_never_searched_in_the_address(demo_console, demo_staff, new_page):
    page = demo_staff.physician.enter(new_page(demo_console))
    page.goto("/")
    box = open_palette(page)
    page.keyboard.type("Adeyemi")
    box.get_by_role("button", name="Search patients for").click()
    page.wait_for_url("**/records?found=*")
    assert "adeyemi" not in page.url.lower()
    assert "Adeyemi" in page.locator("main").inner_text()


def test_only_what_is_open_is_listed(demo_console, demo_staff, new_page):
    page = demo_staff.physician.enter(new_page(demo_console))
    page.goto("/find")
    places = page.locator(".place-list a").all_inner_texts()
    assert "Patients" in places and "People" not in places
    look(page, "find")
    theirs = demo_staff.administrator.enter(new_page(demo_console))
    theirs.goto("/find")
    for link in theirs.locator(".place-list a").all():
        address = link.get_attribute("href")
        tab = theirs.context.new_page()
        assert tab.goto(address).status == 200, address
        tab.close()


def test_without_scripts_the_button_leads_to_the_list(demo_console, demo_staff, new_page):
    page = demo_staff.administrator.enter(new_page(demo_console, java_script_enabled=False))
    page.goto("/")
    page.get_by_role("link", name="Find a page").click()
    page.wait_for_url("**/find")
    assert page.locator(".place-list a").count() > 10


def test_a_list_is_kept_in_its_address(demo_console, demo_staff, new_page):
    page = demo_staff.administrator.enter(new_page(demo_console))
    page.goto("/people")
    confirm(page)
    page.get_by_role("searchbox", name="Show only rows with").fill("nurse")
    page.get_by_role("button", name="Sign-in name").click()
    page.get_by_role("button", name="Sign-in name").click()
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(page.url).query)
    assert query == {"people-find": ["nurse"], "people-sort": ["-2"]}
    names = shown(page)
    assert len(names) > 1 and names == sorted(names, reverse=True)
    assert page.get_by_role("columnheader", name="Sign-in name").get_attribute("aria-sort") == "descending"
    look(page, "people-found-and-sorted")
    page.reload()
    assert shown(page) == names
    again = demo_staff.administrator.enter(new_page(demo_console))
    again.goto("/people?people-sort=99&people-find=nobody-of-this-name")
    assert shown(again) == []


def shown(page):
    return [row.locator("code").inner_text() for row in page.locator("#people tbody tr").all() if row.is_visible()]
