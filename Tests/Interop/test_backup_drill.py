# SPDX-License-Identifier: Apache-2.0
"""The demo clinic on a real PostgreSQL: backed up by a job, restored by a drill, judged by two programs; and Salus on its
embedded store, whose log is verified where it was restored."""

import json
import subprocess

import pytest

from test_backup_sources import VERSIONS, Cluster, missing, open_folder
from test_restic import SALUS


class Clinic:
    """A demo clinic with its own commands."""

    def __init__(self, folder, *options, place=None):
        self.folder, self.place = folder, place
        self.options = ["--data", folder / "data", "--key-file", folder / "key", *options]

    def run(self, *words, status=0):
        done = subprocess.run(
            [SALUS, *words, *self.options], capture_output=True, text=True, timeout=300, cwd=self.folder)
        assert done.returncode == status, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def drill(self, *job, status=0):
        words = ["backup", "drill", *job, "--json", "--scratch", self.folder / "scratch"]
        return json.loads(self.run(*words, status=status).stdout)

    def psql(self, text):
        subprocess.run(["psql", "-q", "-h", self.place, "-U", "postgres", "clinic", "-c", text], check=True, timeout=60)


def rows(drill):
    """How many rows the restored server had."""
    return next(int(probe.split(", ")[1].split()[0]) for probe in drill["probes"] if " rows in " in probe)


@pytest.fixture
def clinic(request, tmp_path):
    """The clinic by the kind of its store."""
    if request.param == "sqlite":
        yield Clinic(tmp_path)
        return
    if not VERSIONS:
        missing("PostgreSQL is not installed")
    with open_folder() as place:
        cluster = Cluster(place, VERSIONS[0])
        cluster.make()
        try:
            subprocess.run(
                ["psql", "-q", "-h", place, "-U", "postgres", "-c", "CREATE DATABASE clinic"], check=True, timeout=60)
            yield Clinic(tmp_path, "--database", f"postgres://postgres@/clinic?host={place}", place=place)
        finally:
            cluster.stop("immediate")


@pytest.mark.parametrize("clinic", ["postgres", "sqlite"], indirect=True)
def test_the_demo_clinic_comes_back(clinic, request):
    is_postgres = request.node.callspec.params["clinic"] == "postgres"
    clinic.run("demo", "--demo-days", "0")
    clinic.run("backup", "repository", "add", "Cellar", "--repo", clinic.folder / "cellar", "--site", "Cellar")
    clinic.run("backup", "repository", "add", "Bank", "--repo", clinic.folder / "bank", "--site", "Bank")
    clinic.run("backup", "job", "add", "Clinic", "--state", "--to", "Bank", "--to", "Cellar")
    clinic.run("backup", "job", "start", "Clinic")
    drill = clinic.drill()
    assert drill["verdict"] == "passed" and drill["whole"] and drill["errors"] == 0
    assert drill["service"] == ("postgres" if is_postgres else "salus")
    assert 0 < drill["restoring_ms"] <= drill["rto_ms"] and drill["rpo_ms"] > 0
    # Nothing of it is left, and both programs find nothing wrong.
    assert list((clinic.folder / "scratch").iterdir()) == []
    checked = json.loads(clinic.run("backup", "repository", "check", "Cellar", "--read-data", "--json").stdout)
    assert checked["errors"] == 0 and checked["peer_verdict"] in ("passed", "none")
    clinic.run("ledger", "verify")

    # The log of the server, in a copy too, brings back what was written since.
    log = ["backup", "job", "add", "Clinic log", "--wal-of", "Clinic"]
    if is_postgres:
        before = rows(clinic.drill("Clinic"))
        clinic.run(*log)
        assert "already" in clinic.run(*log[:3], "Another", *log[4:], status=2).stderr
        clinic.psql("CREATE TABLE visits AS SELECT generate_series(1, 1234) AS number")
        clinic.run("backup", "job", "start", "Clinic log")
        drill = clinic.drill("Clinic log")
        assert drill["verdict"] == "passed" and drill["service"] == "postgres", drill
        # What ran since wrote rows of its own.
        assert rows(drill) >= before + 1_234
    else:
        assert "no PostgreSQL server" in clinic.run(*log, status=2).stderr

    # A pack of data is damaged: the drill says so, and so do both programs.
    pack = max((clinic.folder / "cellar" / "data").glob("*/*"), key=lambda path: path.stat().st_size)
    pack.chmod(0o600)
    content = bytearray(pack.read_bytes())
    for place in range(64, len(content), 4_096):
        content[place] ^= 1
    pack.write_bytes(content)
    assert clinic.drill("Clinic", status=1)["verdict"] == "failed"
    checked = clinic.run("backup", "repository", "check", "Cellar", "--read-data", "--json", status=1)
    assert json.loads(checked.stdout)["errors"] > 0
