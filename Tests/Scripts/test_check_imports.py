# SPDX-License-Identifier: Apache-2.0
"""check-imports refuses what the house may not do, and nothing else."""

import pytest

from tools import LICENCE, run, tree

GOOD = {
    "Sources/Kernel/Fact.swift": "import Codecs\n",
    "Sources/Codecs/Hex.swift": "",
    "Sources/C/CZlib/shim.h": "",
    "Sources/Engines/QRCode/QR.swift": "import Crypto\nimport Kernel\nimport SwiftASN1\n",
    "Sources/Platform/Store/Database.swift": "import Foundation\nprivate import GRDB\nimport CPostgres\n",
    "Sources/Platform/Web/Server.swift": "@preconcurrency import HummingbirdHTTP2\nimport NIOSSL\nimport Store\n",
    "Sources/Practices/Identity/Password.swift": "import CArgon2\nimport struct Foundation.Date\nimport QRCode\n",
    "Sources/Practices/Transit/Scan.swift": "import NIOSSL\nimport X509\n",
    "Sources/Practices/Vault/Open.swift": "import CZlib\nimport Store\n",
    "Sources/Server/Practices.swift": "import Identity\nimport Vault\n// import GRDB\nlet text = \"\"\"\nimport GRDB\n\"\"\"\n",
}


def checked(root, name=None, text=None):
    files = {path: LICENCE + body for path, body in GOOD.items()}
    if name:
        files[name] = LICENCE + text
    return run("check-imports", tree(root, files))


def test_a_good_tree_passes(tmp_path):
    status, said = checked(tmp_path)
    assert (status, said) == (0, "check-imports: 19 imports, 0 refused\n")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Sources/Kernel/Bad.swift", "import Foundation"),
        ("Sources/Codecs/Bad.swift", "public import struct Foundation.Data"),
        ("Sources/Engines/QRCode/Bad.swift", "#if canImport(Foundation)\n    import Foundation\n#endif"),
        ("Sources/Engines/QRCode/Bad.swift", "import Logging"),
        ("Sources/Engines/QRCode/Bad.swift", "import Store"),
        ("Sources/Engines/QRCode/Bad.swift", "import OtherEngine"),
        ("Sources/AgentCore/Bad.swift", "import Foundation"),
        ("Sources/Practices/Vault/Bad.swift", "import GRDB"),
        ("Sources/Practices/Vault/Bad.swift", "@testable import Identity"),
        ("Sources/Practices/Vault/Bad.swift", "import Hummingbird"),
        ("Sources/Practices/Vault/Bad.swift", "import NIOCore"),
        ("Sources/Practices/Vault/Bad.swift", "import X509"),
        ("Sources/Practices/Vault/Bad.swift", "import CArgon2"),
        ("Sources/Practices/Vault/Bad.swift", "import Server"),
        ("Sources/Platform/Web/Bad.swift", "import GRDB"),
        ("Sources/Platform/Web/Bad.swift", "import Identity"),
        ("Sources/Platform/Web/Bad.swift", "@_exported import Kernel"),
        ("Sources/Platform/Web/Bad.swift", "import LeftPad"),
        ("Sources/Platform/Web/Bad.swift", "import FoundationNetworking"),
    ],
)
def test_a_bad_import_is_refused(tmp_path, name, text):
    status, said = checked(tmp_path, name, text)
    assert status == 1
    assert said.count("\n") == 2, said
    assert f"{name}:" in said


def test_the_line_is_named(tmp_path):
    _, said = checked(tmp_path, "Sources/Kernel/Bad.swift", "\n/* import\nA */\nimport GRDB")
    assert "Sources/Kernel/Bad.swift:5: imports GRDB, which is known only to Platform/Store" in said
