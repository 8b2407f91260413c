// SPDX-License-Identifier: Apache-2.0

/// The inside of a sealed file that stands alone: JSON, which version 2 compresses behind a byte 2 (restic design,
/// "Unpacked Data Format").
public enum UnpackedFile {
    /// The most that such a file may hold: an index of restic's is below 8 MiB.
    public static let limit = 256 << 20

    /// The bytes to seal for `json`.
    ///
    /// - Throws: `unavailable`.
    static func encode(
        _ json: [UInt8], version: RepositoryVersion, _ compressor: borrowing Compressor
    ) throws(FormatError) -> [UInt8] {
        guard version == .two else { return json }
        var bytes: [UInt8] = [2]
        try compressor.compress(json.span, into: &bytes)
        return bytes
    }

    /// The JSON inside, of either version.
    ///
    /// - Throws: `tooShort`, `malformed`, `uncompressible`, `tooLarge`.
    static func decode(
        _ bytes: [UInt8], part: FormatError.Part, _ decompressor: borrowing Decompressor
    ) throws(FormatError) -> [UInt8] {
        switch bytes.first {
        case nil: throw .tooShort(part)
        case UInt8(ascii: "{"), UInt8(ascii: "["): return bytes
        case 2: return try decompressor.decompress(bytes.span.extracting(1...), limit: limit, part: part)
        default: throw .malformed(part, "it is neither JSON nor compressed")
        }
    }
}

/// Seals and opens the files of a repository that stand alone. One for each thread.
public struct FileSealer: ~Copyable {
    private let sealer: Sealer
    private let compressor: Compressor
    private let decompressor: Decompressor
    private let version: RepositoryVersion

    /// - Throws: `unavailable`.
    public init(_ key: MasterKey, version: RepositoryVersion) throws(FormatError) {
        let sealer = try Sealer(key)
        let compressor = try Compressor()
        let decompressor = try Decompressor()
        self.decompressor = decompressor
        self.sealer = sealer
        self.compressor = compressor
        self.version = version
    }

    /// What to store for `json`, and under which name.
    ///
    /// - Throws: `unavailable`.
    public func seal(
        _ json: [UInt8], using generator: inout some RandomNumberGenerator
    ) throws(FormatError) -> (id: ObjectID, bytes: [UInt8]) {
        let content = try UnpackedFile.encode(json, version: version, compressor)
        var bytes: [UInt8] = []
        try sealer.seal(content.span, using: &generator, into: &bytes)
        return (ObjectID(hashing: bytes), bytes)
    }

    /// The JSON in a stored file, whose name is held against its content.
    ///
    /// - Throws: `wrongHash` and what opening throws.
    public func open(_ bytes: [UInt8], id: ObjectID, part: FormatError.Part) throws(FormatError) -> [UInt8] {
        guard ObjectID(hashing: bytes) == id else { throw .wrongHash(part) }
        return try UnpackedFile.decode(sealer.open(bytes, part: part), part: part, decompressor)
    }

    /// What to store as `config`, which is never compressed and has no name.
    public func seal(
        _ config: RepositoryConfig, using generator: inout some RandomNumberGenerator
    ) throws(FormatError) -> [UInt8] {
        var bytes: [UInt8] = []
        try sealer.seal(config.json().span, using: &generator, into: &bytes)
        return bytes
    }

    /// - Throws: what opening and ``RepositoryConfig/parse(_:)`` throw.
    public func openConfig(_ bytes: [UInt8]) throws(FormatError) -> RepositoryConfig {
        try RepositoryConfig.parse(sealer.open(bytes, part: .config))
    }
}
