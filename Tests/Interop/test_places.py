# SPDX-License-Identifier: Apache-2.0
"""Repositories on other machines, written by Salus and read by restic, and the other way round.

The servers are those that people run: OpenSSH's sshd, rclone's server of restic's protocol, and moto for S3. Each is on
this machine only, for the length of a test.
"""

import contextlib
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import time

import pytest

from test_restic import House, fill, restic, restored, same, version  # noqa: F401

SFTP_SERVER = "/usr/lib/openssh/sftp-server"
PROGRAMS = {"sshd": "/usr/sbin/sshd", "sftp": SFTP_SERVER, "rest": "/usr/bin/rclone", "s3": sys.executable}


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@contextlib.contextmanager
def running(command, port, log):
    with open(log, "wb") as output:
        server = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        for _ in range(600):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            assert server.poll() is None, log.read_text()
            time.sleep(0.05)
        yield
    finally:
        server.kill()
        server.wait()


@contextlib.contextmanager
def sshd(folder, house):
    port = free_port()
    for name in ("host", "user"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
    (folder / "known").write_text(f"[127.0.0.1]:{port} {(folder / 'host.pub').read_text()}")
    (folder / "sshd").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder}/host\nAuthorizedKeysFile {folder}/user.pub\n"
        f"PidFile none\nStrictModes no\nUsePAM no\nSubsystem sftp {SFTP_SERVER}\n")
    if os.geteuid() == 0:
        os.makedirs("/run/sshd", exist_ok=True)
    options = f"-F /dev/null -i {folder}/user -o BatchMode=yes -o UserKnownHostsFile={folder}/known"
    with running(["/usr/sbin/sshd", "-D", "-e", "-f", folder / "sshd"], port, folder / "log"):
        # restic 0.14 has no sftp.args: both get the whole command.
        house.options = ["-o", f"sftp.command=ssh {options} -p {port} 127.0.0.1 -s sftp"]
        yield f"sftp://127.0.0.1:{port}/{folder}/there"


@contextlib.contextmanager
def sftp(folder, house):
    house.options = ["-o", f"sftp.command={SFTP_SERVER}"]
    yield f"sftp:nowhere:{folder}/there"


@contextlib.contextmanager
def rest(folder, house):
    port = free_port()
    house.environment.update(RESTIC_REST_USERNAME="clinic", RESTIC_REST_PASSWORD="p/w:d")
    command = ["rclone", "serve", "restic", "--addr", f"127.0.0.1:{port}", "--user", "clinic", "--pass", "p/w:d"]
    with running([*command, folder / "served"], port, folder / "log"):
        # restic 0.14 does not know the two variables.
        yield f"rest:http://clinic:p%2Fw%3Ad@127.0.0.1:{port}/there/"


@contextlib.contextmanager
def s3(folder, house):
    port = free_port()
    house.environment.update(
        AWS_ACCESS_KEY_ID="key", AWS_SECRET_ACCESS_KEY="secret", AWS_DEFAULT_REGION="eu-central-1")
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with running(command, port, folder / "log"):
        yield f"s3:http://127.0.0.1:{port}/bucket/there"


class Away(House):
    """A house whose repository is somewhere else."""

    options = ()

    def restic(self, *arguments, status=0):
        return super().restic(*self.options, *arguments, status=status)

    def salus(self, *arguments, status=0):
        return super().salus(*arguments, *self.options, status=status)


@pytest.fixture(params=[sshd, sftp, rest, s3], ids=lambda place: place.__name__)
def house(request, tmp_path, restic):  # noqa: F811
    place = request.param
    if not os.access(PROGRAMS[place.__name__], os.X_OK):
        reason = f"{PROGRAMS[place.__name__]} IS MISSING: run scripts/install-packages test"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    house = Away(tmp_path, restic)
    (tmp_path / "server").mkdir()
    with place(tmp_path / "server", house) as address:
        house.environment["RESTIC_REPOSITORY"] = address
        yield house


def test_restic_reads_what_salus_wrote_there(house, version):  # noqa: F811
    fill(house.source)
    house.salus("snapshots", status=10)
    house.salus("init")
    house.salus("init", status=1)
    house.salus("run", house.source)
    house.restic("check", "--read-data")
    house.restic("restore", "latest", "--target", house.folder / "out", "--verify")
    if version >= (0, 16):
        same(house.source, restored(house, house.folder / "out"))


def test_salus_reads_and_continues_what_restic_wrote_there(house, version):  # noqa: F811
    fill(house.source, links=version >= (0, 16))
    house.restic("init")
    house.restic("backup", house.source)
    house.salus("restore", "latest", "--target", house.folder / "out", "--verify")
    same(house.source, restored(house, house.folder / "out"))
    shutil.rmtree(house.folder / "out")
    (house.source / "more").write_bytes(os.urandom(5 << 20))
    house.salus("run", house.source)
    house.restic("forget", "--keep-last", "1", "--prune")
    house.restic("check", "--read-data")
    house.salus("restore", "latest", "--target", house.folder / "out", "--verify")
    same(house.source, restored(house, house.folder / "out"))
    assert "p/w" not in house.salus("snapshots", "--json")


def test_a_password_in_an_address_is_never_said(tmp_path):
    house = House(tmp_path, None)
    house.environment["RESTIC_REPOSITORY"] = f"rest:http://someone:hidden-word@127.0.0.1:{free_port()}/"
    command = [os.environ.get("SALUS", str(pathlib.Path(__file__).resolve().parents[2] / ".build/debug/salus"))]
    done = subprocess.run(
        [*command, "backup", "snapshots"], env=house.environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1 and "no connection" in done.stderr
    assert "hidden" not in done.stdout + done.stderr
