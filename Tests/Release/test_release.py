# SPDX-License-Identifier: Apache-2.0
"""What an optimised build must do: start, serve, take records in, verify its log, and stop."""

import json
import signal
import time
import urllib.parse

import pytest

from program import running

BUNDLE = {
    "resourceType": "Bundle", "type": "collection", "entry": [
        {"resource": {"resourceType": "Patient", "id": "release-1", "name": [{"family": "Muster"}]}},
        {"resource": {"resourceType": "Observation", "id": "release-2", "status": "final",
                      "subject": {"reference": "Patient/release-1"}, "code": {"text": "HbA1c"}}}]}


@pytest.fixture(scope="module")
def console(tmp_path_factory):
    """`up --demo` on an empty folder without a terminal; it must print its two addresses."""
    with running(tmp_path_factory.mktemp("release"), "--demo") as console:
        yield console


def output(console, *arguments):
    done = console.run(*arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_both_addresses_are_printed_and_answer(console):
    assert console.url.startswith("https://localhost:")
    assert console.get("/healthz").status == 200
    assert console.welcome and console.welcome.startswith(console.url + "welcome/")
    page = console.get(urllib.parse.urlsplit(console.welcome).path)
    assert page.status == 200
    assert b'name="password"' in page.body


def test_records_are_taken_in_and_the_log_is_whole(console, tmp_path):
    file = tmp_path / "bundle.json"
    file.write_text(json.dumps(BUNDLE), encoding="utf-8")
    before = json.loads(output(console, "records", "list", "--json"))
    assert before["patients"] > 10, "the demonstration clinic has patients"
    output(console, "records", "import", str(file))
    after = json.loads(output(console, "records", "list", "--json"))
    assert after["patients"] == before["patients"] + 1
    assert after["resources"] == before["resources"] + 2
    assert output(console, "ledger", "verify").startswith("verified: ")


def test_it_stops_when_it_is_told_to(console):
    begun = time.monotonic()
    console.process.send_signal(signal.SIGTERM)
    assert console.process.wait(timeout=20) == 0, console.log()
    assert time.monotonic() - begun < 5
    assert "Fatal error" not in console.log()
