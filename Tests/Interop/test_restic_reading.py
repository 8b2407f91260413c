# SPDX-License-Identifier: Apache-2.0
"""What Salus and restic say of the same repository, whoever of the two wrote it: stats, find, diff, dump, ls, snapshots."""

import copy
import io
import json
import os
import pathlib
import shutil
import subprocess
import tarfile

import pytest

from test_restic import SALUS, House, fill, house, look, restic, same, version  # noqa: F401 (fixtures)

MODES = ["restore-size", "files-by-contents", "blobs-per-file", "raw-data"]


@pytest.fixture(scope="session", params=["restic", "salus"])
def story(request, restic, version, tmp_path_factory):  # noqa: F811
    """A house with two snapshots, written by one of the two; nobody changes it."""
    house = House(tmp_path_factory.mktemp("story"), restic)  # noqa: F811
    fill(house.source, links=version >= (0, 16))
    backup(house, request.param, "init", [])
    backup(house, request.param, "backup", [house.source, "--tag", "first,clinic", "--host", "one"])
    change(house.source)
    backup(house, request.param, "backup", [house.source, "--tag", "second", "--host", "two"])
    house.ids = [snapshot["id"] for snapshot in json.loads(house.restic("snapshots", "--json"))]
    assert len(house.ids) == 2
    return house


@pytest.fixture
def written(story, tmp_path):
    """The same, with a folder of its own for what a test makes."""
    house = copy.copy(story)  # noqa: F811
    house.folder = tmp_path
    return house


@pytest.fixture
def fragile(written):
    """The same with a repository of its own, which may be damaged."""
    written.environment = dict(written.environment, RESTIC_REPOSITORY=str(written.folder / "repository"))
    shutil.copytree(written.repository, written.folder / "repository")
    written.repository = written.folder / "repository"
    return written


def backup(house, writer, act, arguments):
    if writer == "salus":
        house.salus({"backup": "run"}.get(act, act), *arguments)
    else:
        house.restic(act, *arguments)


def change(source):
    """One of each difference that `diff` knows."""
    folder = source / "a folder"
    (source / "plain.txt").write_text("another text\n")
    (source / "empty").unlink()
    os.symlink("plain.txt", source / "empty")
    os.chmod(source / "zeros", 0o611)
    (source / "nothing in it" / "something").mkdir()
    (source / "nothing in it" / "something" / "new").write_text("new\n")
    shutil.rmtree(source / "deeper 0" / "deeper 1")
    (source / "deeper 0" / "copy").write_bytes((folder / "text 7").read_bytes())
    (source / "pipe").unlink()
    os.mkfifo(source / "another pipe")
    (folder / "text 1").rename(folder / "text one")


def lines(text):
    return [json.loads(line) for line in text.split("\n") if line]


def agree(theirs, ours):
    """Whatever restic says, Salus says too; what it says besides is its own affair."""
    assert len(theirs) == len(ours), (len(theirs), len(ours))
    for their, our in zip(theirs, ours):
        assert their == {key: our.get(key) for key in their}


# stats


@pytest.mark.parametrize("mode", MODES)
def test_stats(written, mode):
    choices = [[], ["latest"]]
    if mode == "restore-size":
        choices += [[written.ids[1][:8], written.ids[0][:8], written.ids[1]], ["--tag", "clinic,first"],
                    ["--host", "two"], ["latest", "--host", "one"], ["--path", written.source], ["--path", "/nowhere"]]
    for names in choices:
        theirs = json.loads(written.restic("stats", "--json", "--mode", mode, *names))
        ours = json.loads(written.salus("stats", "--json", "--mode", mode, *names))
        assert theirs == pytest.approx({key: ours.get(key, 0) for key in theirs}), names
        # What restic 0.14 does not say yet.
        assert set(ours) - set(theirs) <= {"total_uncompressed_size", "compression_ratio", "compression_progress",
                                           "compression_space_saving", "snapshots_count"}
        assert ours["total_size"] > 0 or "/nowhere" in names


def test_stats_of_a_damaged_repository(fragile):
    trees = packs_of(fragile, "tree")
    for pack in trees:
        pack.unlink()
    status, _, errors = ask(fragile, "stats")
    assert status == 1 and "the folder / cannot be read" in errors, errors
    assert any(f"pack {pack.name[:8]} is missing" in errors for pack in trees), errors
    status, _, errors = ask(fragile, "stats", "nothing", "latest")
    assert status == 1 and "no snapshot begins with `nothing`" in errors


def packs_of(house, kind):
    """The packs that hold blobs of a kind."""
    found = []
    for index in (house.repository / "index").iterdir():
        content = json.loads(house.restic("cat", "index", index.name))
        for pack in content["packs"]:
            if any(blob["type"] == kind for blob in pack["blobs"]):
                found.append(house.repository / "data" / pack["id"][:2] / pack["id"])
    return found


def ask(house, *arguments, program=None):
    done = subprocess.run(
        [str(part) for part in (program or [SALUS, "backup"]) + list(arguments)],
        env=house.environment, capture_output=True, text=True, errors="replace", timeout=300)
    return done.returncode, done.stdout, done.stderr


# find


def found(text):
    return [(part["snapshot"], part["hits"], part["matches"]) for part in json.loads(text)]


def test_find(written, version):
    folder = written.source / "a folder"
    for arguments in [
            ["*.txt", "noise", "text 1*", "link", "pipe", "null", "deeper 1*", "bad*name", "日本語*", "*\n*", "!empty"],
            [folder], [f"{folder}/text 2?", f"{written.source}/**/bottom"], ["PLAIN.TXT", "-i", "Text 3*"],
            ["nothing whatsoever"], ["*", "--newest", "2000-01-01"],
            ["*", "--oldest", "15.11.2023 00:00:01"], ["*", "-O", "1970-01-02", "-N", "2023-11-15 00:00:00 +0100"],
            ["*.txt", "--reverse"], ["*.txt", "--host", "two"], ["*.txt", "-s", written.ids[0], "-s", "latest"]]:
        if "--reverse" in arguments and "--reverse" not in written.restic("find", "--help"):
            continue
        theirs = found(written.restic("find", "--json", *arguments))
        ours = found(written.salus("find", "--json", *arguments))
        if version < (0, 16):
            # It takes the snapshots as they come.
            theirs, ours = sorted(theirs, key=lambda part: part[0]), sorted(ours, key=lambda part: part[0])
        assert [part[:2] for part in theirs] == [part[:2] for part in ours], arguments
        for (_, _, their), (_, _, our) in zip(theirs, ours):
            agree(their, our)
    text = written.salus("find", "--long", "--human-readable", "zeros")
    assert "In snapshot" in text and "3.1 MB" in text


def test_find_ids(written, version):
    node = [node for node in lines(written.salus("ls", "latest", "--json")) if node.get("name") == "a folder"][0]
    tree = json.loads(written.restic("cat", "blob", node["subtree"]))
    noise = [part for part in json.loads(written.restic("find", "--json", "noise"))[0]["matches"]]
    assert noise
    blobs = [entry["content"][0] for entry in tree["nodes"][5:8]]
    packs = [pack.name for pack in packs_of(written, "data")[:2]]
    for arguments in [["--blob", *blobs], ["--blob", blobs[0][:8]], ["--tree", node["subtree"]],
                      ["--tree", node["subtree"][:8]], ["--pack", *packs], ["--pack", packs[0][:8]]]:
        theirs = json.loads(written.restic("find", "--json", *arguments))
        ours = json.loads(written.salus("find", "--json", *arguments))
        assert ours
        if version >= (0, 16):
            agree(theirs, ours)
        else:
            # It ends with the first folder of each id.
            assert all(one in ours for one in theirs)
    text = written.salus("find", "--show-pack-id", "--blob", blobs[0])
    assert f"blob {blobs[0]}" in text and "in pack " in text
    status, _, errors = ask(written, "find", "--pack", "0" * 64)
    assert status == 1 and "no pack begins with" in errors


def test_find_names_the_pack_that_is_missing(fragile):
    packs = packs_of(fragile, "data")
    packs[0].unlink()
    status, output, errors = ask(fragile, "find", "--pack", packs[0].name, "--json")
    assert status == 1 and f"pack {packs[0].name[:8]} is missing" in errors
    assert json.loads(output)


# diff


def test_diff(written, version):
    first, second = written.ids
    folder = written.source / "a folder"
    pairs = [(first, second), (second, first), (first[:10], second[:10]), (first, first)]
    if version >= (0, 16):
        pairs += [(f"{first}:{written.source}", f"{second}:{written.source}"), (f"{first}:{folder}", f"{second}:{folder}"),
                  (f"{first}:{folder}", f"{second}:{written.source}/deeper 0")]
    for one, other in pairs:
        for options in [[], ["--metadata"], ["--quiet"]]:
            theirs = lines(written.restic("diff", "--json", *options, one, other))
            ours = lines(written.salus("diff", "--json", *options, one, other))
            assert theirs == ours, (one, other, options)
    marks = {line["path"].removeprefix(str(written.source)): line["modifier"]
             for line in lines(written.salus("diff", "--json", "--metadata", first, second)) if "path" in line}
    assert marks["/plain.txt"] == "M" and marks["/zeros"] == "U" and marks["/empty"].startswith("T")
    assert marks["/pipe"] == "-" and marks["/another pipe"] == "+" and marks["/nothing in it/something/new"] == "+"
    text = written.salus("diff", first, "latest")
    assert f"M    {written.source}/plain.txt" in text and "new with" in text


def test_diff_of_what_cannot_be_read(fragile):
    first, second = fragile.ids
    status, _, errors = ask(fragile, "diff", first, "nothing")
    assert status == 1 and "no snapshot begins with" in errors
    status, _, errors = ask(fragile, "diff", first, f"{second}:/nowhere")
    assert status == 1 and "there is no folder" in errors
    for pack in packs_of(fragile, "tree"):
        pack.unlink()
    status, _, errors = ask(fragile, "diff", first, second)
    assert status == 1 and "cannot be read: tree " in errors and "is missing" in errors


# dump


def dumped(house, *arguments, program=None):
    command = program or [SALUS, "backup"]
    done = subprocess.run([str(part) for part in [*command, "dump", *arguments]], env=house.environment,
                          capture_output=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


def unpack(archive, target):
    target.mkdir()
    done = subprocess.run(
        ["tar", "--extract", "--same-permissions", "--numeric-owner", "--xattrs", "--xattrs-include=*", "--acls",
         "--directory", str(target)], input=archive, capture_output=True, env=dict(os.environ, LC_ALL="C.UTF-8"))
    assert done.returncode == 0, done.stderr.decode(errors="replace")[-2000:]


def test_dump(written):
    for name in ["noise", "zeros", "sparse", "plain.txt", "a folder/text 5", "a folder/-", "a folder/tab\tline\nfeed\x01"]:
        path = written.source / name
        assert dumped(written, "latest", path) == path.read_bytes()
    assert dumped(written, f"latest:{written.source}", "noise") == (written.source / "noise").read_bytes()
    target = written.folder / "noise.out"
    assert dumped(written, "latest", written.source / "noise", "--target", target) == b""
    assert target.read_bytes() == (written.source / "noise").read_bytes() and target.stat().st_mode & 0o777 == 0o600
    for path, message in [("nowhere", "there is no"), ("link", "is neither a file nor a folder")]:
        status, _, errors = ask(written, "dump", "latest", written.source / path)
        assert status == 1 and message in errors


def test_dump_folder(written):
    archive = dumped(written, "latest", "/")
    unpack(archive, written.folder / "out")
    same(written.source, written.folder / "out" / str(written.source).lstrip("/"))
    folder = written.source / "a folder"
    theirs = tarfile.open(fileobj=io.BytesIO(dumped(written, "latest", folder, program=[written.program])))
    ours = tarfile.open(fileobj=io.BytesIO(dumped(written, "latest", folder)))
    # Restic makes a file of its own of each name.
    expect = {member.name: (member.mode, member.uid, member.size, round(member.mtime)) for member in theirs}
    shown = {member.name: (member.mode, member.uid, member.size, round(member.mtime)) for member in ours}
    assert expect.keys() == shown.keys() and len(expect) > 300
    assert {name for name in expect if expect[name] != shown[name] and abs(expect[name][3] - shown[name][3]) > 1} == set()


def test_dump_of_long_names_and_access_lists(house, version):
    deep = house.source / ("d" * 90) / ("e" * 90) / ("f" * 90)
    deep.mkdir(parents=True)
    (deep / ("g" * 200)).write_text("long")
    raw = os.fsencode(deep) + b"/\xff" + b"h" * 150
    pathlib.Path(os.fsdecode(raw)).write_text("not UTF-8")
    os.symlink("x" * 300, deep / "link")
    (house.source / "big owner").write_text("x")
    if os.geteuid() == 0:
        os.chown(house.source / "big owner", 3_000_000_000, 2_500_000)
    os.setxattr(house.source / "big owner", "user.a=b%c", b"1=2\n3\x00")
    # Version 2: the owner rw-, user 1000 r--, the group r--, mask rw-, others ---.
    access = bytes.fromhex("02000000" "01000600ffffffff" "02000400e8030000" "04000400ffffffff" "10000600ffffffff"
                           "20000000ffffffff")
    try:
        os.setxattr(house.source / "big owner", "system.posix_acl_access", access)
    except OSError as error:
        print(f"NO ACCESS LISTS HERE: {error}")
    (house.source / "big owner").chmod(0o660)
    house.salus("init")
    house.salus("run", house.source)
    unpack(dumped(house, "latest", "/"), house.folder / "out")
    same(house.source, house.folder / "out" / str(house.source).lstrip("/"))


def test_dump_names_the_pack_that_is_missing(fragile):
    packs = packs_of(fragile, "data")
    for pack in packs:
        pack.unlink()
    status, _, errors = ask(fragile, "dump", "latest", fragile.source / "noise")
    assert status == 1 and any(f"pack {pack.name[:8]} is missing" in errors for pack in packs), errors
    status, output, errors = ask(fragile, "dump", "latest", "/", "--target", fragile.folder / "partly.tar")
    assert status == 1 and "noise: data " in errors
    with tarfile.open(fragile.folder / "partly.tar") as archive:
        names = archive.getnames()
    assert f"{fragile.source}/link".lstrip("/") in names and f"{fragile.source}/noise".lstrip("/") not in names


# ls and snapshots


def test_ls(written, version):
    if version < (0, 16):
        pytest.skip("restic 0.14 lists folders in another way")
    folder = written.source / "a folder"
    for arguments in [["latest"], [written.ids[0]], ["latest", written.source], ["latest", "--recursive", folder],
                      ["latest", folder, written.source / "deeper 0"], ["--recursive", "latest", "/"], ["latest", "/nowhere"],
                      [f"latest:{folder}"], [f"{written.ids[0]}:{written.source}", "/deeper 0"],
                      ["latest", "--host", "one"], ["latest", "--tag", "first,clinic"]]:
        agree(lines(written.restic("ls", "--json", *arguments)), lines(written.salus("ls", "--json", *arguments)))
    text = written.salus("ls", "--long", "latest", written.source)
    assert f"-> nowhere/at all" in text and f"{written.source}/nothing in it" in text and "drwx--x--x" in text


def test_snapshots(written):
    def key(snapshots):
        # In groups restic has them in order.
        return [dict(snapshot, paths=sorted(snapshot["paths"]), tags=sorted(snapshot["tags"])) for snapshot in snapshots]

    for arguments in [[], ["latest"], ["latest", "--host", "one"], [written.ids[0][:8], written.ids[1]], ["--latest", "1"],
                      ["--tag", "first"], ["--tag", "nothing"], ["--tag", ""], ["--path", written.source]]:
        theirs = json.loads(written.restic("snapshots", "--json", *arguments))
        ours = json.loads(written.salus("snapshots", "--json", *arguments))
        agree(key(theirs), key(ours))
    for by in ["host", "tags", "host,paths", "paths"]:
        theirs = json.loads(written.restic("snapshots", "--json", "--group-by", by))
        ours = json.loads(written.salus("snapshots", "--json", "--group-by", by))
        for groups in (theirs, ours):
            groups.sort(key=lambda group: json.dumps(group["group_key"], sort_keys=True))
        assert [group["group_key"] for group in theirs] == [group["group_key"] for group in ours]
        for their, our in zip(theirs, ours):
            agree(key(their["snapshots"]), key(our["snapshots"]))
    assert "Snapshots of one:" in written.salus("snapshots", "--group-by", "host")
    assert str(written.source) not in written.salus("snapshots", "--compact")


def test_an_empty_snapshot_and_ids_that_begin_alike(house, version):
    house.source.mkdir()
    house.salus("init")
    house.salus("run", house.source)
    empty = f"latest:{house.source}"
    assert house.salus("ls", empty) == "" and house.salus("find", "nothing") == ""
    assert json.loads(house.salus("stats", "--json", "--mode", "files-by-contents"))["total_size"] == 0
    assert house.salus("diff", "--json", empty, empty).count('"files":0') == 2
    assert dumped(house, empty, "/") == bytes(1024)
    seen = {}
    while True:
        house.salus("run", house.source)
        ids = [snapshot["id"] for snapshot in json.loads(house.salus("snapshots", "--json"))]
        for number in ids:
            seen.setdefault(number[0], set()).add(number)
        digit = [digit for digit, numbers in seen.items() if len(numbers) > 1]
        if digit:
            break
    for command in [["ls", digit[0]], ["stats", digit[0]], ["dump", digit[0], "/"], ["diff", digit[0], "latest"],
                    ["find", "x", "-s", digit[0]]]:
        status, _, errors = ask(house, *command)
        assert status == 1 and "several snapshots begin with" in errors, command


def test_reading_leaves_no_lock(written):
    for command in [["stats"], ["ls", "latest"], ["find", "x"], ["diff", "latest", "latest"], ["dump", "latest", "/"]]:
        status, _, errors = ask(written, *command)
        assert status == 0, errors
        assert list((written.repository / "locks").iterdir()) == []
