# SPDX-License-Identifier: Apache-2.0
"""Mounted repositories: what Salus shows of restic's and of its own snapshots is the source, and restic shows the same."""

import contextlib
import hashlib
import json
import os
import pathlib
import signal
import stat
import subprocess
import tempfile
import time

import pytest

from test_restic import SALUS as PROGRAM, House, fill, house, look, restic, same, version  # noqa: F401 (fixtures)
from test_restic_reading import fragile, packs_of, story, written  # noqa: F401 (fixtures)

SALUS = [PROGRAM, "backup"]


@pytest.fixture(autouse=True)
def root_and_fuse():
    if os.geteuid() != 0 or not os.access("/dev/fuse", os.R_OK | os.W_OK):
        reason = "NO MOUNT HERE: it takes root and /dev/fuse"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)


def unmount(folder):
    subprocess.run(["umount", "--lazy", str(folder)], capture_output=True)


@contextlib.contextmanager
def mounted(house, command, *options, end=signal.SIGTERM, status=0, at=None):
    """A folder that shows the repository; the program ends by a signal, with nothing mounted."""
    folder = at or house.folder / "mounted"
    folder.mkdir(exist_ok=True)
    process = subprocess.Popen([str(part) for part in [*command, "mount", folder, *options]], env=house.environment,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        deadline = time.monotonic() + 60
        while not os.path.ismount(folder):
            assert process.poll() is None and time.monotonic() < deadline, process.stderr.read()
            time.sleep(0.05)
        yield folder
        process.send_signal(end) if end else subprocess.run(["umount", str(folder)], check=True)
        errors = process.communicate(timeout=60)[1]
        house.errors = errors
        assert process.returncode == status, errors
        assert not os.path.ismount(folder)
    finally:
        if process.poll() is None:
            unmount(folder)
            process.kill()
            process.wait()


def under(folder, house, snapshot="latest"):
    return folder / "snapshots" / snapshot / str(house.source).lstrip("/")


def test_a_mount_shows_the_source(written):
    with mounted(written, SALUS) as folder:
        same(written.source, under(folder, written))
        names = {path.name for path in folder.iterdir()}
        assert names == {"ids", "snapshots", "hosts", "tags"}
        assert {path.name for path in (folder / "ids").iterdir()} == {number[:8] for number in written.ids}
        assert sorted(path.name for path in (folder / "hosts").iterdir()) == ["one", "two"]
        assert sorted(path.name for path in (folder / "tags").iterdir()) == ["clinic", "first", "second"]
        latest = folder / "hosts" / "two" / "latest"
        assert latest.is_symlink() and (latest / str(written.source).lstrip("/") / "noise").exists()
        # An old snapshot has what is gone since.
        old = folder / "ids" / written.ids[0][:8] / str(written.source).lstrip("/")
        assert (old / "plain.txt").read_text() == "hello\n"
        first, second = (old / "plain.txt").stat(), (old / "a folder" / "second name").stat()
        assert (first.st_ino, first.st_nlink) == (second.st_ino, 2)
        # The same number in another snapshot is another file.
        third = (under(folder, written) / "a folder" / "second name").stat()
        assert third.st_ino != first.st_ino
        for act in [lambda: (old / "new").write_text("x"), lambda: (old / "plain.txt").unlink(),
                    lambda: os.chmod(old / "plain.txt", 0), lambda: (folder / "ids" / "x").mkdir()]:
            with pytest.raises(OSError):
                act()
        assert not (folder / "nothing").exists() and not (old / "nothing").exists()


def test_restic_shows_the_same(written, version):
    """Both programs lay the snapshots out alike, and show the same files in them."""
    with mounted(written, SALUS) as folder:
        ours = {os.path.relpath(path, folder) for path in folder.rglob("*") if len(path.relative_to(folder).parts) <= 3}
        shown = look(under(folder, written))
    # Restic tells of its end by a status of its own.
    with mounted(written, [written.program], end=None) as folder:
        theirs = {os.path.relpath(path, folder) for path in folder.rglob("*") if len(path.relative_to(folder).parts) <= 3}
        assert theirs == ours
        if version >= (0, 16):
            assert comparable(look(under(folder, written))) == comparable(shown)


def comparable(found):
    """Without what restic's mount shows wrongly: numbers of devices, and times before 1970 with a fraction."""
    result = {}
    for path, entry in found.items():
        entry = entry[:-1] if entry[0] == stat.S_IFCHR else list(entry)
        entry[3] = max(0, entry[3])
        result[path] = entry
    return result


def test_parts_of_a_large_file(house, version):
    """Reads at any place give what stands there, also across the ends of parts."""
    fill(house.source, links=version >= (0, 16))
    house.restic("init")
    house.restic("backup", house.source)
    content = (house.source / "noise").read_bytes()
    with mounted(house, SALUS, end=signal.SIGINT) as folder:
        with open(under(folder, house) / "noise", "rb", buffering=0) as file:
            for place in [0, 1, 4_095, 524_287, 1_000_003, 3 << 20, len(content) - 5, len(content), len(content) + 9]:
                for count in [1, 7, 4_096, 200_000]:
                    assert os.pread(file.fileno(), count, place) == content[place:place + count], (place, count)
        readers = [subprocess.Popen(["sha256sum", under(folder, house) / name], stdout=subprocess.PIPE, text=True)
                   for name in ["noise", "zeros", "sparse", "noise"]]
        sums = [reader.communicate(timeout=120)[0].split()[0] for reader in readers]
    assert sums == [hashlib.sha256((house.source / name).read_bytes()).hexdigest()
                    for name in ["noise", "zeros", "sparse", "noise"]]


def test_whom_files_belong_to(written):
    with mounted(written, SALUS, "--owner-root", "--host", "two") as folder:
        owners = {os.lstat(path).st_uid for path in under(folder, written).rglob("*")}
        assert owners == {0}
        assert [path.name for path in (folder / "hosts").iterdir()] == ["two"]
    with tempfile.TemporaryDirectory() as place:
        at = pathlib.Path(place)
        at.chmod(0o755)
        with mounted(written, SALUS, at=at):
            assert as_nobody("ls", at / "snapshots") != 0
        with mounted(written, SALUS, "--allow-other", at=at):
            # Folders above the source are root's alone, in the snapshot as on the disk.
            assert as_nobody("ls", at / "snapshots" / "latest/") == 0
            assert as_nobody("cat", under(at, written) / "noise") != 0
            assert {"allow_other", "default_permissions", "ro", "nosuid", "nodev"} <= mount_options(at)
        with mounted(written, SALUS, "--allow-other", "--no-default-permissions", at=at):
            assert as_nobody("cat", under(at, written) / "noise") == 0
            assert "default_permissions" not in mount_options(at)


def as_nobody(*command):
    return subprocess.run(["runuser", "-u", "nobody", "--", *map(str, command)], capture_output=True).returncode


def mount_options(folder):
    for line in pathlib.Path("/proc/mounts").read_text().splitlines():
        parts = line.split()
        if parts[1] == str(folder):
            return set(parts[3].split(","))
    raise AssertionError(f"{folder} is not mounted")


def test_what_is_damaged_is_an_error_and_the_rest_is_there(fragile):
    for pack in packs_of(fragile, "data"):
        pack.unlink()
    with mounted(fragile, SALUS, status=1) as folder:
        with pytest.raises(OSError):
            (under(folder, fragile) / "noise").read_bytes()
        assert (under(folder, fragile) / "noise").stat().st_size == 9 << 20
        assert len(list((under(folder, fragile) / "a folder").iterdir())) > 300
    assert "is missing" in fragile.errors


def test_unmounting_ends_the_command(written):
    with mounted(written, SALUS, end=None) as folder:
        assert (folder / "snapshots" / "latest").is_symlink()
    assert list((written.repository / "locks").iterdir()) == []


def test_nothing_to_mount_on(written):
    done = subprocess.run([*SALUS, "mount", str(written.folder / "nowhere")], env=written.environment,
                          capture_output=True, text=True)
    assert done.returncode == 2 and "There is no folder" in done.stderr
    written.folder.joinpath("file").write_text("x")
    done = subprocess.run([*SALUS, "mount", str(written.folder / "file")], env=written.environment,
                          capture_output=True, text=True)
    assert done.returncode == 2
    assert json.loads(written.salus("snapshots", "--json"))
