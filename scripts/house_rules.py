# SPDX-License-Identifier: Apache-2.0
"""Who may know whom: the one table that check-imports and check-practices read.

A layer is a folder under Sources. What stands in no row is refused, so a new library or folder is a
decision made here, in sight, and not a line that slipped into some file.
"""

# Folder under Sources -> layer. The longest prefix wins.
LAYERS = {
    "Kernel": "ground",
    "Codecs": "ground",
    "C": "c",
    "Engines": "engine",
    "Platform": "platform",
    "Practices": "practice",
    "AgentCore": "agent",
    "Server": "server",
    "TestSupport": "server",
    "salus": "program",
    "salus-agent": "program",
}

# Layer -> the layers of our own modules that it may import. Arrows run down only.
BELOW = {
    "c": set(),
    "ground": {"ground"},
    "engine": {"ground", "c"},
    "platform": {"ground", "c", "engine", "platform"},
    "practice": {"ground", "c", "engine", "platform"},
    "agent": {"ground", "c", "engine"},
    "server": {"ground", "c", "engine", "platform", "practice", "server"},
    "program": {"server", "agent"},
}

# Folders without Foundation and without I/O.
PURE = ["Kernel", "Codecs", "Engines"]
IMPURE = ["Platform", "Practices", "Server", "AgentCore", "TestSupport", "salus", "salus-agent"]
HTTP = ["Platform/Web", "Server", "AgentCore"]
# What asks other machines.
CLIENTS = ["Practices/Backup/Places"]
CERTIFICATES = ["Engines", *HTTP, "Practices/Transit"]

# Module (a trailing * stands for any ending) -> the folders under Sources that may import it.
MODULES = {
    # The toolchain
    "Swift": PURE + IMPURE,
    "Synchronization": PURE + IMPURE,
    "FoundationEssentials": PURE + IMPURE,
    "Foundation": ["Platform", "Practices", "Server", "TestSupport", "salus"],
    "Dispatch": IMPURE,
    "Glibc": IMPURE,
    "Musl": IMPURE,
    # Packages
    "ArgumentParser": IMPURE,
    "AsyncHTTPClient": [*HTTP, *CLIENTS],
    "Configuration": ["Platform", "Server", "AgentCore"],
    "Crypto": ["Engines", *IMPURE],
    "CryptoExtras": ["Engines", *IMPURE],
    "GRDB": ["Platform/Store"],
    "GRDBSQLite": ["Platform/Store"],
    "HTTPTypes": HTTP,
    "Hummingbird*": HTTP,
    "Logging": IMPURE,
    "NIO*": [*HTTP, *CLIENTS, "Practices/Transit"],
    "ServiceLifecycle": IMPURE,
    "SwiftASN1": CERTIFICATES,
    "UnixSignals": IMPURE,
    "X509": CERTIFICATES,
    "Yams": ["Server"],
    # C libraries that have one owner; the others are open to every layer that may import C
    "CArgon2": ["Practices/Identity"],
    "CPasswords": ["Practices/Identity"],
    "CPolicies": ["Practices/Access"],
    "CAssets": ["Platform/Web"],
    "CPostgres": ["Platform/Store"],
    "CFiles": ["Platform/Web", "Practices/Backup"],
    "CFuse": ["Practices/Backup"],
    "CZstd": ["Engines/ResticFormat"],
    "COpenSSL": ["Engines/ResticFormat"],
    "CRestic": ["Engines/ResticFormat"],
}

# Packages outside this repository that an engine may depend on.
ENGINE_PACKAGES = {"swift-crypto", "swift-asn1", "swift-certificates"}


def layer_of(folder):
    """The layer of a folder below Sources ("Practices/Backup" -> "practice"), or None where it has no row."""
    return LAYERS.get(folder.split("/", 1)[0])


def module_folders(module):
    """The folders that may import an outside module, or None where the module has no row."""
    if module in MODULES:
        return MODULES[module]
    for pattern, folders in MODULES.items():
        if pattern.endswith("*") and module.startswith(pattern[:-1]):
            return folders
    return None


def lies_in(folder, roots):
    """Whether a folder is one of the roots or below one."""
    return any(folder == root or folder.startswith(root + "/") for root in roots)
