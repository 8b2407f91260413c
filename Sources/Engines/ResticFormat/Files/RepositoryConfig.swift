// SPDX-License-Identifier: Apache-2.0

import Codecs

/// What holds for a whole repository (restic design, "Repository Layout": `config`).
public struct RepositoryConfig: Equatable, Sendable {
    /// The form of everything else.
    public let version: RepositoryVersion
    /// 32 random bytes by which the repository is known.
    public let id: ObjectID
    /// Where files are cut.
    public let polynomial: Polynomial

    /// A config of these parts.
    public init(version: RepositoryVersion, id: ObjectID, polynomial: Polynomial) {
        (self.version, self.id, self.polynomial) = (version, id, polynomial)
    }

    /// A new repository's, of version 2.
    public init(using generator: inout some RandomNumberGenerator) {
        let bytes = (0..<ObjectID.byteCount).map { _ in UInt8.random(in: 0...255, using: &generator) }
        self.init(version: .two, id: ObjectID(bytes) ?? .zero, polynomial: Polynomial(using: &generator))
    }

    func json() -> [UInt8] {
        var object = GoJSONObject()
        object.add("version", version.rawValue)
        object.add("id", id)
        object.add("chunker_polynomial", polynomial.hex)
        return object.finish()
    }

    /// Reads the opened file; members that it does not know are left aside.
    ///
    /// - Throws: `malformed`, `unsupportedVersion`.
    static func parse(_ json: [UInt8]) throws(FormatError) -> RepositoryConfig {
        let root = try FileReader.root(of: json, part: .config)
        guard let number = root["version"]?.integer else { throw .malformed(.config, "it has no version") }
        guard let version = RepositoryVersion(rawValue: Int(number)) else {
            throw .unsupportedVersion(Int(number))
        }
        guard let id = root["id"]?.utf8.flatMap({ ObjectID(hex: $0) }) else {
            throw .malformed(.config, "it has no id")
        }
        guard let polynomial = root["chunker_polynomial"]?.string.flatMap({ Polynomial(hex: $0) }) else {
            throw .malformed(.config, "its polynomial is not irreducible, or not of degree 53")
        }
        return RepositoryConfig(version: version, id: id, polynomial: polynomial)
    }
}
