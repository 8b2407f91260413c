# SPDX-License-Identifier: Apache-2.0
"""Checking, forgetting, pruning, copying and keys: what Salus does to a repository, restic finds in order, and both agree."""

import json
import os
import pathlib
import random
import shutil
import subprocess

import pytest
from test_restic import House, fill, house, restic, restored, same, version  # noqa: F401  (fixtures)


def index_command(version):
    return [*(["repair", "index"] if version >= (0, 16) else ["rebuild-index"]), "--read-all-packs"]


def files(folder):
    return {str(path.relative_to(folder)): path.stat().st_size for path in folder.rglob("*") if path.is_file()}


def history(house, by, count=6):
    """Snapshots of a source that changes: `by` writes them."""
    dice = random.Random(11)
    fill(house.source, links=False)
    for number in range(count):
        (house.source / "changing").write_bytes(dice.randbytes(3 << 20))
        (house.source / f"added {number}").write_bytes(dice.randbytes(200_000))
        for name in list((house.source / "a folder").iterdir())[:40]:
            name.unlink()
        by("backup" if by == house.restic else "run", house.source)


def ids(house):
    return [snapshot["id"] for snapshot in json.loads(house.salus("snapshots", "--json"))]


def summary(text):
    return [json.loads(line) for line in text.splitlines() if '"summary"' in line][-1]


@pytest.mark.parametrize("writer", ["salus", "restic"])
def test_forget_and_prune_leave_what_restic_finds_in_order(house, version, writer):
    house.salus("init") if writer == "salus" else house.restic("init")
    history(house, getattr(house, writer))
    before = sum(files(house.repository).values())
    house.salus("forget", "--keep-last", "2", "--prune", "--max-unused", "0")
    assert len(ids(house)) == 2
    house.restic("check", "--read-data")
    assert sum(files(house.repository).values()) < before
    house.restic("restore", "latest", "--target", house.folder / "out", "--verify")
    same(house.source, restored(house, house.folder / "out"))
    known = sorted(house.restic("list", "blobs").split("\n"))
    house.restic(*index_command(version))
    assert sorted(house.restic("list", "blobs").split("\n")) == known
    # Nothing is left to do, for either program.
    assert summary(house.salus("prune", "--max-unused", "0", "--json"))["bytes"]["remove_total"] == 0
    packs = set(house.restic("list", "packs").split("\n"))
    house.restic("prune", "--max-unused", "0")
    assert set(house.restic("list", "packs").split("\n")) == packs


def test_prune_keeps_exactly_the_blobs_that_restic_keeps(house):
    house.restic("init")
    history(house, house.restic)
    other = house.folder / "other"
    shutil.copytree(house.repository, other)
    house.salus("forget", "--keep-last", "1", "--prune", "--max-unused", "0")
    house.restic("forget", "--keep-last", "1", "--prune", "--max-unused", "0", "--repo", other)
    blobs = lambda *more: sorted(set(house.restic("list", "blobs", *more).split("\n")))
    assert blobs() == blobs("--repo", other)


def test_a_dry_run_changes_nothing_and_says_what_the_run_does(house):
    house.salus("init")
    history(house, house.salus)
    before = files(house.repository)
    told = [json.loads(line) for line in
            house.salus("forget", "--keep-last", "1", "--prune", "--dry-run", "--max-unused", "0", "--json").splitlines()]
    assert files(house.repository) == before
    done = [json.loads(line) for line in
            house.salus("forget", "--keep-last", "1", "--prune", "--max-unused", "0", "--json").splitlines()]
    assert told[-1]["dry_run"] and not done[-1]["dry_run"]
    assert told[-1]["bytes"] == done[-1]["bytes"] and done[-1]["bytes"]["remove_total"] > 0


POLICIES = [
    ["--keep-last", "3"], ["--keep-hourly", "4"], ["--keep-daily", "5"], ["--keep-weekly", "3"], ["--keep-monthly", "4"],
    ["--keep-yearly", "2"], ["--keep-daily", "3", "--keep-monthly", "2", "--keep-tag", "gold"], ["--keep-within", "30d"],
    ["--keep-within-daily", "14d", "--keep-within-weekly", "3m"], ["--keep-last", "unlimited"],
    ["--keep-last", "2", "--group-by", ""], ["--keep-last", "1", "--group-by", "tags"],
]


def test_policies_keep_what_restic_keeps(house, version):
    house.salus("init")
    house.source.mkdir()
    (house.source / "file").write_text("x")
    dice = random.Random(5)
    for number in range(30):
        time = f"20{dice.randrange(23, 26)}-{dice.randrange(1, 13):02}-{dice.randrange(1, 29):02} {dice.randrange(24):02}:15:00"
        tags = dice.choice([[], ["--tag", "gold"], ["--tag", "silver"]])
        house.restic("backup", house.source, "--time", time, "--host", dice.choice(["one", "two"]), *tags)
    for policy in POLICIES:
        if "unlimited" in policy and version < (0, 16):
            continue
        answers = []
        for program in (house.salus, house.restic):
            groups = json.loads(program("forget", "--dry-run", "--json", *policy).splitlines()[0])
            key = lambda group: (group["host"], group["paths"] or [], group["tags"] or [])
            answers.append(sorted(
                (key(group), sorted(snapshot["id"] for snapshot in group["keep"] or []),
                 sorted(snapshot["id"] for snapshot in group["remove"] or []),
                 sorted((reason["snapshot"]["time"], sorted(reason["matches"])) for reason in group["reasons"] or []))
                for group in groups))
        ours, theirs = answers
        assert ours == theirs, policy


def test_forget_refuses_to_leave_nothing(house):
    house.salus("init")
    house.source.mkdir()
    house.salus("run", house.source)
    house.salus("forget", status=1)
    house.salus("forget", "--keep-tag", "none has it", status=1)
    house.salus("forget", "--unsafe-allow-remove-all", status=1)
    assert len(ids(house)) == 1
    house.salus("forget", ids(house)[0][:8])
    assert ids(house) == []
    house.restic("check")


def test_prune_deletes_nothing_when_something_is_missing(house):
    house.salus("init")
    history(house, house.salus, 3)
    house.salus("forget", "--keep-last", "1")
    pack = max((house.repository / "data").rglob("*"), key=lambda path: path.stat().st_size if path.is_file() else 0)
    hidden = house.folder / "hidden"
    pack.rename(hidden)
    before = files(house.repository)
    house.salus("prune", "--max-unused", "0", status=1)
    assert files(house.repository) == before
    hidden.rename(pack)
    house.salus("prune", "--max-unused", "0")
    house.restic("check", "--read-data")


def test_left_over_packs_go(house):
    """What an interrupted backup leaves: packs that no index names."""
    house.salus("init")
    fill(house.source, links=False)
    house.salus("run", house.source)
    first = files(house.repository / "index")
    (house.source / "more").write_bytes(random.Random(1).randbytes(1 << 20))
    house.salus("run", house.source)
    for name in set(files(house.repository / "index")) - set(first):
        (house.repository / "index" / name).unlink()
    house.salus("forget", ids(house)[1])
    assert "in no index" in house.salus("check")
    assert json.loads(house.salus("check", "--json"))["suggest_prune"]
    house.salus("prune")
    assert "in no index" not in house.salus("check", "--read-data")
    house.restic("check", "--read-data")


def damage(path, place):
    os.chmod(path, 0o600)
    with open(path, "r+b") as file:
        file.seek(place)
        byte = file.read(1)[0]
        file.seek(place)
        file.write(bytes([byte ^ 0x10]))


def test_one_flipped_bit_in_every_kind_of_file_is_found_and_named(house):
    house.salus("init")
    fill(house.source, links=False)
    house.salus("run", house.source)
    house.salus("check", "--read-data")
    sound = house.folder / "sound"
    shutil.copytree(house.repository, sound)
    packs = sorted((path for path in (sound / "data").rglob("*") if path.is_file()), key=lambda path: path.stat().st_size)
    regions = []
    for pack in (packs[0], packs[-1]):
        size = pack.stat().st_size
        # The first blob, its tag, the middle, the header, the length of the header.
        regions += [(pack, place) for place in (0, 20, size // 2, size - 40, size - 4, size - 1)]
    for kind in ("index", "snapshots", "keys"):
        regions += [(path, place) for path in (sound / kind).iterdir() for place in (0, path.stat().st_size // 2)]
    regions.append((sound / "config", 30))
    for path, place in regions:
        shutil.rmtree(house.repository)
        shutil.copytree(sound, house.repository)
        target = house.repository / path.relative_to(sound)
        damage(target, place)
        done = subprocess.run(
            [*map(str, [os.environ.get("SALUS", pathlib.Path(__file__).resolve().parents[2] / ".build/debug/salus"), "backup",
                        "check", "--read-data"])], env=house.environment, capture_output=True, text=True)
        assert done.returncode == 1, (path, place, done.stdout, done.stderr)
        name = "config" if path.name == "config" else path.name[:8]
        assert name in done.stderr, (path, place, done.stderr)


def test_check_reads_a_part(house):
    house.salus("init")
    fill(house.source, links=False)
    house.salus("run", house.source)
    packs = len([1 for path in (house.repository / "data").rglob("*") if path.is_file()])
    read = lambda *more: json.loads(house.salus("check", "--json", *more))["packs_read"]
    assert read() == 0 and read("--read-data") == packs
    assert sum(read("--read-data-subset", f"{part}/3") for part in (1, 2, 3)) == packs
    assert read("--read-data-subset", "1%") == 1 and read("--read-data-subset", "100%") == packs
    assert read("--read-data-subset", "1K") == 1
    house.salus("check", "--read-data-subset", "4/3", status=2)
    # Only what one snapshot needs.
    assert read("--read-data", "latest") == packs


@pytest.mark.parametrize("writer", ["salus", "restic"])
def test_snapshots_are_copied_once(house, version, writer):
    house.salus("init") if writer == "salus" else house.restic("init")
    history(house, getattr(house, writer), 3)
    other = house.folder / "copy"
    source = ["--from-repo", house.repository, "--from-password-file", house.password]
    house.salus("init", "--repo", other, *source, "--copy-chunker-params")
    house.salus("copy", "--repo", other, *source)
    house.restic("check", "--read-data", "--repo", other)
    copied = json.loads(house.restic("snapshots", "--json", "--repo", other))
    assert sorted(snapshot["original"] for snapshot in copied) == sorted(ids(house))
    house.restic("restore", "latest", "--repo", other, "--target", house.folder / "out", "--verify")
    same(house.source, restored(house, house.folder / "out"))
    before = files(other)
    assert "already" in house.salus("copy", "--repo", other, *source)
    house.restic("copy", "--repo", other, *source)
    assert files(other) == before
    # And restic's copy of ours is known to us.
    third = house.folder / "third"
    house.restic("init", "--repo", third, *source, "--copy-chunker-params")
    house.restic("copy", "--repo", third, *source)
    before = files(third)
    house.salus("copy", "--repo", third, *source)
    assert files(third) == before


def test_keys_open_and_close(house):
    house.salus("init")
    second, third = house.folder / "second", house.folder / "third"
    second.write_text("another password")
    third.write_text("a third password\n")
    house.salus("key", "add", "--new-password-file", second, "--user", "grace", "--host", "ward")
    keys = json.loads(house.restic("key", "list", "--json"))
    assert {"grace"} < {key["userName"] for key in keys} and len(keys) == 2
    ours = json.loads(house.salus("key", "list", "--json"))
    for key in [*ours, *keys]:
        key["id"] = key["id"][:8]  # all that 0.14 says
    assert sorted(ours, key=str) == sorted(keys, key=str)
    house.restic("snapshots", "--password-file", second)
    current = next(key["id"] for key in keys if key["current"])
    other = next(key["id"] for key in keys if not key["current"])
    house.salus("key", "remove", current, status=1)
    house.salus("key", "passwd", "--password-file", second, "--new-password-file", third)
    house.salus("snapshots", "--password-file", second, status=12)
    house.restic("snapshots", "--password-file", third)
    house.salus("key", "remove", "ffffffff", status=1)
    assert other not in [key["id"] for key in json.loads(house.restic("key", "list", "--json"))]
    house.salus("key", "remove", current[:10], "--password-file", third)
    house.salus("snapshots", status=12)
    house.restic("check", "--password-file", third)
