# SPDX-License-Identifier: Apache-2.0
"""What is named in files or comes from other programs is backed up as restic backs it up, and restores beside what is there."""

import json
import os
import subprocess

import pytest
from test_restic import SALUS, house, look, restic, restored, same, version  # noqa: F401  (fixtures)


def listed(house):
    lines = house.salus("ls", "latest", "--json").split("\n")
    nodes = [json.loads(line) for line in lines if '"node"' in line]
    return sorted(node["path"] for node in nodes if node["type"] == "file")


def fill(house):
    house.source.mkdir()
    for name in ["one.txt", "two.txt", ".hidden.txt", "three.md", " spaced", "#sharp", "line\nfeed"]:
        (house.source / name).write_text(name)


@pytest.mark.parametrize("option", ["--files-from", "--files-from-verbatim", "--files-from-raw"])
def test_paths_from_a_file(house, option):
    """Both programs find the same in it."""
    fill(house)
    base = f"{house.source}/"
    text = {"--files-from": f"# all texts\n\n  {base}*.txt\t\n{base}three.md\n",
            "--files-from-verbatim": f"{base}#sharp\n{base} spaced\n{base}*.txt-is-no-pattern\n",
            "--files-from-raw": f"{base}line\nfeed\0{base}#sharp\0"}[option]
    if option == "--files-from-verbatim":
        (house.source / "*.txt-is-no-pattern").write_text("")
    paths = house.folder / "paths"
    paths.write_text(text)
    house.salus("init")
    house.restic("backup", option, paths)
    theirs = listed(house)
    house.salus("run", option, paths)
    assert listed(house) == theirs and len(theirs) == {"--files-from": 4}.get(option, len(theirs)) > 1
    # From standard input, and beside paths.
    done = subprocess.run([SALUS, "backup", "run", house.source / "one.txt", option, "-"], input=text, env=house.environment,
                          text=True, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert set(listed(house)) == {*theirs, f"{base}one.txt"}


def test_files_that_name_nothing_make_no_snapshot(house):
    house.salus("init")
    paths = house.folder / "paths"
    paths.write_bytes(b"/etc/hostname")
    house.salus("run", "--files-from-raw", paths, status=2)
    paths.write_bytes(b"/bad\xffname\n")
    house.salus("run", "--files-from-verbatim", paths, status=2)
    paths.write_text("# nothing\n")
    house.salus("run", "--files-from", paths, status=2)
    paths.write_text("/no/such/*\n/no/other\n")
    house.salus("run", "--files-from", paths, status=1)
    # A name that cannot be said is not left out without a word.
    house.source.mkdir()
    (house.source / os.fsdecode(b"M\xfcller.txt")).write_text("scan")
    paths.write_text(f"{house.source}/*\n")
    house.salus("run", "--files-from", paths, status=2)
    house.salus("run", "--files-from", house.folder / "missing", status=1)
    assert json.loads(house.restic("snapshots", "--json")) in ([], None)


def test_what_is_missing_is_said_and_the_rest_is_kept(house):
    fill(house)
    house.salus("init")
    paths = house.folder / "paths"
    for missing in ["missing", "no/such/folder", "miss*", "no/such/*", "*/inside"]:
        paths.write_text(f"{house.source}/one.txt\n{house.source}/{missing}\n")
        house.salus("run", "--files-from", paths, status=3)
        assert listed(house) == [f"{house.source}/one.txt"]
    house.salus("run", "-x", "--files-from", paths, status=3)


def test_standard_input(house, version):
    house.salus("init")
    content = os.urandom(5 << 20) + bytes(3 << 20)
    done = subprocess.run([SALUS, "backup", "run", "--stdin", "--stdin-filename", "dumps/night.sql"], input=content,
                          env=house.environment, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr
    house.restic("check", "--read-data")
    dumped = subprocess.run([house.program, "dump", "latest", "/dumps/night.sql"], env=house.environment, check=True,
                            capture_output=True)
    assert dumped.stdout == content
    (snapshot,) = json.loads(house.restic("snapshots", "--json"))
    assert snapshot["paths"] == ["/dumps/night.sql"]
    # The same again, by restic, of which not every version takes a folder's name: all of it is there.
    again = subprocess.run([house.program, "backup", "--stdin", "--stdin-filename", "night.sql", "--json"], input=content,
                           env=house.environment, capture_output=True, timeout=120)
    summary = [json.loads(line) for line in again.stdout.splitlines() if b'"summary"' in line][-1]
    assert summary["data_blobs"] == 0, summary
    # Nothing at all is a file too.
    done = subprocess.run([SALUS, "backup", "run", "--stdin"], input=b"", env=house.environment, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert house.restic("dump", "latest", "/stdin") == ""


def test_a_program_that_fails_makes_no_snapshot(house):
    house.salus("init")
    command = ["run", "--stdin-filename", "names", "--stdin-from-command", "--"]
    house.salus(*command, "sh", "-c", "echo half; exit 3", status=1)
    house.salus(*command, "sh", "-c", "echo half; kill -9 $$", status=1)
    house.salus(*command, "/no/such/program", status=1)
    house.salus(*command, "NAME=value", status=1)
    assert json.loads(house.restic("snapshots", "--json")) in ([], None)
    house.salus(*command, "sh", "-c", 'echo "$1 ${RESTIC_PASSWORD_FILE-unset}"', "sh", "a  b")
    assert house.restic("dump", "latest", "/names") == "a  b unset\n"
    # What it complains of is heard, and it may write much and slowly.
    script = "echo careful >&2; sleep 2; head -c 3000000 /dev/zero; sleep 1; echo end"
    done = subprocess.run([SALUS, "backup", *command, "sh", "-c", script], env=house.environment, capture_output=True, timeout=60)
    assert done.returncode == 0 and b"careful" in done.stderr
    assert len(house.restic("dump", "latest", "/names")) == 3_000_004
    house.salus("run", "--stdin-from-command", status=2)
    house.salus("run", "--stdin", house.source, status=2)
    house.salus("run", "--stdin-filename", "x", house.source, status=2)


def changed(house, target):
    """A restored source, of which one file is newer, one older, one of the same length and time, one a folder, one gone."""
    old, new = 10**18, 2 * 10**18
    for name, content, time in [("newer", "changed here", new), ("older", "changed here", old), ("alike", "CONTENT alike", None)]:
        path = target / name
        status = path.stat()
        path.write_text(content)
        os.utime(path, ns=(status.st_atime_ns, time or status.st_mtime_ns))
    (target / "gone").unlink()
    (target / "link").unlink()
    (target / "link").write_text("no link")
    (target / "mine").write_text("not in the snapshot")


@pytest.mark.parametrize("how", ["always", "if-changed", "if-newer", "never"])
def test_what_is_there_already(house, version, how):
    """With each of restic's words for it the same becomes of files that are there."""
    house.source.mkdir()
    for name in ["newer", "older", "alike", "gone", "same"]:
        (house.source / name).write_text(f"content {name}")
        os.utime(house.source / name, ns=(15 * 10**17, 15 * 10**17))
    os.symlink("same", house.source / "link")
    os.link(house.source / "same", house.source / "same too")
    house.salus("init")
    house.salus("run", house.source)
    targets = {}
    for program in ("salus", "restic"):
        target = house.folder / program
        house.salus("restore", "latest", "--target", target)
        changed(house, restored(house, target))
        if program == "salus":
            said = json.loads(house.salus("restore", "latest", "--target", target, "--overwrite", how, "--json"))
            assert said["errors"] == 0 and (said["files_skipped"] > 0) == (how != "always"), said
        elif version >= (0, 17):
            house.restic("restore", "latest", "--target", target, "--overwrite", how)
        targets[program] = restored(house, target)
    kept = {"always": [], "if-changed": ["alike"], "if-newer": ["newer", "alike"], "never": ["newer", "older", "alike"]}[how]
    for name in ["newer", "older", "alike"]:
        text = (targets["salus"] / name).read_text()
        assert (text != f"content {name}") == (name in kept), name
    assert (targets["salus"] / "gone").read_text() == "content gone"
    assert (targets["salus"] / "mine").read_text() == "not in the snapshot"
    if how in ("always", "if-changed"):
        assert os.path.samefile(targets["salus"] / "same", targets["salus"] / "same too")
    if version >= (0, 17):
        ours, theirs = look(targets["salus"]), look(targets["restic"])
        contents = lambda tree: {path: entry[-1] for path, entry in tree.items() if path not in (b".", b"link")}
        assert contents(ours) == contents(theirs)
        assert os.path.islink(targets["salus"] / "link") == os.path.islink(targets["restic"] / "link")


def test_what_stays_is_no_way_in(house):
    """A file where the snapshot has a folder stays too, and is named."""
    (house.source / "folder").mkdir(parents=True)
    (house.source / "folder" / "inside").write_text("inside")
    house.salus("init")
    house.salus("run", house.source)
    target = house.folder / "out"
    place = restored(house, target)
    place.mkdir(parents=True)
    (place / "folder").write_text("mine")
    house.salus("restore", "latest", "--target", target, "--overwrite", "never", status=3)
    assert (place / "folder").read_text() == "mine"
    house.salus("restore", "latest", "--target", target)
    same(house.source, place)
    house.salus("restore", "latest", "--target", target, "--overwrite", "sometimes", status=2)
