// SPDX-License-Identifier: Apache-2.0

import Codecs
import Kernel
import Ledger
import Store

/// A code on paper that stands in for the telephone, once: ten characters that cannot be taken for each other.
struct RecoveryCode: Sendable, Equatable {
    /// How many a person gets.
    static let count = 10

    private static let alphabet = Array("23456789ABCDEFGHJKMNPQRSTUVWXYZ".utf8)
    private static let length = 10

    private let characters: [UInt8]

    /// A new code.
    static func make() -> RecoveryCode {
        RecoveryCode(characters: (0..<length).map { _ in alphabet[Int.random(in: alphabet.indices)] })
    }

    private init(characters: [UInt8]) {
        self.characters = characters
    }

    /// A code as a person typed it, in either case, with blanks or hyphens anywhere; nil for anything else.
    init?(_ typed: String) {
        guard typed.utf8.count <= 40 else { return nil }
        let bytes = typed.uppercased().utf8.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "-") }
        guard bytes.count == Self.length, bytes.allSatisfy(Self.alphabet.contains) else { return nil }
        characters = bytes
    }

    /// The code as it is shown: `K7QWX-2MPRT`.
    var text: String {
        let text = String(decoding: characters, as: UTF8.self)
        return "\(text.prefix(5))-\(text.suffix(5))"
    }

    /// What is stored in its place: a keyed hash that belongs to one person.
    func hash(of person: Identifier<Person>, _ registry: Registry) -> [UInt8] {
        registry.keyedName("recovery-code", [person.bytes, characters])
    }
}

extension Transaction {
    /// Makes ten new codes for `person`; earlier ones die.
    func makeRecoveryCodes(
        for person: Identifier<Person>, _ registry: Registry, by actor: EntityReference
    ) throws -> [RecoveryCode] {
        try execute("DELETE FROM identity_recovery_codes WHERE person = ?", [.bytes(person.bytes)])
        var codes: [RecoveryCode] = []
        while codes.count < RecoveryCode.count {
            let code = RecoveryCode.make()
            if codes.contains(code) { continue }
            codes.append(code)
            try execute(
                "INSERT INTO identity_recovery_codes (person, hash, used) VALUES (?, ?, NULL)",
                [.bytes(person.bytes), .bytes(code.hash(of: person, registry))])
        }
        try record(
            Fact(
                IdentityFacts.recoveryCodesMade, by: actor,
                [.init("person", .string(person.description)), .init("count", .integer(Int64(codes.count)))]))
        return codes
    }

    /// Uses up `code`.
    ///
    /// - Returns: whether it is one of the person's and was not used before.
    func use(_ code: RecoveryCode, of person: Identifier<Person>, _ registry: Registry) throws -> Bool {
        try execute(
            "UPDATE identity_recovery_codes SET used = ? WHERE person = ? AND hash = ? AND used IS NULL",
            [.integer(now.microseconds), .bytes(person.bytes), .bytes(code.hash(of: person, registry))]) == 1
    }
}

extension ReadTransaction {
    /// How many recovery codes of `person` are left.
    func recoveryCodesLeft(of person: Identifier<Person>) throws -> Int64 {
        try row(
            "SELECT count(*) FROM identity_recovery_codes WHERE person = ? AND used IS NULL", [.bytes(person.bytes)]
        )?.integer(0) ?? 0
    }
}
