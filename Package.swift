// swift-tools-version:6.2
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

// One set of flags for every target of ours; another set would rebuild all dependencies.
let base: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]
let strict: [SwiftSetting] = base + [.enableUpcomingFeature("InternalImportsByDefault")]
// Parsers and cryptography run on megabytes in the tests too, so they are optimised in debug builds as well.
let optimised: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]
let fast: [SwiftSetting] = base + optimised
let linker: [LinkerSetting] = [.unsafeFlags(["-use-ld=lld"])]

extension Target.Dependency {
    static let argumentParser = product(name: "ArgumentParser", package: "swift-argument-parser")
    static let certificates = product(name: "X509", package: "swift-certificates")
    static let asn1 = product(name: "SwiftASN1", package: "swift-asn1")
    static let yams = product(name: "Yams", package: "Yams")
    static let crypto = product(name: "Crypto", package: "swift-crypto")
    static let grdb = product(name: "GRDB", package: "GRDB.swift")
    static let sqlite = product(name: "GRDBSQLite", package: "GRDB.swift")
    static let hummingbird = product(name: "Hummingbird", package: "hummingbird")
    static let hummingbirdHTTP2 = product(name: "HummingbirdHTTP2", package: "hummingbird")
    static let hummingbirdCore = product(name: "HummingbirdCore", package: "hummingbird")
    static let httpTypes = product(name: "HTTPTypes", package: "swift-http-types")
    static let lifecycle = product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
    static let signals = product(name: "UnixSignals", package: "swift-service-lifecycle")
    static let logging = product(name: "Logging", package: "swift-log")
    static let nio = product(name: "NIOCore", package: "swift-nio")
    static let nioPosix = product(name: "NIOPosix", package: "swift-nio")
    static let nioHTTP1 = product(name: "NIOHTTP1", package: "swift-nio")
    static let nioTLS = product(name: "NIOTLS", package: "swift-nio")
    static let nioSSL = product(name: "NIOSSL", package: "swift-nio-ssl")
    static let httpClient = product(name: "AsyncHTTPClient", package: "async-http-client")
}

func ground(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Sources/\(name)",
        swiftSettings: fast + [.enableUpcomingFeature("InternalImportsByDefault")])
}
func engine(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Sources/Engines/\(name)", exclude: ["README.md"],
        swiftSettings: fast)
}
func platform(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .target(
        name: name, dependencies: ["Kernel", "Codecs"] + dependencies, path: "Sources/Platform/\(name)",
        exclude: exclude, swiftSettings: strict)
}
func practice(_ name: String, engines: [Target.Dependency] = [], _ others: [Target.Dependency] = []) -> Target {
    .target(
        name: name,
        dependencies: [
            "Kernel", "Codecs", "Building", "Store", "Ledger", "Keyring", "Web", .argumentParser, .crypto, .logging,
        ] + engines + others,
        path: "Sources/Practices/\(name)", exclude: ["README.md"], swiftSettings: strict)
}
func systemLibrary(_ name: String, package: String? = nil, apt: String) -> Target {
    .systemLibrary(name: name, path: "Sources/C/\(name)", pkgConfig: package, providers: [.apt([apt])])
}
/// - Parameter reads: whether the tests search megabytes themselves, and so are optimised in debug builds too.
func tests(
    _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = [], reads: Bool = false
) -> Target {
    .testTarget(
        name: name, dependencies: dependencies, path: "Tests/\(name)", exclude: exclude,
        swiftSettings: reads ? strict + optimised : strict, linkerSettings: linker)
}
func benchmark(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .executableTarget(
        name: "\(name)Benchmark",
        dependencies: ["BenchmarkSupport", "Kernel", "Codecs", "Store", "Ledger", "Server"] + dependencies,
        path: "Benchmarks/\(name)", exclude: exclude, swiftSettings: strict, linkerSettings: linker)
}

let package = Package(
    name: "salus",
    products: [.executable(name: "salus", targets: ["salus"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", exact: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", exact: "1.21.1"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0", traits: []),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: []),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    ],
    targets: [
        // Ground
        ground("Codecs"),
        ground("Kernel", ["Codecs"]),

        // Engines: the standards themselves, pure and usable without Salus
        engine("TransparencyLog", [.crypto]),
        engine("ChunkedEncryption", [.crypto]),
        engine("OneTimePassword", [.crypto]),
        engine("RecoveryPhrase", [.crypto]),
        engine("QRCode"),
        engine("FHIRBundle", ["Codecs"]),
        engine("CedarPolicy", ["Codecs"]),
        engine("SyntheticClinic"),
        engine("ResticFormat", ["Codecs", "CRestic", "CZstd", "COpenSSL"]),

        // Platform
        platform("Store", [.grdb, .sqlite, "CPostgres"], exclude: ["README.md"]),
        platform("Ledger", ["Store", "TransparencyLog", .crypto, .lifecycle, .logging]),
        platform("Keyring", ["Store", "Ledger", "ChunkedEncryption", "RecoveryPhrase", .crypto, .logging]),
        platform(
            "Web",
            [
                "CAssets", "CFiles", .hummingbird, .hummingbirdCore, .hummingbirdHTTP2, .httpTypes, .lifecycle, .nio,
                .nioPosix,
                .nioSSL, .nioTLS, .certificates, .asn1, .crypto, .logging,
            ]),
        platform("Building", ["Store", "Ledger", "Keyring", "Web", .lifecycle, .argumentParser, .logging]),
        platform("Archives", ["CZlib", "CBzip2"]),
        platform("Posture", ["Store", "Ledger", "Web", "Building", .logging]),

        // Practices
        practice("Identity", engines: ["OneTimePassword", "QRCode"], ["CArgon2", "CPasswords"]),
        practice("Access", engines: ["CedarPolicy", "TransparencyLog"], ["Archives", "CPolicies"]),
        practice("Vault", engines: ["FHIRBundle", "TransparencyLog", "ChunkedEncryption"], ["Archives"]),
        practice("Transit"),
        practice(
            "Backup", engines: ["ResticFormat"],
            ["CFiles", "CFuse", .httpClient, .nio, .nioHTTP1, .nioPosix, .nioSSL, .signals]),

        // The house
        .target(
            name: "Server",
            dependencies: [
                "Kernel", "Codecs", "Store", "Ledger", "Keyring", "Web", "Building", "Posture", "Identity", "Access",
                "Vault", "Transit", "Backup", "SyntheticClinic", "TransparencyLog", "RecoveryPhrase", .argumentParser,
                .yams,
                .lifecycle, .signals, .logging, .nioSSL,
            ],
            path: "Sources/Server", swiftSettings: strict),
        .executableTarget(
            name: "salus", dependencies: ["Server"], path: "Sources/salus", swiftSettings: strict,
            linkerSettings: linker),

        // Benchmarks
        .target(
            name: "BenchmarkSupport", dependencies: ["Kernel", "Codecs", "Store", "Identity", "TestSupport", .crypto],
            path: "Benchmarks/Support", swiftSettings: strict),
        benchmark("Access", ["CedarPolicy", "TestSupport"], exclude: ["peer.py", "requirements.txt"]),
        benchmark("Backup", []),
        benchmark("Ledger", [.lifecycle, .logging], exclude: ["peer.c"]),
        benchmark(
            "Records",
            [
                "Building", "Keyring", "Vault", "Web", "FHIRBundle", "SyntheticClinic", "TransparencyLog", .crypto,
                .lifecycle, .logging,
            ]),
        benchmark("Start", []),

        // C libraries
        systemLibrary("CPostgres", package: "libpq", apt: "libpq-dev"),
        systemLibrary("CArgon2", package: "libargon2", apt: "libargon2-dev"),
        systemLibrary("CZlib", package: "zlib", apt: "zlib1g-dev"),
        systemLibrary("CBzip2", apt: "libbz2-dev"),
        systemLibrary("CZstd", package: "libzstd", apt: "libzstd-dev"),
        systemLibrary("COpenSSL", package: "libcrypto", apt: "libssl-dev"),
        systemLibrary("CFuse", apt: "libfuse3-dev"),
        .target(
            name: "CAssets", path: "Sources/C/CAssets", exclude: ["assets"], cSettings: [.unsafeFlags(["-std=c23"])]),
        .target(
            name: "CPasswords", path: "Sources/C/CPasswords", exclude: ["passwords.txt"],
            cSettings: [.unsafeFlags(["-std=c23"])]),

        .target(name: "CFiles", path: "Sources/C/CFiles", cSettings: [.unsafeFlags(["-std=c17"])]),
        .target(
            name: "CPolicies", path: "Sources/C/CPolicies", exclude: ["policies.cedar", "schema.cedarschema"],
            cSettings: [.unsafeFlags(["-std=c23"])]),
        // The inner loops of a backup: optimised in debug builds too.
        .target(name: "CRestic", path: "Sources/C/CRestic", cSettings: [.unsafeFlags(["-O3", "-std=c17"])]),

        // Tests
        .target(name: "TestSupport", dependencies: ["Kernel", "Codecs", "Store"], swiftSettings: strict),
        tests("KernelTests", ["Kernel"]),
        tests("ArchivesTests", ["Archives"]),
        tests(
            "ServerTests",
            [
                "Server", "Access", "Building", "CedarPolicy", "Kernel", "Codecs", "Ledger", "Posture", "Store",
                "TransparencyLog", "Web", "TestSupport", .logging,
            ],
            exclude: ["routes.txt"]),
        tests("CodecsTests", ["Codecs"]),
        tests("CResticTests", ["CRestic", .crypto], reads: true),
        tests("TransparencyLogTests", ["TransparencyLog", .crypto]),
        tests("ChunkedEncryptionTests", ["ChunkedEncryption", .crypto]),
        tests("OneTimePasswordTests", ["OneTimePassword"]),
        tests("RecoveryPhraseTests", ["RecoveryPhrase"]),
        tests("QRCodeTests", ["QRCode"]),
        tests("FHIRBundleTests", ["FHIRBundle", "Codecs", "CBzip2"]),
        tests("CedarPolicyTests", ["CedarPolicy"]),
        tests("SyntheticClinicTests", ["SyntheticClinic"]),
        tests("ResticFormatTests", ["ResticFormat", "Codecs"], reads: true),
        tests(
            "ConformanceTests",
            ["TransparencyLog", "ChunkedEncryption", "CedarPolicy", "Access", "Codecs", "TestSupport", .crypto]),
        tests("WebTests", ["Web", "Kernel"]),
        tests("StoreTests", ["Store", "TestSupport", "Kernel"]),
        tests(
            "LedgerTests",
            [
                "Ledger", "Store", "Kernel", "Codecs", "TransparencyLog", "TestSupport", .crypto, .lifecycle, .logging,
            ]),
        tests(
            "KeyringTests",
            ["Keyring", "Ledger", "Store", "Kernel", "Codecs", "RecoveryPhrase", "TestSupport"]),
        tests(
            "IdentityTests",
            [
                "Identity", "TestSupport", "Kernel", "Codecs", "Store", "Ledger", "Keyring", "Building", "Web",
                "OneTimePassword", .logging,
            ]),
        tests(
            "AccessTests",
            [
                "Access", "CedarPolicy", "Kernel", "Codecs", "Building", "Store", "Ledger", "Keyring", "Web",
                "TransparencyLog", "TestSupport", .crypto, .logging,
            ]),
        tests(
            "VaultTests",
            [
                "Vault", "Kernel", "Codecs", "Building", "Store", "Ledger", "Keyring", "Web", "FHIRBundle",
                "TestSupport", .logging,
            ], reads: true),
        tests(
            "BackupTests",
            [
                "Backup", "ResticFormat", "Kernel", "Building", "Store", "Ledger", "Keyring", "Web", "Codecs",
                "TestSupport", .argumentParser, .logging,
            ], reads: true),
        // Makes cases for Cedar's own engine to answer too: Tests/Interop/test_cedar.py.
        .executableTarget(
            name: "CedarDifferential", dependencies: ["CedarPolicy", "Codecs"],
            path: "Tests/Interop/CedarDifferential", swiftSettings: strict + optimised, linkerSettings: linker),
        // They start the program as it was built, so it is built with them.
        tests("SystemTests", ["TestSupport", "OneTimePassword", "salus"], reads: true),
        tests("CommandTests", ["TestSupport", "salus"], exclude: ["Scripts"]),
    ],
    swiftLanguageModes: [.v6]
)
