# SPDX-License-Identifier: Apache-2.0
"""Repositories that Salus wrote, read and continued by restic, and the other way round.

Asked are the restic of the system (0.14 on Debian 12) and the one that scripts/newer-restic fetches (0.18).
"""

import errno
import hashlib
import json
import os
import pathlib
import random
import shutil
import stat
import subprocess

import pytest
from Faults import cheap_key

ROOT = pathlib.Path(__file__).resolve().parents[2]
SALUS = os.environ.get("SALUS", str(ROOT / ".build/debug/salus"))
PEERS = {"system": shutil.which("restic"), "newer": str(ROOT / ".build-peers/restic")}
PASSWORD = "a password for tests"


@pytest.fixture(scope="session", params=PEERS)
def restic(request):
    """The path of a restic."""
    path = PEERS[request.param]
    if path is None or not os.access(path, os.X_OK):
        reason = f"NO RESTIC ({request.param}) HERE: install Debian's package, run scripts/newer-restic"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return path


@pytest.fixture(scope="session")
def version(restic):
    text = subprocess.run([restic, "version"], capture_output=True, text=True, check=True).stdout
    print(text.strip())
    return tuple(int(part) for part in text.split()[1].split(".")[:2])


class House:
    """A source, a repository and the two programs."""

    def __init__(self, folder, restic):
        self.program = restic
        self.source = folder / "source"
        self.repository = folder / "repository"
        self.folder = folder
        self.password = folder / "password"
        self.password.write_text(PASSWORD + "\n")
        self.environment = dict(
            os.environ, RESTIC_REPOSITORY=str(self.repository), RESTIC_PASSWORD_FILE=str(self.password),
            RESTIC_CACHE_DIR=str(folder / "cache"), TZ="America/St_Johns", LC_ALL="C.UTF-8")

    def restic(self, *arguments, status=0):
        return self.run([self.program, *arguments], status)

    def salus(self, *arguments, status=0):
        return self.run([SALUS, "backup", *arguments], status)

    def run(self, command, status):
        done = subprocess.run(
            [str(part) for part in command], env=self.environment, capture_output=True, text=True, errors="replace",
            timeout=300)
        assert done.returncode == status, f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        if "init" in command and status == 0:
            self.opened_quickly(command)
        return done.stdout

    def opened_quickly(self, command):
        """Half a second for each command would be most of what these tests take."""
        words = [str(part) for part in command]
        repository = words[words.index("--repo") + 1] if "--repo" in words else str(self.repository)
        if os.path.isdir(repository):
            cheap_key.add(pathlib.Path(repository), PASSWORD.encode())

    def summary(self, text):
        return [json.loads(line) for line in text.splitlines() if '"summary"' in line][-1]


@pytest.fixture
def house(tmp_path, restic):
    return House(tmp_path, restic)


def fill(source, links=True):
    """A tree with what file systems know, and with names that only bytes can tell.

    `links` adds what restic 0.14 does not record: targets of links that are no UTF-8.
    """
    dice = random.Random(7)
    source.mkdir()
    (source / "plain.txt").write_text("hello\n")
    (source / "empty").write_bytes(b"")
    (source / "noise").write_bytes(dice.randbytes(9 << 20))
    (source / "zeros").write_bytes(bytes(3 << 20))
    with open(source / "sparse", "wb") as file:
        file.seek(5 << 20)
        file.write(b"end")
    folder = source / "a folder"
    folder.mkdir()
    for name in [b'a"b\\c', b"bad\xffname", "<&>é".encode(), b"tab\tline\nfeed\x01", "\u00ad\u2028\u00a0".encode(),
                 "\U000e0000".encode(), "\u1c89".encode(), b"-", b" ", "日本語😀".encode(), b"x" * 255]:
        pathlib.Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_bytes(name)
    for number in range(300):
        (folder / f"text {number}").write_text(f"line {number}\n" * dice.randrange(1, 400))
    (source / "nothing in it").mkdir(mode=0o711)
    deep = source
    for number in range(40):
        deep = deep / f"deeper {number}"
    deep.mkdir(parents=True)
    (deep / "bottom").write_text("here")
    os.symlink("plain.txt", source / "link")
    os.symlink("nowhere/at all", source / "broken link")
    if links:
        os.symlink(b"t\xffgt", os.fsencode(source) + b"/odd link")
    os.link(source / "plain.txt", folder / "second name")
    os.mkfifo(source / "pipe", 0o640)
    os.setxattr(source / "plain.txt", "user.note", b"\x00\xff")
    os.setxattr(folder, "user.note", b"")
    os.chmod(source / "empty", 0o4751)
    os.chmod(folder, 0o1777)
    os.utime(source / "zeros", ns=(10**9 + 1, -12_345_678_901_234_567))
    os.utime(source / "noise", ns=(1, 1_700_000_000_123_456_700))
    if os.geteuid() == 0:
        os.chown(source / "empty", 12345, 54321)
        os.chmod(source / "empty", 0o4751)
        os.mknod(source / "null", 0o600 | stat.S_IFCHR, os.makedev(1, 3))
        os.setxattr(source / "link", "trusted.note", b"x", follow_symlinks=False) if links else None


def attributes(path):
    try:
        return {key: os.getxattr(path, key, follow_symlinks=False)
                for key in os.listxattr(path, follow_symlinks=False)}
    except OSError as error:
        # Restic's mount has them for files, folders and links only.
        if error.errno == errno.ENOTSUP:
            return {}
        raise


def look(root):
    """Everything that a restore has to bring back, by path."""
    found = {}
    for folder, folders, files in os.walk(os.fsencode(root)):
        for name in folders + files + [b""]:
            path = os.path.join(folder, name) if name else folder
            status = os.lstat(path)
            entry = [stat.S_IFMT(status.st_mode), status.st_uid, status.st_gid, status.st_mtime_ns]
            if not stat.S_ISLNK(status.st_mode):
                entry.append(stat.S_IMODE(status.st_mode))
            entry.append(attributes(path))
            if stat.S_ISREG(status.st_mode):
                with open(path, "rb") as file:
                    entry += [status.st_nlink, hashlib.sha256(file.read()).hexdigest()]
            if stat.S_ISLNK(status.st_mode):
                entry.append(os.readlink(path))
            if stat.S_ISCHR(status.st_mode):
                entry.append(status.st_rdev)
            found[os.path.relpath(path, os.fsencode(root))] = entry
    return found


def same(first, second):
    first, second = look(first), look(second)
    assert first.keys() == second.keys()
    for path, entry in first.items():
        assert entry == second[path], path


def source_trees(house):
    """The hash of the source's folder in each snapshot, the oldest first."""
    trees = []
    for snapshot in json.loads(house.salus("snapshots", "--json")):
        listed = house.salus("ls", "--json", snapshot["id"], house.source)
        nodes = [json.loads(line) for line in listed.split("\n") if line]
        trees += [node["subtree"] for node in nodes if node.get("path") == str(house.source)]
    return trees


def nothing_new(house, first, second):
    """The second backup found everything as the first left it, but for folders above the source, which others change."""
    assert second["files_unmodified"] == first["files_new"] > 300
    assert (second["files_new"], second["files_changed"], second["data_blobs"]) == (0, 0, 0), second
    above = len(house.source.parts) - 1
    assert second["dirs_changed"] + second["dirs_new"] < above and second["tree_blobs"] <= above, second
    trees = source_trees(house)
    assert len(trees) == 2 and len(set(trees)) == 1, trees


def restored(house, target):
    """Where a restore of the whole snapshot puts the source."""
    return target / str(house.source).lstrip("/")


def test_restic_reads_what_salus_wrote(house, version):
    fill(house.source)
    house.salus("init")
    house.salus("run", house.source, "--tag", "first")
    house.restic("check", "--read-data")
    listed = json.loads(house.restic("snapshots", "--json"))
    assert listed[0]["tags"] == ["first"] and listed[0]["paths"] == [str(house.source)]
    house.restic("restore", "latest", "--target", house.folder / "out", "--verify")
    if version >= (0, 16):
        same(house.source, restored(house, house.folder / "out"))
    assert house.restic("stats", "--mode", "raw-data").count("Total") >= 1
    dumped = subprocess.run(
        [house.program, "dump", "latest", str(house.source / "noise")], env=house.environment, capture_output=True, check=True)
    assert hashlib.sha256(dumped.stdout).digest() == hashlib.sha256((house.source / "noise").read_bytes()).digest()


def test_salus_reads_what_restic_wrote(house, version):
    fill(house.source, links=version >= (0, 16))
    house.restic("init")
    house.restic("backup", house.source)
    house.salus("restore", "latest", "--target", house.folder / "out", "--verify")
    same(house.source, restored(house, house.folder / "out"))
    assert len(house.salus("ls", "latest").splitlines()) > 300
    assert str(house.source) in house.salus("snapshots")


def test_restic_finds_nothing_new_over_a_snapshot_of_salus(house, version):
    """Every file is as before and no folder has another text: the trees are the same to the byte."""
    fill(house.source, links=version >= (0, 16))
    house.salus("init")
    first = house.summary(house.salus("run", house.source, "--json"))
    second = house.summary(house.restic("backup", house.source, "--json"))
    nothing_new(house, first, second)


def test_salus_finds_nothing_new_over_a_snapshot_of_restic(house, version):
    fill(house.source, links=version >= (0, 16))
    house.restic("init")
    first = house.summary(house.restic("backup", house.source, "--json"))
    second = house.summary(house.salus("run", house.source, "--json"))
    nothing_new(house, first, second)


@pytest.mark.parametrize("writer", ["salus", "restic"])
def test_a_folder_whose_text_is_never_whole_in_memory(house, version, writer):
    """Beyond 4 MiB of text a folder stays packed; its hash and its nodes are the same."""
    house.source.mkdir()
    for number in range(18_000):
        (house.source / f"image-{number}.dcm").write_bytes(b"" if number % 20 else b"%d" % number)
    house.salus("init") if writer == "salus" else house.restic("init")
    runs = {"salus": lambda: house.salus("run", house.source, "--json"),
            "restic": lambda: house.restic("backup", house.source, "--json")}
    first = house.summary(runs.pop(writer)())
    second = house.summary(*(run() for run in runs.values()))
    nothing_new(house, first, second)
    (house.source / "image-7000.dcm").write_text("changed")
    third = house.summary(house.salus("run", house.source, "--json"))
    assert (third["files_changed"], third["files_unmodified"], third["data_blobs"]) == (1, 17_999, 1), third
    house.restic("check", "--read-data")
    house.salus("check", "--read-data")
    source = ["--from-repo", house.repository, "--from-password-file", house.password]
    for name, kind in {"salus": [("copy", "2")], "restic": [("old", "1")]}[writer]:
        house.restic("init", "--repo", house.folder / name, "--repository-version", kind)
        house.salus("copy", "--repo", house.folder / name, *source)
        house.salus("forget", "--repo", house.folder / name, "--keep-last", "1", "--prune", "--max-unused", "0")
        house.restic("check", "--read-data", "--repo", house.folder / name)
        target = house.folder / f"out-{name}"
        house.salus("restore", "latest", "--repo", house.folder / name, "--target", target, "--verify")
        same(house.source, restored(house, target))
        shutil.rmtree(target)


def test_both_cut_a_file_at_the_same_places(house, version):
    house.source.mkdir()
    dice = random.Random(3)
    (house.source / "big").write_bytes(dice.randbytes(40 << 20) + bytes(9 << 20))
    house.salus("init")
    house.salus("run", house.source)
    again = house.summary(house.restic("backup", "--force", house.source, "--json"))
    assert again["data_blobs"] == 0, again


def test_restic_keeps_house_in_a_repository_of_salus(house, version):
    fill(house.source)
    house.salus("init")
    house.salus("run", house.source)
    (house.source / "plain.txt").write_text("changed\n")
    shutil.rmtree(house.source / "a folder")
    house.salus("run", house.source)
    house.restic("forget", "--keep-last", "1", "--prune", "--max-unused", "0")
    house.restic("check", "--read-data")
    house.salus("restore", "latest", "--target", house.folder / "out", "--verify")
    same(house.source, restored(house, house.folder / "out"))
    known = sorted(house.restic("list", "blobs").split("\n"))
    house.restic(*(["repair", "index"] if version >= (0, 16) else ["rebuild-index"]), "--read-all-packs")
    assert sorted(house.restic("list", "blobs").split("\n")) == known
    house.restic("check", "--read-data")


def test_keys_and_copies(house, version):
    fill(house.source)
    house.salus("init")
    house.salus("run", house.source)
    second = house.folder / "second password"
    second.write_text("another")
    house.restic("key", "add", "--new-password-file", second)
    house.environment["RESTIC_PASSWORD_FILE"] = str(second)
    assert str(house.source) in house.salus("snapshots")
    house.environment["RESTIC_PASSWORD_FILE"] = str(house.password)
    wrong = house.folder / "wrong"
    wrong.write_text("wrong")
    house.salus("snapshots", "--password-file", wrong, status=12)
    house.salus("snapshots", "--repo", house.folder / "nothing", status=10)


def test_old_repositories_are_read(house, version):
    fill(house.source, links=version >= (0, 16))
    house.restic("init", "--repository-version", "1")
    house.restic("backup", house.source)
    house.salus("restore", "latest", "--target", house.folder / "out", "--verify")
    same(house.source, restored(house, house.folder / "out"))


def test_what_cannot_be_read_is_named(house, version):
    if os.geteuid() == 0:
        pytest.skip("root reads everything")
    fill(house.source)
    os.chmod(house.source / "noise", 0)
    house.salus("init")
    house.salus("run", house.source, status=3)
