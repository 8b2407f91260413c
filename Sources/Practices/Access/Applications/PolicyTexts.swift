// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Kernel
import Keyring

/// What an application brings: a schema and policies in the Cedar syntax, and entities as JSON.
struct PolicyTexts: Sendable {
    var schema: [UInt8]
    var policies: [UInt8]
    var entities: [UInt8]

    /// The three texts, as commands and messages name them.
    enum Part: String, Sendable, CaseIterable {
        case schema
        case policies
        case entities

        /// The longest text in bytes.
        var limit: Int {
            switch self {
            case .schema, .policies: 4 << 20
            case .entities: 64 << 20
            }
        }
    }

    subscript(part: Part) -> [UInt8] {
        get {
            switch part {
            case .schema: schema
            case .policies: policies
            case .entities: entities
            }
        }
        set {
            switch part {
            case .schema: schema = newValue
            case .policies: policies = newValue
            case .entities: entities = newValue
            }
        }
    }
}

// What a clinic knows of its things may be about patients, so the texts lie in the store sealed.
extension PolicyTexts {
    /// The texts of a version of an application's rules, sealed.
    func sealed(with key: OpenKey, _ id: Identifier<Application>, version: Int64) throws -> PolicyTexts {
        try mapped { part, text in try key.seal(text, Self.context(part, id, version)) }
    }

    /// What `sealed` made, opened.
    func opened(with key: OpenKey, _ id: Identifier<Application>, version: Int64) throws -> PolicyTexts {
        try mapped { part, text in try key.open(text, Self.context(part, id, version)) }
    }

    private func mapped(_ change: (Part, [UInt8]) throws -> [UInt8]) rethrows -> PolicyTexts {
        var copy = self
        for part in Part.allCases { copy[part] = try change(part, self[part]) }
        return copy
    }

    private static func context(_ part: Part, _ id: Identifier<Application>, _ version: Int64) -> SealingContext {
        SealingContext(kind: "application-\(part.rawValue)", id: id.bytes, version: version)
    }
}

/// Something wrong in one of the texts, and where.
struct PolicyTextError: Error, Sendable {
    let part: PolicyTexts.Part
    /// What is wrong, in the engine's words.
    let reason: String
    /// The line and the byte's place within it, both counted from 1.
    let line: Int
    let column: Int

    /// Something wrong at a place; with the text as a whole where none is named.
    init(_ part: PolicyTexts.Part, _ reason: some CustomStringConvertible, at position: Position? = nil) {
        self.part = part
        self.reason = "\(reason)"
        line = position?.line ?? 1
        column = position?.column ?? 1
    }

    /// The same for somebody who has no file before them.
    var fault: Fault {
        Fault(.invalidInput, "The \(part.rawValue) cannot be taken in: \(reason) at line \(line), column \(column).")
    }
}
