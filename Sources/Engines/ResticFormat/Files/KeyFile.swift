// SPDX-License-Identifier: Apache-2.0

import CRestic
import Codecs

/// The keys of a repository sealed under a password (restic design, "Keys, Encryption and MAC"): plain JSON, named by
/// its SHA-256. Whoever takes a key file away does not take back what its owner has copied: changing who can read
/// means copying into a new repository.
public struct KeyFile: Equatable, Sendable {
    /// When it was made.
    public let created: Timestamp
    /// Who made it.
    public let username: String
    /// On which machine.
    public let hostname: String
    /// How much work it is to try a password.
    public let scrypt: ScryptParameters
    /// 64 random bytes that make the same password another key elsewhere.
    public let salt: [UInt8]
    /// The repository's keys, sealed.
    let sealed: [UInt8]

    /// How long a key file may be; restic's have some 450 bytes.
    static let limit = 65_536

    /// Seals `master` under `password`, which is used as the bytes that it is: no form of Unicode is preferred.
    ///
    /// - Throws: `unavailable`.
    public init(
        _ master: MasterKey, password: [UInt8], created: Timestamp, username: String, hostname: String,
        scrypt: ScryptParameters = .standard, using generator: inout some RandomNumberGenerator,
        by workers: Workers = .one
    ) throws(FormatError) {
        let salt = (0..<64).map { _ in UInt8.random(in: 0...255, using: &generator) }
        var sealed: [UInt8] = []
        let own = try Sealer(scrypt.stretch(password, salt: salt, by: workers))
        try own.seal(master.json().span, using: &generator, into: &sealed)
        (self.created, self.username, self.hostname) = (created, username, hostname)
        (self.scrypt, self.salt, self.sealed) = (scrypt, salt, sealed)
    }

    /// The repository's keys.
    ///
    /// - Throws: `unauthenticated` when the password is another one (or the file is damaged, which its name tells),
    ///   `malformed`, `unavailable`.
    public func open(password: [UInt8], by workers: Workers = .one) throws(FormatError) -> MasterKey {
        let own = try Sealer(scrypt.stretch(password, salt: salt, by: workers))
        return try MasterKey.parse(own.open(sealed, part: .key))
    }

    /// The file.
    public func json() -> [UInt8] {
        var object = GoJSONObject()
        object.add("created", created)
        object.add("username", username)
        object.add("hostname", hostname)
        object.add("kdf", "scrypt")
        object.add("N", scrypt.cost)
        object.add("r", scrypt.blockSize)
        object.add("p", scrypt.parallelism)
        object.add("salt", base64: salt)
        object.add("data", base64: sealed)
        return object.finish()
    }

    /// - Throws: `tooLarge`, `malformed`, `unsupportedDerivation`.
    public static func parse(_ json: [UInt8]) throws(FormatError) -> KeyFile {
        guard json.count <= limit else { throw .tooLarge(.key, limit: limit) }
        return try KeyFile(FileReader(json, part: .key))
    }

    private init(_ reader: FileReader) throws(FormatError) {
        guard try reader.text("kdf") == "scrypt", let cost = try reader.number("N", as: Int.self),
            let blockSize = try reader.number("r", as: Int.self),
            let parallelism = try reader.number("p", as: Int.self),
            let scrypt = ScryptParameters(cost: cost, blockSize: blockSize, parallelism: parallelism)
        else { throw .unsupportedDerivation }
        guard let salt = try reader.base64("salt"), salt.count == 64 else { throw reader.wrong("salt") }
        guard let sealed = try reader.base64("data"), sealed.count > Sealer.overhead else { throw reader.wrong("data") }
        created = try reader.time("created") ?? Timestamp(seconds: 0)
        username = try reader.text("username") ?? ""
        hostname = try reader.text("hostname") ?? ""
        (self.scrypt, self.salt, self.sealed) = (scrypt, salt, sealed)
    }
}

/// How much work it is to stretch a password (RFC 7914).
public struct ScryptParameters: Equatable, Sendable {
    /// N: a power of two.
    public let cost: Int
    /// r
    public let blockSize: Int
    /// p
    public let parallelism: Int

    /// 32 MiB eight times over, about what restic settles on for a machine of today.
    public static let standard = ScryptParameters(checkedCost: 32_768, blockSize: 8, parallelism: 8)

    /// Nil for what scrypt does not know, and for more than a quarter of a gigabyte of memory or sixteen times the
    /// work of ``standard``: a key file from outside must not be able to stop the program.
    public init?(cost: Int, blockSize: Int, parallelism: Int) {
        guard 2...(1 << 24) ~= cost, cost & (cost - 1) == 0, 1...256 ~= blockSize, 1...4_096 ~= parallelism,
            cost * blockSize <= 1 << 21, cost * blockSize * parallelism <= 1 << 25
        else { return nil }
        self.init(checkedCost: cost, blockSize: blockSize, parallelism: parallelism)
    }

    private init(checkedCost: Int, blockSize: Int, parallelism: Int) {
        (cost, self.blockSize, self.parallelism) = (checkedCost, blockSize, parallelism)
    }

    /// The keys that a password stretches to.
    ///
    /// - Throws: `unavailable` when there is no memory.
    func stretch(_ password: [UInt8], salt: [UInt8], by workers: Workers) throws(FormatError) -> MasterKey {
        var bytes = try Scrypt.derive(password, salt: salt, self, count: MasterKey.byteCount, by: workers)
        defer {
            var span = bytes.mutableSpan
            unsafe span.withUnsafeMutableBytes { unsafe crestic_wipe($0.baseAddress, $0.count) }
        }
        guard let key = MasterKey(bytes) else { throw .unavailable("scrypt") }
        return key
    }
}
