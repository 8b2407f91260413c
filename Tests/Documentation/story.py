# SPDX-License-Identifier: Apache-2.0
"""A page of the documentation as a story: its commands, run in order in a folder that stands for the machine.

What a page writes                      what the test makes of it
```sh                                   each line is run; the first that fails ends the story
```cedar lab.cedar                      a file of that name in the working folder; /etc/x in the folder of the story
`salus …` or `make …` in a table        run as well, between the blocks, in the order of the page
/var/lib /etc /srv /mnt /media /tmp /var/tmp /var/backups   folders below that of the story
`sudo`, `systemctl`, `salus up`         the scripts in stand-ins: no other user, no systemd, in the background
DIR, LOGIN, clinic.example …            what stories.py says under `values`

stories.py also says what a page takes for granted, which lines end with another status than 0, what a person
types, and which lines need a whole machine, with the test that runs them there.
"""

import contextlib
import os
import pathlib
import re
import shlex
import shutil
import signal
import socket
import subprocess
import time

from pages import ROOT

HERE = pathlib.Path(__file__).resolve().parent
PROGRAM = pathlib.Path(os.environ.get("SALUS_PROGRAM", ROOT / ".build" / "debug" / "salus"))
SHELLS = {"sh", "bash", "shell", "console"}
# Where a line begins that the tests have to answer for, wherever it stands.
OURS = re.compile(r"^\s*(?:\$ |sudo (?:-u \w+ )?)?(salus|make)\s")
MACHINE = re.compile(r"(?<![\w./~-])/(?=(?:var/lib|var/tmp|var/backups|etc|srv|mnt|media|tmp)\b)")
COMMENT = re.compile(r"\s+# .*$|^# .*$")
LONGEST = 120


class Broken(Exception):
    """A command of a page did something else than the page says."""


def commands(fence):
    """(line number, command) of a block: comments are gone, lines that end with a backslash are one."""
    number, text = 0, ""
    for offset, line in enumerate(fence.lines, 1):
        number = number if text else fence.line + offset
        line = COMMENT.sub("", line)
        if line.endswith("\\"):
            text += line[:-1].rstrip() + " "
            continue
        text += line.strip() if text else line
        if text.strip():
            yield number, " ".join(text.split()) if "\\ " not in text else text
        text = ""


def steps(page):
    """What happens on a page, from top to bottom: (line, "run", command) and (line, "file", fence)."""
    found = []
    for fence in page.fences:
        if fence.name:
            found.append((fence.line, "file", fence))
        elif fence.language in SHELLS:
            found += [(line, "run", command) for line, command in commands(fence)]
    found += [(span.line, "run", span.text) for span in page.spans if span.in_table and OURS.match(span.text)]
    return sorted(found, key=lambda step: step[0])


def unmarked(page):
    """(line, text) of commands of ours in blocks that say neither that they are run nor which file they are."""
    for fence in page.fences:
        if not fence.name and fence.language not in SHELLS:
            for offset, line in enumerate(fence.lines, 1):
                if OURS.match(line):
                    yield fence.line + offset, line.strip()
    for line, text in page.prose:
        if re.match(r"^(?: {4,}|\t)(salus|make|sudo|curl)\s", text):
            yield line, text.strip()


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Story:
    """One page being told: a folder that stands for the machine, and what runs in it."""

    def __init__(self, told, folder, server=None):
        self.told, self.folder, self.home, self.ports = told, folder, folder / "home", {}
        self.values = {**told.values, **(server.values if server else {})}
        for name in ("home", "etc/salus", "etc/haproxy", "srv", "mnt/backup", "media", "tmp", "var/lib", "var/tmp",
                     "var/backups"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        self.environment = {
            "PATH": f"{HERE / 'stand-ins'}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME": str(self.home),
            "LC_ALL": "C.UTF-8", "TMPDIR": f"{folder}/var/tmp", "STORY": str(folder), "REPOSITORY": str(ROOT),
            "SALUS_PROGRAM": str(PROGRAM), "SALUS_CONFIG": f"{folder}/etc/salus/salus.yaml",
            "SALUS_DATA": f"{folder}/var/lib/salus", "SALUS_KEY_FILE": f"{folder}/var/lib/salus-keys/root.key",
            "SALUS_LISTEN": f"127.0.0.1:{self.port('8443')}", **(server.environment if server else {}),
            **{name: self.translate(value) for name, value in told.environment.items()}}

    def port(self, written):
        """The free port that stands for one that a page names."""
        if written not in self.ports:
            self.ports[written] = str(free_port())
        return self.ports[written]

    def translate(self, text):
        """The text with the folders, ports and placeholders of this story."""
        for name in sorted(self.values, key=len, reverse=True):
            text = re.sub(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", lambda _: self.values[name], text)
        text = MACHINE.sub(f"{self.folder}/", text)
        return re.sub(r"(?<=:)(443|8443|8444)\b", lambda match: self.port(match.group()), text)

    def write(self, fence):
        name = pathlib.Path(self.translate(fence.name))
        path = name if name.is_absolute() else self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.translate("\n".join(fence.lines) + "\n"), encoding="utf-8")

    def run(self, command, status=0):
        done = subprocess.run(
            ["bash", "-c", f"set -euo pipefail\n{self.translate(command)}"], cwd=self.home, env=self.environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
            timeout=LONGEST)
        if done.returncode != status:
            raise Broken(f"{command}\nended with {done.returncode}, not {status}:\n{done.stdout}")

    def tell(self, page, *borrowed):
        """Runs the page, with the files of the pages that it borrows from; returns the commands that it has."""
        used = set()
        for fence in (fence for other in borrowed for fence in other.fences if fence.name):
            self.write(fence)
        self.run(self.told.before)
        for line, kind, what in steps(page):
            if kind == "file":
                self.write(what)
                continue
            used.add(what)
            if what in self.told.elsewhere:
                continue
            if what.startswith("export "):
                name, _, value = what[len("export "):].partition("=")
                self.environment[name] = self.translate(value)
                continue
            try:
                self.run(self.told.typed.get(what, what), self.told.status.get(what, 0))
            except Broken as error:
                raise Broken(f"{page.name}:{line}: {what}\n{error}") from None
        self.run(self.told.after)
        return used

    def end(self):
        """Ends what the story started."""
        running = self.folder / "running"
        pids = [int(pid) for pid in running.read_text().split()] if running.exists() else []
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        end = time.monotonic() + 10
        while any(pathlib.Path(f"/proc/{pid}").exists() for pid in pids) and time.monotonic() < end:
            time.sleep(0.05)
        shutil.rmtree(self.folder, ignore_errors=True)


def words(command):
    """The words of a command as a shell divides them; None where they do not end."""
    try:
        return shlex.split(command, comments=True)
    except ValueError:
        return None
