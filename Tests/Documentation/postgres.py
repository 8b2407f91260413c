# SPDX-License-Identifier: Apache-2.0
"""A real PostgreSQL server for the pages that speak of one: on a free port of 127.0.0.1 and on a socket of its own."""

import contextlib
import os
import pathlib
import shutil
import subprocess
import tempfile

import pytest

from story import free_port

AS_SERVER = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"] if os.geteuid() == 0 else []
HBA = "local all all trust\nlocal replication all trust\nhost all all 127.0.0.1/32 scram-sha-256\n" \
    "host replication all 127.0.0.1/32 trust\n"


def programs():
    """The folder of the newest server's programs; without one the test is skipped, or fails with CI=true."""
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if found and int(found[-1].parent.name) >= 15:
        return found[-1]
    (pytest.fail if os.environ.get("CI") else pytest.skip)("PostgreSQL 15 or newer is not installed")


@contextlib.contextmanager
def running_server():
    """A server that ends with the story."""
    server = Server()
    try:
        yield server
    finally:
        server.stop()


class Server:
    """A server with a folder of its own."""

    def __init__(self):
        self.bin = programs()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="salus-documentation-", dir="/tmp"))
        self.port = free_port()
        self.folder.chmod(0o755)
        if AS_SERVER:
            shutil.chown(self.folder, "postgres")
        self.run("initdb", "--no-sync", "--data-checksums", "-U", "postgres", "--auth=trust", "-D", "data")
        (self.folder / "data" / "pg_hba.conf").write_text(HBA)
        options = f"-k {self.folder} -h 127.0.0.1 -p {self.port} -c fsync=off"
        self.run("pg_ctl", "-D", "data", "-o", options, "-w", "-l", "log", "start")

    @property
    def environment(self):
        """With these variables psql and its like speak to this server, as its superuser."""
        return {"PGHOST": str(self.folder), "PGPORT": str(self.port), "PGUSER": "postgres"}

    @property
    def values(self):
        """The addresses under which the pages know it: by TCP with the password of a page, and by its socket."""
        # The dot keeps the path from being taken for one of the machine that a page speaks of.
        socket = f"/.{self.folder}"
        return {"salus@db.clinic.example": f"salus:choose-a-long-one@127.0.0.1:{self.port}",
                "db.clinic.example": socket, "db.clinic.lan": socket}

    def run(self, program, *arguments):
        subprocess.run(
            [*AS_SERVER, self.bin / program, *arguments], cwd=self.folder, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, check=True, timeout=60)

    def stop(self):
        self.run("pg_ctl", "-D", "data", "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)
