# SPDX-License-Identifier: Apache-2.0
"""Fixtures of the package's tests, which use the people and the browser of Tests/Browser.

`package`   the Debian package as `make package` makes it, from the release build; or the file that SALUS_PACKAGE names
`browser`   a Chromium
"""

import os
import pathlib
import sys
import time

import pytest
from playwright.sync_api import sync_playwright

from packing import ROOT, make_package

sys.path.insert(0, str(ROOT / "Tests" / "Browser"))
CHROMIUM = "/usr/lib/chromium/chromium-headless-shell"


def pytest_sessionstart(session):
    session.config.salus_begun = time.monotonic()


def pytest_terminal_summary(terminalreporter, config):
    terminalreporter.write_line(f"package: {time.monotonic() - config.salus_begun:.0f} s in all")


@pytest.fixture(scope="session")
def package(tmp_path_factory):
    if chosen := os.environ.get("SALUS_PACKAGE"):
        return pathlib.Path(chosen)
    return make_package(tmp_path_factory.mktemp("package"))


@pytest.fixture(scope="session")
def browser():
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    chosen = os.environ.get("SALUS_CHROMIUM") or (CHROMIUM if pathlib.Path(CHROMIUM).exists() else None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chosen, args=sandbox)
        yield browser
        browser.close()
