# SPDX-License-Identifier: Apache-2.0
"""Fixtures of the browser tests.

`console`       a fresh, empty installation, shared by all tests of a run: .url .welcome .data .get(path)
`demo_console`  the same with the demonstration clinic
`staff`         the people of `console`: .administrator (treats no patients) and .physician
`demo_staff`    the same in the demonstration clinic
`start`         start(*arguments) starts one more program for this test alone
`page`          a page in a context of its own; errors, policy violations and foreign requests fail the test
`watch`         watch.allow("text") for complaints that a test provokes
`new_page`      new_page(console) opens one more person's browser, watched as well
"""

import contextlib
import dataclasses
import os
import pathlib
import urllib.parse

import pytest
from playwright.sync_api import sync_playwright

import people
from checks import is_photographed
from program import DidNotStart, running
from watch import Watch

CHROMIUM = "/usr/lib/chromium/chromium-headless-shell"


def enter(stack, folder, *arguments):
    """Starts the program, or ends the test with what it wrote."""
    try:
        return stack.enter_context(running(folder, *arguments))
    except DidNotStart as error:
        why = str(error)
    pytest.fail(why, pytrace=False)


@pytest.fixture(scope="session")
def console(tmp_path_factory):
    with contextlib.ExitStack() as stack:
        yield enter(stack, tmp_path_factory.mktemp("console"), "--no-demo")


@pytest.fixture(scope="session")
def demo_console(tmp_path_factory):
    with contextlib.ExitStack() as stack:
        console = enter(stack, tmp_path_factory.mktemp("demo"), "--demo")
        # Whom a test invites is on nobody's care team; test_emergency.py has a clinic where these decide.
        done = console.run("access", "care-teams", "off")
        assert done.returncode == 0, done.stderr
        yield console


@dataclasses.dataclass
class Staff:
    """Two people who are signed in; person.enter(page) gives a test their browser."""

    administrator: people.Person
    physician: people.Person


def first_people(browser, console):
    """Goes through the welcome as the first administrator and as a physician whom they invite."""
    with browser.new_context(base_url=console.url, ignore_https_errors=True) as context:
        page = context.new_page()
        administrator = people.enrol(page, console.welcome, "ines.okonkwo", "Ines Okonkwo")
        link = people.invite(page, "h.lindqvist", "Dr Hanna Lindqvist", "Physician")
    with browser.new_context(base_url=console.url, ignore_https_errors=True) as context:
        return Staff(administrator, people.enrol(context.new_page(), link, "h.lindqvist"))


@pytest.fixture(scope="session")
def staff(browser, console):
    return first_people(browser, console)


@pytest.fixture(scope="session")
def demo_staff(browser, demo_console):
    return first_people(browser, demo_console)


@pytest.fixture
def start(tmp_path):
    """start(*arguments, folder=None): the same folder again is the same installation, started anew."""
    with contextlib.ExitStack() as stack:
        yield lambda *arguments, folder=tmp_path: enter(stack, pathlib.Path(folder), *arguments)


def executable():
    """Chromium's path: SALUS_CHROMIUM, Debian's, or None for the one that Playwright has downloaded."""
    if chosen := os.environ.get("SALUS_CHROMIUM"):
        return chosen
    return CHROMIUM if pathlib.Path(CHROMIUM).exists() else None


@pytest.fixture(scope="session")
def browser():
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=sandbox)
        yield browser
        browser.close()


@pytest.fixture
def watch():
    """The complaints of this test's pages; those that nobody allowed fail it."""
    watch = Watch()
    yield watch
    assert not watch.unexpected(), "the browser complained:\n" + "\n".join(watch.unexpected())


@pytest.fixture
def new_page(browser, watch, request):
    """Opens a page as another person's browser would: no cookie shared, addresses relative to the console."""
    with contextlib.ExitStack() as stack:
        def open_page(console=None, **options):
            at = (console or request.getfixturevalue("console")).url
            watch.hosts.add(urllib.parse.urlsplit(at).netloc)
            # A window that is resized for a picture would break off what is still fading in, and say so.
            context = browser.new_context(
                base_url=at, ignore_https_errors=True, reduced_motion="reduce" if is_photographed() else None, **options)
            stack.callback(context.close)
            watch.follow(context)
            return context.new_page()
        yield open_page


@pytest.fixture
def page(new_page):
    return new_page()
