# SPDX-License-Identifier: Apache-2.0
"""A backup that dies, a disk that fills up or breaks, and a power cut: at every act on the repository's files.

Each act of a run (making, writing, syncing, renaming and deleting a file) is once the one before which the program is
killed. After that, and after every loss that the file system may then add, restic finds no error, every earlier snapshot
restores, and the same command goes through.
"""

import concurrent.futures
import hashlib
import itertools
import json
import os
import pathlib
import random
import shutil
import subprocess

import pytest
from Faults import cheap_key
from Faults.disk import Disk
from test_restic import PASSWORD, PEERS, SALUS, look

HERE = pathlib.Path(__file__).resolve().parent
TESTS = HERE.parents[1] / ".build/debug/salusPackageTests.xctest"
EVERY = int(os.environ.get("SALUS_FAULTS_EVERY", "1"))


@pytest.fixture(scope="session")
def shim(tmp_path_factory):
    """The library that makes a program fail."""
    target = tmp_path_factory.mktemp("shim") / "faults.so"
    compiler = shutil.which("clang") or "cc"  # Swift brings the first
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", target, HERE / "Faults/faults.c", "-ldl"], check=True)
    return target


@pytest.fixture(scope="session")
def restics():
    found = [path for path in PEERS.values() if path and os.access(path, os.X_OK)]
    if not found:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("NO RESTIC HERE: install Debian's package")
    return found


class World:
    """A repository with two snapshots of a source that has changed since."""

    def __init__(self, folder, shim, restics):
        self.folder, self.shim, self.restics = folder, shim, restics
        self.source, self.repository = folder / "source", folder / "repository"
        self.password, self.new = folder / "password", folder / "new"
        self.password.write_text(PASSWORD)
        self.new.write_text("another password")
        dice = random.Random(2)
        (self.source / "below").mkdir(parents=True)
        for number in range(6):
            (self.source / "below" / f"file {number}").write_bytes(dice.randbytes(30_000))
        self.salus("init")
        cheap_key.add(self.repository, PASSWORD.encode())
        self.manifests = {}
        for number in range(2):
            (self.source / "changing").write_bytes(dice.randbytes(700_000))
            (self.source / "below" / f"file {number}").write_bytes(dice.randbytes(30_000))
            self.salus("run", self.source)
            self.manifests[self.ids()[-1]] = look(self.source)
        (self.source / "changing").write_bytes(dice.randbytes(700_000))
        (self.source / "below" / "more").write_text("more")

    def environment(self, repository, password=None):
        return dict(os.environ, RESTIC_REPOSITORY=str(repository), RESTIC_PASSWORD_FILE=str(password or self.password),
                    RESTIC_CACHE_DIR=str(self.folder / "cache"), TZ="UTC", LC_ALL="C.UTF-8")

    def salus(self, *arguments, repository=None, password=None, faults=None, status=0):
        environment = self.environment(repository or self.repository, password)
        if faults:
            environment |= {"LD_PRELOAD": str(self.shim), **faults}
        done = subprocess.run([SALUS, "backup", *map(str, arguments)], env=environment, capture_output=True, text=True,
                              timeout=120)
        if status is not None:
            assert done.returncode == status, (arguments, done.returncode, done.stdout, done.stderr)
        return done

    def ids(self, repository=None, password=None):
        done = self.salus("snapshots", "--json", repository=repository, password=password)
        return [snapshot["id"] for snapshot in json.loads(done.stdout)]

    def run(self, arguments, folder, at, how, count=1):
        """The command on a copy of the repository in `folder`; what it did, act by act."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.repository, folder / "repository")
        log = folder / "log"
        faults = {"FAULTS_ROOT": f"{folder}/repository/", "FAULTS_LOG": str(log), "FAULTS_AT": str(at),
                  "FAULTS_HOW": how, "FAULTS_FOR": str(count)}
        done = self.salus(*arguments, repository=folder / "repository", faults=faults, status=None)
        return done, log.read_text().splitlines() if log.exists() else []

    def sound(self, repository, must, password=None, restics=None):
        """restic finds no error in it, and what must be there restores."""
        environment = self.environment(repository, password)
        # A dead process may have left a lock; restic waits for somebody to say so.
        subprocess.run([self.restics[-1], "unlock", "--no-cache"], env=environment, capture_output=True, check=True)
        for restic in restics or self.restics[-1:]:
            done = subprocess.run([restic, "check", "--read-data", "--no-cache"], env=environment, capture_output=True, text=True)
            assert done.returncode == 0, (repository, done.stdout, done.stderr)
        assert set(must) <= set(self.ids(repository, password)), repository
        for name in must:
            out = repository.parent / "out"
            shutil.rmtree(out, ignore_errors=True)
            self.salus("restore", name, "--target", out, "--verify", repository=repository, password=password)
            assert look(str(out) + str(self.source)) == self.manifests[name], name


@pytest.fixture(scope="module")
def world(tmp_path_factory, shim, restics):
    return World(tmp_path_factory.mktemp("faults"), shim, restics)


def losses(seed):
    """What a file system may do with acts that were not synced: (does it happen, do files keep bytes)."""
    dice = random.Random(seed)
    gone = lambda entry: entry[2] is None
    yield (lambda entry: False), False
    yield (lambda entry: True), False
    yield gone, True
    yield (lambda entry: not gone(entry)), True
    yield (lambda entry: dice.random() < 0.5), False


def fingerprint(folder):
    hash = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and len(path.name) in (6, 64) and path.parent.name != "locks":
            hash.update(f"{path.relative_to(folder)} {path.stat().st_size}\n".encode())
    return hash.digest()


def commands(world):
    keep = sorted(world.manifests, key=list(world.manifests).index)[-1]
    return {
        "backup": (["run", world.source], list(world.manifests)),
        "prune": (["forget", "--keep-last", "1", "--prune", "--max-unused", "0"], [keep]),
        "key": (["key", "passwd", "--new-password-file", world.new], list(world.manifests)),
    }


def opening(world, repository):
    """The password that opens it: while it is changed, either may."""
    for password in (world.password, world.new):
        done = world.salus("snapshots", repository=repository, password=password, status=None)
        if done.returncode == 0:
            return password
    raise AssertionError(f"no password opens {repository}")


@pytest.mark.parametrize("what", ["backup", "prune", "key"])
def test_killed_at_every_act(world, tmp_path, what):
    arguments, must = commands(world)[what]
    done, acts = world.run(arguments, tmp_path / "whole", 0, "kill")
    assert done.returncode == 0 and len(acts) > 10, (done.stderr, acts)
    kinds = {act.split()[0] for act in acts}
    assert {"create", "write", "sync", "rename", "syncfolder", "unlink"} <= kinds, kinds
    known, kills = set(), itertools.count()

    def killed(at, how):
        folder = tmp_path / f"{how}-{at}"
        done, log = world.run(arguments, folder, at, how)
        if done.returncode == 0 and len(log) < at:
            # Runs differ by an act or two: this one was over before.
            return shutil.rmtree(folder)
        assert done.returncode == -9 and log[-1] == "died", (at, done.returncode, log[-1:])
        next(kills)
        disk = Disk(world.repository, folder / "repository", [act for act in log if act != "died"])
        for number, (survives, keeps) in enumerate(losses(at)):
            lost = folder / f"lost-{number}" / "repository"
            disk.build(lost, survives, keeps)
            print_of = fingerprint(lost)
            if print_of not in known:
                known.add(print_of)
                world.sound(lost, must, opening(world, lost))
            shutil.rmtree(lost.parent)
        password = opening(world, folder / "repository")
        world.sound(folder / "repository", must, password, world.restics if at % 7 == 0 else None)
        if what != "key":
            world.salus(*arguments, repository=folder / "repository", password=password)
            world.sound(folder / "repository", must, password)
        shutil.rmtree(folder)

    points = [(at, "kill") for at in range(1, len(acts) + 1, EVERY)]
    points += [(at + 1, "torn") for at, act in enumerate(acts) if act.startswith("write")][::EVERY]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda point: killed(*point), points))
    count = next(kills)
    print(f"{what}: {len(acts)} acts, {count} kills, {len(known)} different disks after a power cut")
    assert count >= len(points) - 3


@pytest.mark.parametrize("how", ["full", "broken"])
@pytest.mark.parametrize("what", ["backup", "prune", "key"])
def test_a_disk_that_is_full_or_broken(world, tmp_path, what, how):
    arguments, must = commands(world)[what]
    _, acts = world.run(arguments, tmp_path / "whole", 0, how)

    def failed(at, count):
        folder = tmp_path / f"{at}-{count}"
        done, log = world.run(arguments, folder, at, how, count)
        # The acts of this run: another run may differ by one or two.
        failures = [act.removeprefix("failed ") for act in log if act.startswith("failed ")]
        if not failures:
            # This one was over before, or took something away, for which there is always room.
            assert done.returncode == 0 and (how == "full" or len(log) <= at), (at, len(log), done)
            return shutil.rmtree(folder)
        assert done.returncode in (0, 1), (at, failures[:3], done)
        if done.returncode == 1:
            words = "No space left" if how == "full" else "Input/output error"
            assert words in done.stderr and "Fatal" not in done.stderr, done.stderr
        elif count > 1:
            # Only tidying up may fail unnoticed.
            assert all(act.startswith("unlink") for act in failures), (at, failures, done)
        repository = folder / "repository"
        world.sound(repository, must, opening(world, repository))
        shutil.rmtree(folder)

    points = [(at, count) for at in range(1, len(acts) + 1, EVERY) for count in (1, 1_000_000)]
    if how == "full":
        points = [(at, count) for at, count in points if count > 1 or not acts[at - 1].startswith("unlink")]
        last = max(at for at, act in enumerate(acts, 1) if not act.startswith("unlink"))
        points = [(at, count) for at, count in points if at <= last]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda point: failed(*point), points))


def test_killed_while_a_lock_is_made_anew(world, shim, tmp_path):
    """A lock is made anew every five minutes; the Swift test of it does it every 20 milliseconds, in a folder of its own."""
    test = [TESTS, "--testing-library", "swift-testing", "--filter", "BackupTests.LockTests/aLockIsMadeAnewWhileWorkGoesOn"]
    password = tmp_path / "password"
    password.write_bytes(b"\x01")
    def run(name, at):
        base, log = tmp_path / f"base-{name}", tmp_path / f"log-{name}"
        base.mkdir()
        done = subprocess.run(test, capture_output=True, text=True, timeout=300, env=dict(
            os.environ, LD_PRELOAD=str(shim), FAULTS_ROOT=f"{base}/", FAULTS_LOG=str(log), FAULTS_AT=str(at),
            FAULTS_HOW="kill", TMPDIR=str(base)))
        return done, base, log.read_text().splitlines()

    done, _, acts = run("whole", 0)
    assert done.returncode == 0, done.stdout
    locks = [number for number, act in enumerate(acts, 1) if "/locks/" in act]
    # The first lock and one that follows: each is made, written, synced and renamed, and then the one before is deleted.
    assert len([act for act in acts if act.startswith("rename") and "/locks/" in act]) > 1, acts[-30:]
    for at in locks[::EVERY]:
        done, base, log = run(at, at)
        if done.returncode == 0 and len(log) < at:
            # Runs differ by an act or two: this one was over before.
            assert at > len(acts) - 3, (at, len(log), len(acts))
            continue
        assert done.returncode == -9 and log[-1] == "died", (at, done.stdout, done.stderr)
        (repository,) = base.glob("*/repository")
        environment = world.environment(repository, password)
        world.salus("unlock", "--repo", repository, "--password-file", password)
        subprocess.run([world.restics[-1], "check", "--no-cache"], env=environment, check=True, capture_output=True)
        assert not [path for path in (repository / "locks").iterdir() if len(path.name) == 64]
