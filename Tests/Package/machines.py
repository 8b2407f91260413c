# SPDX-License-Identifier: Apache-2.0
"""Clean Debian machines: a root made from the mirror that this machine uses, booted with its own systemd.

The bare roots are kept as archives under .build-peers, so that a second run begins at once.
"""

import concurrent.futures
import os
import pathlib
import re
import shutil
import signal
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
ARCHIVES = ROOT / ".build-peers"
# What every Debian server has, and minbase lacks.
INCLUDED = "ca-certificates,dbus,debconf,libpam-systemd,sudo,systemd,systemd-sysv"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
PATIENCE = 90


class NoMachine(Exception):
    """Such a machine cannot be made here, and why."""


def mirror():
    """Where this machine's own packages come from."""
    lists = [pathlib.Path("/etc/apt/sources.list"), *sorted(pathlib.Path("/etc/apt/sources.list.d").glob("*"))]
    for path in lists:
        text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
        for address in re.findall(r"^(?:URIs:\s*|deb (?:\[.*?\] )?)(\S+)", text, flags=re.MULTILINE):
            if address.rstrip("/").endswith("/debian"):
                return address
    raise NoMachine("this machine's apt names no Debian mirror")


def make_archive(suite):
    """The bare root of `suite` as an archive; made once."""
    archive = ARCHIVES / f"root-{suite}.tar.zst"
    if archive.exists():
        return archive
    if os.geteuid() != 0:
        raise NoMachine("only root can make and boot a Debian root")
    for command in ("mmdebstrap", "systemd-nspawn", "nsenter", "zstd"):
        if not shutil.which(command):
            raise NoMachine(f"{command} is missing: scripts/packages/test.txt lists what the tests need")
    ARCHIVES.mkdir(exist_ok=True)
    begun, draft = time.monotonic(), archive.with_name(f"draft-{archive.name}")
    done = subprocess.run(
        ["mmdebstrap", "--quiet", "--variant=minbase", f"--include={INCLUDED}", suite, draft, mirror()],
        stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        draft.unlink(missing_ok=True)
        raise NoMachine(f"mmdebstrap {suite} failed:\n{done.stderr[-2000:]}")
    draft.rename(archive)
    print(f"package: bare root of {suite} made in {time.monotonic() - begun:.0f} s", flush=True)
    return archive


def make_archives(suites):
    """Suite -> its archive, or why there is none. The mirror answers both at once."""
    def attempt(suite):
        try:
            return make_archive(suite)
        except NoMachine as error:
            return error
    with concurrent.futures.ThreadPoolExecutor() as pool:
        return dict(zip(suites, pool.map(attempt, suites)))


def unpack(archive, folder):
    folder.mkdir()
    subprocess.run(["tar", "--numeric-owner", "--xattrs", "-xf", archive, "-C", folder], check=True)
    (folder / "etc/hostname").write_text("clinic\n", encoding="ascii")
    (folder / "etc/hosts").write_text("127.0.0.1 localhost clinic\n::1 localhost\n", encoding="ascii")
    return folder


class Machine:
    """A booted machine that shares this machine's network; `run` is a shell of root on it."""

    def __init__(self, root):
        self.root = root
        # A scope of its own would need a systemd on this machine.
        command = ["systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--console=pipe", "--boot",
                   f"--machine=salus-{os.getpid()}-{root.name}", f"--directory={root}"]
        self.output = (root.parent / f"{root.name}.log").open("wb")
        self.nspawn = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=self.output, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            self.leader = self.wait_for_leader()
            self.wait_until_booted()
        except NoMachine:
            self.close()
            raise

    def wait_for_leader(self):
        """The first process of the machine: systemd itself."""
        end = time.monotonic() + PATIENCE
        children = pathlib.Path(f"/proc/{self.nspawn.pid}/task/{self.nspawn.pid}/children")
        while time.monotonic() < end and self.nspawn.poll() is None:
            for child in children.read_text(encoding="ascii").split():
                if pathlib.Path(f"/proc/{child}/comm").read_text(encoding="ascii").strip() == "systemd":
                    return int(child)
            time.sleep(0.2)
        raise NoMachine(f"systemd-nspawn does not boot here:\n{self.said()}")

    def wait_until_booted(self):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            state = self.run("systemctl is-system-running --wait", check=False).stdout.strip()
            if state in ("running", "degraded"):
                return
            time.sleep(0.5)
        raise NoMachine(f"systemd does not come up in the root:\n{self.said()}")

    def said(self):
        return (self.root.parent / f"{self.root.name}.log").read_text(encoding="utf-8", errors="replace")[-2000:]

    def run(self, command, check=True, stdin=None):
        """Runs a line of shell as root, with standard output and error apart."""
        inside = ["nsenter", f"--target={self.leader}", "--mount", "--uts", "--ipc", "--pid", "--root", "--wd",
                  "env", "-i", f"PATH={PATH}", "HOME=/root", "LC_ALL=C.UTF-8", "DEBIAN_FRONTEND=noninteractive",
                  "sh", "-c", f"cd /root; {command}"]
        done = subprocess.run(inside, input=stdin or "", capture_output=True, text=True, timeout=300)
        if check:
            assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}\n{self.journal()}"
        return done

    def journal(self):
        """What the service wrote, for a test that failed."""
        try:
            return self.run("journalctl --no-pager -u salus | tail -n 40", check=False).stdout
        except (subprocess.SubprocessError, AttributeError):
            return ""

    def path(self, path):
        """A path of the machine as this one sees it."""
        return self.root / path.lstrip("/")

    def close(self):
        """Powers it off; by force where it does not listen."""
        if self.nspawn.poll() is None:
            # SIGTERM has systemd-nspawn shut the machine down in order.
            self.nspawn.send_signal(signal.SIGTERM)
            try:
                self.nspawn.wait(timeout=30)
            except subprocess.TimeoutExpired:
                os.killpg(self.nspawn.pid, signal.SIGKILL)
                self.nspawn.wait()
        self.output.close()


def run_without_systemd(root, command):
    """Runs a line of shell in a root in which no systemd runs, as image builders do."""
    return subprocess.run(
        ["systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--pipe", f"--directory={root}",
         f"--machine=salus-{os.getpid()}-bare", "--setenv=DEBIAN_FRONTEND=noninteractive", "--setenv=LC_ALL=C.UTF-8",
         "sh", "-c", command],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300)
