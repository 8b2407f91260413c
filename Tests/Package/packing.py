# SPDX-License-Identifier: Apache-2.0
"""Makes packages: the real one, and a later one of the same program."""

import os
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def make_package(folder, **environment):
    """Packs the release build into `folder`; the path of the package."""
    done = subprocess.run(
        [ROOT / "Packaging" / "make-package", folder], env={**os.environ, **environment}, capture_output=True,
        text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return pathlib.Path(done.stdout.strip().splitlines()[-1])


def version_of(package):
    return subprocess.run(
        ["dpkg-deb", "--field", package, "Version"], check=True, capture_output=True, text=True).stdout.strip()


def later(package, folder):
    """The same program as a package of a higher version, which brings another configuration file."""
    tree = folder / "tree"
    subprocess.run(["dpkg-deb", "--raw-extract", package, tree], check=True)
    version = f"{version_of(package)}+later"
    control = tree / "DEBIAN" / "control"
    control.write_text(re.sub(r"^Version: .*$", f"Version: {version}", control.read_text(), flags=re.MULTILINE))
    with (tree / "etc/salus/salus.yaml").open("a", encoding="utf-8") as file:
        file.write("\n# What a later version says here.\n#log-level: info\n")
    result = folder / "salus_later.deb"
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "-Znone", "--build", tree, result], check=True, capture_output=True)
    return result
