# SPDX-License-Identifier: Apache-2.0
"""Promises that no other test keeps."""

import os
import pathlib
import subprocess
import time

import pytest

from story import PROGRAM, free_port


# 127.0.0.1 and nobody, as the kernel writes them.
HERE = {"0100007F", "00000000", "00000000000000000000000001000000", "0" * 32, "0000000000000000FFFF00000100007F"}


def peers(process):
    """(protocol, address) of everybody whom the process's internet sockets lead to."""
    folder = pathlib.Path(f"/proc/{process}")
    own = set()
    for link in (folder / "fd").iterdir():
        try:
            own.add(os.readlink(link))
        except FileNotFoundError:
            continue
    for table in ("tcp", "tcp6", "udp", "udp6"):
        for line in (folder / "net" / table).read_text().splitlines()[1:]:
            fields = line.split()
            if f"socket:[{fields[9]}]" in own:
                yield table, fields[2].partition(":")[0]


@pytest.fixture
def serving(tmp_path):
    """`salus up` with the synthetic clinic, in its first seconds: every probe and job has its first turn then."""
    command = [PROGRAM, "up", "--demo", "--demo-days", "0", "--data", tmp_path / "data", "--key-file", tmp_path / "key",
               "--listen", f"127.0.0.1:{free_port()}"]
    with (tmp_path / "out").open("w") as out:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    yield process, tmp_path / "out"
    process.terminate()
    process.wait(timeout=10)


def test_salus_calls_nobody(serving):
    process, out = serving
    seen, end, is_up = set(), time.monotonic() + 60, False
    while time.monotonic() < end:
        seen |= set(peers(process.pid))
        if not is_up and "console: " in out.read_text():
            is_up, end = True, time.monotonic() + 5
        time.sleep(0.02)
    assert is_up and seen, out.read_text()
    # It knocks at its own ports, to see which TLS they speak; a name server would be a call already.
    assert not [(table, address) for table, address in seen if address not in HERE or table.startswith("udp")]


def test_nobody_chooses_the_address_that_they_come_from(serving):
    """Wrong passwords are counted by the address of the connection, whatever a header says."""
    process, out = serving
    end = time.monotonic() + 60
    while "console: " not in out.read_text() and time.monotonic() < end and process.poll() is None:
        time.sleep(0.1)
    console = out.read_text().partition("console: ")[2].split()[0]
    answers = [
        subprocess.run(
            ["curl", "--silent", "--insecure", "--output", "/dev/null", "--write-out", "%{http_code}",
             "--header", f"X-Forwarded-For: 203.0.113.{attempt}", "--header", f"Forwarded: for=203.0.113.{attempt}",
             "--data", "login=nobody&password=wrong&code=000000", f"{console}sign-in"],
            capture_output=True, text=True, check=True, timeout=60).stdout
        for attempt in range(12)]
    assert answers[0] != "429" and answers[-1] == "429", answers
