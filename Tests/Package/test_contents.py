# SPDX-License-Identifier: Apache-2.0
"""What is in the package: help in every form, a list of materials that others can read, and nothing by chance."""

import json
import re
import shutil
import subprocess

import pytest

from packing import ROOT, make_package

TERMINAL = {"LC_ALL": "C.UTF-8", "MANWIDTH": "100", "PATH": "/usr/bin:/bin"}


@pytest.fixture(scope="module")
def tree(package, tmp_path_factory):
    folder = tmp_path_factory.mktemp("tree")
    subprocess.run(["dpkg-deb", "--extract", package, folder], check=True)
    return folder


def said(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def materials(tree):
    return json.loads((tree / "usr/share/doc/salus/sbom.cdx.json").read_text(encoding="utf-8"))


def test_the_program_brings_its_runtime_and_no_symbols(tree):
    program = tree / "usr/bin/salus"
    needed = re.findall(r"NEEDED.*\[(.+)\]", said("readelf", "-d", program))
    assert not [name for name in needed if re.match(r"lib(swift|Foundation|_Foundation|dispatch|Blocks|fuse)", name)]
    assert "libpq.so.5" in needed
    assert ".symtab" not in said("readelf", "--section-headers", "--wide", program)
    assert said(program, "--version").strip()


def test_every_command_has_its_place_in_the_manual(tree):
    help_text = json.loads(said(tree / "usr/bin/salus", "--experimental-dump-help"))
    pages = tree / "usr/share/man/man1"
    front = said("man", "--local-file", pages / "salus.1.gz", env=TERMINAL)
    for command in help_text["command"]["subcommands"]:
        if not command["shouldDisplay"] or command["commandName"] == "help":
            continue
        assert f"salus-{command['commandName']}(1)" in front
        assert (pages / f"salus-{command['commandName']}.1.gz").exists()
    assert "SALUS_KEY_FILE" in front and "/etc/salus/salus.yaml" in front


def test_no_page_of_the_manual_has_a_mistake(tree):
    for page in sorted((tree / "usr/share/man").rglob("*.gz")):
        done = subprocess.run(
            ["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", page], stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True, env=TERMINAL)
        assert done.returncode == 0 and not done.stderr, f"{page.name}: {done.stderr}"


@pytest.mark.parametrize("shell, path", [
    ("bash", "usr/share/bash-completion/completions/salus"),
    ("zsh", "usr/share/zsh/vendor-completions/_salus"),
    ("fish", "usr/share/fish/vendor_completions.d/salus.fish"),
])
def test_completions_are_read_by_their_shell(tree, shell, path):
    if not shutil.which(shell):
        pytest.skip(f"NO {shell} HERE: scripts/packages/test.txt lists it")
    said(shell, "-n", tree / path)
    assert "posture" in (tree / path).read_text(encoding="utf-8")


def test_the_list_of_materials_is_valid_and_whole(tree):
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator
    text = (tree / "usr/share/doc/salus/sbom.cdx.json").read_text(encoding="utf-8")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    components = {component["purl"]: component for component in json.loads(text)["components"]}
    pins = json.loads((ROOT / "Package.resolved").read_text(encoding="utf-8"))["pins"]
    for pin in pins:
        address = pin["location"].removeprefix("https://").removesuffix(".git")
        component = components[f"pkg:swift/{address}@{pin['state']['version']}"]
        assert component["licenses"]
        assert {"name": "salus:revision", "value": pin["state"]["revision"]} in component["properties"]
    linked = {component["name"]: component["properties"][0]["value"] for component in components.values()}
    assert linked["libfuse3-dev"] == "statically" and linked["libpq5"] == "dynamically"
    assert linked["swift-corelibs-foundation"] == "statically"


def test_every_dependency_in_the_list_is_in_the_list(tree):
    found = materials(tree)
    refs = {component["bom-ref"] for component in found["components"]} | {found["metadata"]["component"]["bom-ref"]}
    for edge in found["dependencies"]:
        assert {edge["ref"], *edge["dependsOn"]} <= refs


def test_the_licence_of_what_was_linked_in_is_named(tree):
    text = (tree / "usr/share/doc/salus/copyright").read_text(encoding="utf-8")
    assert "LGPL-2.1" in text and re.search(r"fuse3 3\.\d", text) and "@FUSE@" not in text


def test_the_same_build_gives_the_same_package(package, tmp_path):
    again = make_package(tmp_path, SALUS_PACKAGE_COMPRESSION="-Znone")
    for part in ("--ctrl-tarfile", "--fsys-tarfile"):
        one, other = (subprocess.run(["dpkg-deb", part, path], check=True, capture_output=True).stdout
                      for path in (package, again))
        assert one == other, f"{part} differs"


def test_the_service_is_shut_in(tree):
    """The score of systemd-analyze, in tenths; the unit says why each hole is left."""
    unit = tree / "usr/lib/systemd/system/salus.service"
    said("systemd-analyze", "security", "--offline=true", "--threshold=20", unit)
    assert "LoadCredential" not in unit.read_text(encoding="utf-8"), "a machine without a credential must start"
