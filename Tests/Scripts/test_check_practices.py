# SPDX-License-Identifier: Apache-2.0
"""check-practices refuses edges that point up or sideways."""

import json

import pytest

from tools import run


def target(name, path, *dependencies, kind="regular"):
    return {"name": name, "path": path, "type": kind, "dependencies": list(dependencies)}


def own(name):
    return {"byName": [name, None]}


def product(name, package):
    return {"product": [name, package, None, None]}


GOOD = [
    target("Codecs", "Sources/Codecs"),
    target("Kernel", "Sources/Kernel", own("Codecs")),
    target("CZlib", "Sources/C/CZlib", kind="system"),
    target("QRCode", "Sources/Engines/QRCode", own("Kernel"), own("CZlib"), product("Crypto", "swift-crypto")),
    target("Store", "Sources/Platform/Store", own("Kernel"), product("GRDB", "GRDB.swift")),
    target("Identity", "Sources/Practices/Identity", own("Store"), own("QRCode")),
    target("Vault", "Sources/Practices/Vault", {"target": ["Store", None]}),
    target("Server", "Sources/Server", own("Identity"), own("Vault")),
    target("salus", None, own("Server"), kind="executable"),
    target("VaultTests", "Tests/VaultTests", own("Vault"), own("Identity"), kind="test"),
    target("Sealing", "Benchmarks/Sealing", own("Vault"), kind="executable"),
]


def checked(folder, *more):
    path = folder / "dump.json"
    path.write_text(json.dumps({"targets": [*GOOD, *more]}))
    return run("check-practices", path)


def test_a_good_package_passes(tmp_path):
    status, said = checked(tmp_path)
    assert (status, said) == (0, f"check-practices: {len(GOOD)} targets, 0 edges refused\n")


@pytest.mark.parametrize(
    "bad",
    [
        target("Bad", "Sources/Practices/Bad", own("Identity")),
        target("Bad", "Sources/Practices/Bad", {"target": ["Identity", None]}),
        target("Bad", "Sources/Practices/Bad", own("Server")),
        target("Bad", "Sources/Platform/Bad", own("Vault")),
        target("Bad", "Sources/Engines/Bad", own("Store")),
        target("Bad", "Sources/Engines/Bad", own("QRCode")),
        target("Bad", "Sources/Engines/Bad", product("Logging", "swift-log")),
        target("Bad", "Sources/Engines/Bad", own("UndeclaredProduct")),
        target("Bad", "Sources/Codecs/", own("QRCode")),
        target("Bad", "Sources/Kernel", product("Crypto", "swift-crypto")),
        target("Bad", "Sources/Elsewhere"),
    ],
)
def test_a_bad_edge_is_refused(tmp_path, bad):
    status, said = checked(tmp_path, bad)
    assert status == 1
    assert "Package.swift: Bad" in said and "1 edges refused" in said
