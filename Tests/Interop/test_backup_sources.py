# SPDX-License-Identifier: Apache-2.0
"""Databases that are written to while they are backed up: restored by Salus and by restic, and started.

The servers are PostgreSQL's own; SQLite is Python's; the state is that of a Salus which records acts meanwhile.
"""

import contextlib
import json
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import threading
import time

import pytest

from test_restic import House, SALUS

RESTIC = shutil.which("restic")
VERSIONS = sorted((int(path.name) for path in pathlib.Path("/usr/lib/postgresql").glob("[0-9]*")), reverse=True)
AS_SERVER = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"] if os.geteuid() == 0 else []


def missing(what):
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)


class Cluster:
    """A PostgreSQL server on a socket of its own."""

    def __init__(self, folder, version):
        self.folder, self.bin = folder, pathlib.Path(f"/usr/lib/postgresql/{version}/bin")
        self.data, self.space = folder / "data", folder / "space"

    def run(self, program, *arguments, status=0, **more):
        done = subprocess.run(
            [*AS_SERVER, self.bin / program, *arguments], cwd="/", capture_output=True, text=True, timeout=120, **more)
        assert done.returncode == status, f"{program}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def make(self):
        self.run("initdb", "--data-checksums", "--no-sync", "-U", "postgres", "--auth=trust", "-D", self.data)
        with open(self.data / "pg_hba.conf", "w") as file:
            file.write("local replication stranger reject\nlocal all all trust\nlocal replication all trust\n")
        self.start()

    def start(self):
        options = f"-k {self.folder} -h '' -c fsync=off -c max_wal_size=128MB -c autovacuum=off"
        # A server keeps the pipes open that it is given.
        subprocess.run(
            [*AS_SERVER, self.bin / "pg_ctl", "-D", self.data, "-o", options, "-w", "-l", self.folder / "log", "start"],
            cwd="/", stdout=subprocess.DEVNULL, check=True, timeout=60)

    def stop(self, mode="fast"):
        self.run("pg_ctl", "-D", self.data, "-m", mode, "-w", "stop")

    def sql(self, text, database="postgres"):
        return self.run(
            "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", self.folder, "-U", "postgres", "-d", database,
            "-c", text).strip()

    def connection(self, role="postgres"):
        return f"host={self.folder} user={role}"


@contextlib.contextmanager
def open_folder():
    """A folder that the server's user gets to, which pytest's are not."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="salus-test-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        if AS_SERVER:
            shutil.chown(folder, "postgres")
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def cluster():
    if not VERSIONS:
        missing("NO POSTGRESQL HERE: install Debian's package")
    with open_folder() as folder:
        cluster = Cluster(folder, VERSIONS[0])
        cluster.make()
        try:
            yield cluster
        finally:
            cluster.stop("immediate")


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    """An empty one: making it takes most of the time of a short test."""
    house = House(tmp_path_factory.mktemp("empty"), RESTIC)
    house.salus("init")
    return house.repository


@pytest.fixture
def house(tmp_path, repository):
    house = House(tmp_path, RESTIC)
    shutil.copytree(repository, house.repository)
    house.environment["TMPDIR"] = str(tmp_path / "copies")
    (tmp_path / "copies").mkdir()
    yield house
    assert os.listdir(tmp_path / "copies") == []


def snapshots(house):
    return json.loads(house.salus("snapshots", "--json"))


def failing(house, *arguments, status=1):
    done = subprocess.run(
        [SALUS, "backup", *arguments], env=house.environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == status, f"{done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stderr


@contextlib.contextmanager
def working(cluster, database):
    """pgbench at work."""
    bench = subprocess.Popen(
        [*AS_SERVER, cluster.bin / "pgbench", "-n", "-c", "4", "-T", "60", "-h", cluster.folder, "-U", "postgres", database],
        cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while int(cluster.sql("SELECT count(*) FROM pgbench_history", database)) < 200:
            time.sleep(0.05)
        yield
    finally:
        bench.terminate()
        bench.wait()


# What pgbench adds to one sum it adds to the three others, in one transaction.
BALANCE = """SELECT (SELECT sum(abalance) FROM pgbench_accounts), (SELECT sum(bbalance) FROM pgbench_branches),
(SELECT sum(tbalance) FROM pgbench_tellers), (SELECT sum(delta) FROM pgbench_history)"""
CONTENT = """SELECT (SELECT md5(string_agg(a::text, ',' ORDER BY aid)) FROM pgbench_accounts a),
(SELECT md5(string_agg(h::text, ',' ORDER BY h::text)) FROM pgbench_history h), (SELECT sum(a) FROM far)"""


def answers(cluster, folder):
    """What a restored server answers; it is started as it was restored."""
    (folder / "socket").mkdir()
    if AS_SERVER:
        shutil.chown(folder / "socket", "postgres")
    copy = Cluster(folder / "socket", cluster.bin.parent.name)
    copy.data = folder / "postgres/clinic/data"
    cluster.run("pg_verifybackup", copy.data)
    copy.start()
    try:
        rows = int(copy.sql("SELECT count(*) FROM pgbench_history", "clinic"))
        balance = copy.sql(BALANCE, "clinic").split("|")
        place = copy.sql("SELECT pg_tablespace_location(oid) FROM pg_tablespace WHERE spcname = 'extra'")
        assert not place.startswith("/"), "a restored server uses the place of the one that is running"
        return rows, balance, copy.sql(CONTENT, "clinic")
    finally:
        copy.stop()


def test_a_server_that_works_is_restored_whole(cluster, house):
    if RESTIC is None:
        missing("NO RESTIC HERE: install Debian's package")
    cluster.space.mkdir()
    if AS_SERVER:
        shutil.chown(cluster.space, "postgres")
    cluster.sql(f"CREATE TABLESPACE extra LOCATION '{cluster.space}'")
    cluster.sql("CREATE DATABASE clinic")
    cluster.run("pgbench", "-q", "-i", "-s", "2", "-h", cluster.folder, "-U", "postgres", "clinic")
    cluster.sql("CREATE TABLE far (a bigint, b text) TABLESPACE extra", "clinic")
    cluster.sql("INSERT INTO far SELECT g, repeat('y', 200) FROM generate_series(1, 20000) g", "clinic")
    run = ("run", "--postgres", cluster.connection(), "--name", "clinic", "--json")
    with working(cluster, "clinic"):
        first = house.summary(house.salus(*run))
        before = int(cluster.sql("SELECT count(*) FROM pgbench_history", "clinic"))
        second = house.summary(house.salus(*run))
        after = int(cluster.sql("SELECT count(*) FROM pgbench_history", "clinic"))
    assert first["files_new"] > 900 and second["files_new"] < 20
    assert second["data_added"] < first["data_added"]
    assert [snapshot["paths"] for snapshot in snapshots(house)] == [["/postgres/clinic"]] * 2
    house.restic("check", "--read-data")
    with open_folder() as ours, open_folder() as theirs:
        house.salus("restore", "latest", "--target", ours, "--verify")
        house.restic("restore", "latest", "--target", theirs)
        note = json.loads((ours / "postgres/clinic/salus.json").read_text())
        assert note["checksums"] is True and note["hasWrongPages"] is False and note["timeline"] == 1
        assert note["serverVersion"].startswith(cluster.bin.parent.name)
        assert [space["location"] for space in note["tablespaces"]] == [str(cluster.space)]
        found, again = answers(cluster, ours), answers(cluster, theirs)
        assert found == again
        rows, balance, _ = found
        assert before <= rows <= after
        assert len(set(balance)) == 1, balance


def test_a_damaged_page_is_named(cluster, house):
    cluster.sql("CREATE TABLE letters AS SELECT g AS number, repeat('z', 100) AS text FROM generate_series(1, 5000) g")
    cluster.sql("CHECKPOINT")
    path = cluster.sql("SELECT pg_relation_filepath('letters')")
    file = cluster.data / path
    whole = file.read_bytes()
    damaged = bytearray(whole)
    damaged[8_192 + 5_000] ^= 1
    file.write_bytes(damaged)
    try:
        said = failing(house, "run", "--postgres", cluster.connection(), "--name", "clinic", status=3)
    finally:
        file.write_bytes(whole)
        cluster.sql("DROP TABLE letters")
    assert f"/postgres/clinic/data/{path}: the server found a page in it whose checksum is wrong" in said
    note = json.loads(house.salus("dump", "latest", "/postgres/clinic/salus.json"))
    assert note["hasWrongPages"] is True and note["filesWithWrongPages"] == [path]


def test_a_server_that_stops_halfway_leaves_no_snapshot(cluster, house):
    cluster.sql("CREATE TABLE noise AS SELECT md5(g::text) AS a, md5((g * 7)::text) AS b FROM generate_series(1, 700000) g")
    run = subprocess.Popen(
        [SALUS, "backup", "run", "--postgres", cluster.connection(), "--name", "clinic", "--limit-upload", "1"],
        env=house.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    sent = "SELECT coalesce(max(backup_streamed), 0) FROM pg_stat_progress_basebackup"
    try:
        while int(cluster.sql(sent)) < 5 << 20:
            assert run.poll() is None
        cluster.stop("immediate")
        output, said = run.communicate(timeout=60)
    finally:
        run.kill()
        with contextlib.suppress(Exception):
            cluster.start()
        cluster.sql("DROP TABLE noise")
    assert run.returncode == 1, said
    assert "PostgreSQL server" in said
    assert snapshots(house) == []
    assert "no errors were found" in house.restic("check")


def count(cluster, folder, question, database="postgres"):
    """What a restored server answers to one question."""
    (folder / "socket").mkdir()
    if AS_SERVER:
        shutil.chown(folder / "socket", "postgres")
    copy = Cluster(folder / "socket", cluster.bin.parent.name)
    copy.data = folder / "postgres/clinic/data"
    copy.start()
    try:
        return copy.sql(question, database)
    finally:
        copy.stop()


def test_the_log_brings_a_server_to_its_moment(cluster, house):
    run = ("run", "--postgres", cluster.connection(), "--name", "clinic", "--json")
    assert "base backup" in failing(house, *run, "--wal")
    cluster.sql("CREATE TABLE visits (number bigint)")
    house.salus(*run)
    for round in range(3):
        for _ in range(2):
            cluster.sql("INSERT INTO visits SELECT generate_series(1, 1000); SELECT pg_switch_wal()")
        cluster.sql("INSERT INTO visits SELECT generate_series(1, 7)")
        logs = house.summary(house.salus(*run, "--wal"))
        # Where the base ends, two files that are full since the last time, and one that is not.
        assert logs["files_unmodified"] == (0, 3, 5)[round], logs
        # The server throws away what is full; it is not asked for it again.
        cluster.sql("CHECKPOINT")
        cluster.sql("CHECKPOINT")
    cluster.sql("INSERT INTO visits VALUES (0)")
    base, *rest = snapshots(house)
    assert [log["tags"] for log in rest] == [["wal"]] * 3
    log = json.loads(house.salus("dump", "latest", "/postgres/clinic/log.json"))
    assert log["base"] == base["id"]
    with open_folder() as folder:
        house.salus("restore", base["id"], "--target", folder)
        house.restic("restore", "latest", "--target", folder, "--path", "/postgres/clinic/data/pg_wal")
        assert (folder / "postgres/clinic/data").stat().st_mode & 0o777 == 0o700
        assert count(cluster, folder, "SELECT count(*) FROM visits") == str(3 * 2_007)
    # The base of a log that stays stays too, though another is newer.
    house.salus(*run)
    plan = house.salus("forget", "--keep-last", "1", "--dry-run")
    assert "base of a log" in plan, plan
    # Also where the log itself is not among those that are judged.
    assert "base of a log" in house.salus("forget", "--keep-last", "1", "--dry-run", "--path", "/postgres/clinic")
    house.salus("forget", "--keep-last", "1", "--prune")
    left = [entry["id"] for entry in snapshots(house)]
    assert len(left) == 3 and left[:2] == [base["id"], rest[-1]["id"]], left
    # What a server threw away before anybody asked for it is lost.
    for _ in range(20):
        cluster.sql("INSERT INTO visits VALUES (1); SELECT pg_switch_wal()")
    cluster.sql("CHECKPOINT")
    cluster.sql("CHECKPOINT")
    assert "make a new base backup" in failing(house, *run, "--wal")
    cluster.sql("DROP TABLE visits")


def test_a_server_says_what_it_lacks(cluster, house):
    cluster.sql("CREATE ROLE mere LOGIN; CREATE ROLE stranger LOGIN REPLICATION")
    run = ("run", "--name", "clinic", "--postgres")
    assert "ALTER ROLE mere REPLICATION;" in failing(house, *run, cluster.connection("mere"))
    said = failing(house, *run, cluster.connection("stranger"))
    assert "pg_hba.conf" in said and "local replication stranger peer" in said
    said = failing(house, *run, f"host={house.folder} user=postgres password=correct-horse")
    assert "cannot be reached" in said and "correct-horse" not in said
    cluster.sql("ALTER ROLE mere REPLICATION")
    house.salus(*run, cluster.connection("mere"))
    assert len(snapshots(house)) == 1
    assert "small letters" in failing(house, "run", "--postgres", cluster.connection(), "--name", "../x")


WRITER = """
import sqlite3, sys, time
base = sqlite3.connect(sys.argv[1], timeout=60)
number = 0
while True:
    number += 1
    base.execute("UPDATE sums SET total = total + ?", (number,))
    base.execute("INSERT INTO parts VALUES (?, ?)", (number, "x" * 500))
    base.commit()
    print(number, flush=True)
"""


@pytest.mark.parametrize("mode", ["wal", "delete"])
def test_a_sqlite_database_that_is_written(mode, house):
    path = house.folder / "patients.db"
    base = sqlite3.connect(path)
    base.execute(f"PRAGMA journal_mode = {mode}")
    base.execute("CREATE TABLE sums (total INTEGER)")
    base.execute("INSERT INTO sums VALUES (0)")
    base.execute("CREATE TABLE parts (number INTEGER, text TEXT)")
    base.execute("CREATE TABLE ballast AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) "
                 "SELECT i, hex(randomblob(100)) AS noise FROM n")
    base.commit()
    base.close()
    path.chmod(0o640)
    writer = subprocess.Popen(["python3", "-c", WRITER, path], stdout=subprocess.PIPE, text=True)
    try:
        before = int(writer.stdout.readline())
        house.salus("run", "--sqlite", path)
        house.salus("run", "--sqlite", path)
    finally:
        writer.kill()
        after = int(writer.communicate()[0].split()[-1])
    target = house.folder / "out"
    house.salus("restore", "latest", "--target", target)
    copy = target / str(path)[1:]
    assert copy.stat().st_mode & 0o777 == 0o640
    assert [found.name for found in copy.parent.iterdir()] == ["patients.db"]
    restored = sqlite3.connect(copy)
    assert restored.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    (total,), (parts, count) = (
        restored.execute("SELECT total FROM sums").fetchone(),
        restored.execute("SELECT sum(number), count(*) FROM parts").fetchone())
    assert total == (parts or 0) and before - 1 <= count <= after
    assert restored.execute("SELECT count(*) FROM ballast").fetchone() == (20_000,)


def test_a_damaged_sqlite_database_makes_no_snapshot(house):
    path = house.folder / "damaged.db"
    base = sqlite3.connect(path)
    base.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)")
    base.executemany("INSERT INTO t VALUES (?, ?)", ((number, "x" * 400) for number in range(2_000)))
    base.commit()
    base.close()
    with open(path, "r+b") as file:
        file.seek(20 * 4_096)
        file.write(b"\x07" * 4_096)
    assert "damaged" in failing(house, "run", "--sqlite", path)
    path.write_bytes(b"no database at all" * 1_000)
    assert "no SQLite database" in failing(house, "run", "--sqlite", path)
    assert "could not look at" in failing(house, "run", "--sqlite", house.folder / "nothing.db")
    assert snapshots(house) == []


@contextlib.contextmanager
def serving(data, key):
    """`salus up` on a data folder."""
    log = data.parent / f"{data.name}.log"
    with open(log, "w") as output:
        server = subprocess.Popen(
            [SALUS, "up", "--data", data, "--key-file", key, "--listen", "127.0.0.1:0"], stdout=output, stderr=output)
    try:
        for _ in range(600):
            if "console: " in log.read_text():
                break
            assert server.poll() is None, log.read_text()
            time.sleep(0.1)
        else:
            pytest.fail(log.read_text())
        yield server
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=60) == 0, log.read_text()


def holds_log(process, data):
    """Whether a process has the lock without which nobody publishes leaves."""
    inode = (data / "ledger.lock").stat().st_ino
    for line in pathlib.Path("/proc/locks").read_text().splitlines():
        words = line.split()
        if words[1] == "FLOCK" and words[4] == str(process.pid) and words[5].endswith(f":{inode}"):
            return True
    return False


def held_up(house, data, published):
    """Backs the state up, and stops that between the copies of store and log for so long that its server could publish
    leaves; false when that moment was missed."""
    run = subprocess.Popen(
        [SALUS, "backup", "run", "--state", "--data", data], env=house.environment, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True)
    while run.poll() is None and not holds_log(run, data):
        pass
    run.send_signal(signal.SIGSTOP)
    try:
        is_held = run.poll() is None and holds_log(run, data)
        if is_held:
            before = published()
            # The server publishes every half second, if it may.
            time.sleep(2)
            assert published() == before, "leaves were published between the copies of store and log"
    finally:
        run.send_signal(signal.SIGCONT)
    output, _ = run.communicate(timeout=60)
    assert run.returncode == 0, output
    return is_held


def test_salus_itself_while_it_records(house):
    data, key = house.folder / "data", house.folder / "key"
    ended = threading.Event()

    def published():
        return (data / "ledger/checkpoint").read_text().splitlines()[1]

    def add_people(first):
        number = first
        while not ended.is_set():
            number += 1
            subprocess.run(
                [SALUS, "people", "add", "--login", f"person-{number}", "--name", "P", "--role", "nurse", "--data", data,
                 "--key-file", key],
                capture_output=True, check=True)

    def leaves(folder):
        said = subprocess.run(
            [SALUS, "ledger", "verify", "--data", folder, "--key-file", key], capture_output=True, text=True)
        assert said.returncode == 0, said.stdout + said.stderr
        return int(said.stdout.split()[1])

    with serving(data, key):
        # A key that lies where it should not does not get into a backup.
        shutil.copy(key, data / "key")
        people = [threading.Thread(target=add_people, args=(thread * 1_000,)) for thread in range(2)]
        for thread in people:
            thread.start()
        try:
            house.salus("run", "--state", "--data", data)
            assert any(held_up(house, data, published) for _ in range(10)), "nobody kept the log from being published"
            house.salus("run", "--state", "--data", data)
        finally:
            ended.set()
            for thread in people:
                thread.join()
    found = snapshots(house)
    assert all(snapshot["paths"] == [str(data)] for snapshot in found)
    secret = [line for line in key.read_text().splitlines() if line.startswith("salus-key-1 ")][0]
    counts = []
    for snapshot in [found[0], *found[-2:]]:
        target = house.folder / f"restored-{snapshot['short_id']}"
        house.salus("restore", f"{snapshot['id']}:{data}", "--target", target)
        assert sorted(entry.name for entry in target.iterdir()) == ["authority.pem", "ledger", "salus.db"]
        for file in target.rglob("*"):
            assert not file.is_file() or secret.encode() not in file.read_bytes()
        counts.append(leaves(target))
        with serving(target, key):
            pass
        assert leaves(target) > counts[-1]
    assert counts == sorted(counts) and len(set(counts)) > 1


def test_state_that_is_elsewhere(house):
    (house.folder / "empty").mkdir()
    said = failing(house, "run", "--state", "--data", house.folder / "empty")
    assert "--postgres" in said
    assert snapshots(house) == []
