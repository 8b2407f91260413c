# SPDX-License-Identifier: Apache-2.0
"""install-packages leaves a complete machine alone, and says first what it will do to another."""

import os

import pytest

from tools import run

# Stand-ins for the machine: packages beginning with "have" are present, "odd" ones exist nowhere.
STANDINS = {
    "dpkg-query": 'for name; do [[ $name == have* ]] && echo "installed $name"; done; exit 1',
    "apt-get": 'echo "apt-get $*"',
    "apt-cache": '[[ $2 != odd* ]]',
    "sudo": 'echo "sudo $*"; [[ $1 == -n ]] && shift; "$@"',
}


@pytest.fixture
def install(tmp_path):
    for name, body in STANDINS.items():
        path = tmp_path / name
        path.write_text(f"#!/bin/bash\n{body}\n")
        path.chmod(0o755)

    def install(*packages, **environment):
        listed = tmp_path / "list.txt"
        listed.write_text("# a comment\n\n" + "\n".join(packages) + "\n")
        path = f"{tmp_path}:{os.environ['PATH']}"
        kept = {name: value for name, value in os.environ.items() if name != "SALUS_SKIP_PACKAGES"}
        return run("install-packages", listed, env={**kept, "PATH": path, **environment})

    return install


def test_nothing_is_done_when_all_are_present(install):
    assert install("have-a", "have-b") == (0, "")


def test_missing_packages_are_named_first_then_installed(install):
    status, said = install("have-a", "want-b", "want-c")
    lines = said.splitlines()
    assert status == 0
    assert lines[0] == "install-packages: installing from the distribution: want-b want-c"
    assert any(line.startswith("apt-get update") for line in lines)
    assert any(line.startswith("apt-get install") and line.endswith(" want-b want-c") for line in lines)


def test_nothing_is_installed_on_request(install):
    status, said = install("want-b", SALUS_SKIP_PACKAGES="1")
    assert status == 0
    assert "want-b" in said and "apt-get" not in said


def test_a_package_that_the_distribution_lacks_is_said_loudly(install):
    status, said = install("odd-d", "want-b")
    assert status == 0
    assert "THIS DISTRIBUTION HAS NO PACKAGE odd-d" in said
    assert any(line.startswith("apt-get install") and line.endswith(" want-b") for line in said.splitlines())
