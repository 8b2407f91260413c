# SPDX-License-Identifier: Apache-2.0
"""The running program as the tests see it: `salus up` on a free port, with a data folder of its own."""

import contextlib
import dataclasses
import os
import pathlib
import queue
import sqlite3
import ssl
import subprocess
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = pathlib.Path(os.environ.get("SALUS_PROGRAM", ROOT / ".build" / "debug" / "salus"))
CORPORA = pathlib.Path(os.environ.get("SALUS_CORPORA", ROOT.parent / "shared" / "corpora"))
# Seconds; it ends what hangs. The year of the demonstration takes half a minute in a debug build.
PATIENCE = 240


class DidNotStart(Exception):
    """The program ended or stayed silent; the text holds everything that it wrote."""


@dataclasses.dataclass
class Answer:
    """An HTTP answer; header names in lower case."""

    status: int
    headers: dict
    body: bytes


@dataclasses.dataclass
class Console:
    """A console that answers: where it is, how the first administrator enters, where its data lies."""

    url: str
    welcome: str | None
    data: pathlib.Path
    process: subprocess.Popen
    errors: pathlib.Path

    @property
    def port(self):
        return urllib.parse.urlsplit(self.url).port

    def get(self, path, **headers):
        """Asks without a browser, follows no redirect, trusts any certificate."""
        request = urllib.request.Request(urllib.parse.urljoin(self.url, path), headers=headers)
        try:
            with OPENER.open(request, timeout=10) as answer:
                return Answer(answer.status, lower(answer.headers), answer.read())
        except urllib.error.HTTPError as answer:
            with answer:
                return Answer(answer.code, lower(answer.headers), answer.read())

    def run(self, *arguments):
        """Runs a command of the program on the same installation, while it serves."""
        command = [str(PROGRAM), *arguments, "--data", str(self.data), "--key-file", str(self.data.parent / "salus.root")]
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300)

    def outlive_proofs(self):
        """Makes every proof of who sits at a browser older than the five minutes for which it counts."""
        self.change("UPDATE identity_sessions SET proved = 0")

    def change(self, statement):
        """Changes the store behind the program's back: time that passes, or somebody who tampers."""
        with contextlib.closing(sqlite3.connect(self.data / "salus.db", timeout=10)) as store, store:
            store.execute(statement)

    def log(self):
        """What the program wrote to its standard error so far."""
        return self.errors.read_text(encoding="utf-8", errors="replace")


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def any_certificate():
    """A TLS client that trusts every certificate: the program's own is self-signed."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


# The tests talk to this machine only, whatever proxy it stands behind.
OPENER = urllib.request.build_opener(
    NoRedirect, urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=any_certificate()))


def lower(headers):
    return {name.lower(): value for name, value in headers.items()}


def read_lines(stream, lines):
    """Hands the program's lines on as they come, and None at its end; never lets its pipe fill up."""
    for line in stream:
        lines.put(line.rstrip("\n"))
    lines.put(None)


def wait_for_addresses(lines, failure):
    """The addresses after `console:` and `welcome:`. The second is missing once an administrator exists."""
    found, end = {}, time.monotonic() + PATIENCE
    while "console" not in found or "welcome" not in found:
        left = min(end, time.monotonic() + 2 if "console" in found else end) - time.monotonic()
        try:
            line = lines.get(timeout=max(left, 0.01))
        except queue.Empty:
            if "console" in found:
                break
            raise failure(f"printed no line `console: …` within {PATIENCE} s") from None
        if line is None:
            raise failure("ended")
        name, _, value = line.strip().partition(": ")
        if name in ("console", "welcome") and value.startswith("https://"):
            found[name] = value.strip()
    return found["console"], found.get("welcome")


@contextlib.contextmanager
def running(folder, *arguments, environment=None):
    """Starts the program with its data and its key below `folder`, and ends it on leaving."""
    if not PROGRAM.exists():
        raise DidNotStart(f"{PROGRAM} is not built: `make build` first")
    folder.mkdir(parents=True, exist_ok=True)
    data, errors = folder / "data", folder / "stderr.txt"
    command = [str(PROGRAM), "up", "--data", str(data), "--listen", "127.0.0.1:0",
               "--key-file", str(folder / "salus.root"), *arguments]
    with errors.open("ab") as stderr:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stderr, text=True,
            # Tests bring the past that they need; the year of the demonstration takes its time in a debug build.
            env={"SALUS_DEMO_DAYS": "0", **os.environ, **(environment or {})})

    def failure(what):
        stop(process)
        said = errors.read_text(encoding="utf-8", errors="replace")
        return DidNotStart(f"{' '.join(command)}\n{what}; exit status {process.returncode}; its standard error:\n{said}")

    lines = queue.Queue()
    reader = threading.Thread(target=read_lines, args=(process.stdout, lines))
    reader.start()
    try:
        url, welcome = wait_for_addresses(lines, failure)
        yield Console(url, welcome, data, process, errors)
    finally:
        stop(process)
        reader.join()
        process.stdout.close()


def stop(process):
    """Ends the program as an operator would, and by force after ten seconds."""
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
