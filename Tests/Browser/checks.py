# SPDX-License-Identifier: Apache-2.0
"""What every page must pass: accessibility, weight, and fitting the screens that people hold; and its pictures."""

import os
import pathlib

from axe_playwright_python.sync_playwright import Axe

SCREENSHOTS = pathlib.Path(__file__).resolve().parent.parent.parent / ".build-output" / "screenshots"
SCREENS = {1280: 900, 390: 844}
# 1280 px at 400 % zoom: WCAG 2.2, 1.4.10.
NARROWEST = 320
# A4 between its margins, at 96 dots an inch.
PAPER = {"width": 673, "height": 990}
# Bytes of HTML.
HEAVIEST = 100_000


def violations(page):
    """What axe-core finds wrong with a page, one line a place."""
    response = Axe().run(page).response
    return [
        f"{rule['id']} ({rule['impact']}): {rule['help']}: {' '.join(map(str, node['target']))}"
        for rule in response["violations"] for node in rule["nodes"]
    ]


def axe(page):
    """Fails with a line for every accessibility violation: light, dark, and as narrow as at 400 % zoom."""
    found, before = [], page.viewport_size
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found += [f"{scheme}: {line}" for line in violations(page)]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": NARROWEST, "height": 256})
    found += [f"at 400 %: {line}" for line in violations(page)]
    page.set_viewport_size(before)
    assert not found, f"axe-core on {page.url}:\n" + "\n".join(found)


def overflow(page):
    """By how many pixels the page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def fits(page):
    """Fails where the page must be scrolled sideways on one of the screens."""
    before, wide = page.viewport_size, []
    for width, height in {**SCREENS, NARROWEST: 640}.items():
        page.set_viewport_size({"width": width, "height": height})
        wide += [f"{overflow(page)} px at {width}"] if overflow(page) > 0 else []
    page.set_viewport_size(before)
    assert not wide, f"{page.url} is wider than the window: {', '.join(wide)}"


def weight(page):
    """Fails where a page's HTML is heavier than what a slow line brings in a second."""
    size = page.evaluate("performance.getEntriesByType('navigation')[0].decodedBodySize")
    assert size < HEAVIEST, f"{page.url} has {size} bytes of HTML"


def pictures(page, name, whole=True):
    """Stores NAME-1280-light.png, its sisters in dark and on a phone, and NAME-print.png.

    `whole`: the page as long as it is, not only what the window shows.
    """
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    before = page.viewport_size
    for width, height in SCREENS.items():
        page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=SCREENSHOTS / f"{name}-{width}-{scheme}.png", full_page=whole)
    page.emulate_media(color_scheme="light", media="print")
    page.set_viewport_size(PAPER)
    page.screenshot(path=SCREENSHOTS / f"{name}-print.png", full_page=whole)
    page.emulate_media(color_scheme="light", media="screen")
    page.set_viewport_size(before)


def is_photographed():
    """Whether `make screenshots` asks, and not `make test`."""
    return os.environ.get("SALUS_LOOK") == "pictures"


def look(page, name, whole=True):
    """The page is accessible, light, and fits every screen. With SALUS_LOOK=pictures it is photographed instead, which
    takes longer than all checks together."""
    if is_photographed():
        return pictures(page, name, whole)
    axe(page)
    weight(page)
    fits(page)
