// SPDX-License-Identifier: Apache-2.0

import Codecs
import FHIRBundle

/// What a record says about the files (FHIR `Binary`) that belong to it, by keyed hashes: a file has no class and often no
/// patient of its own, so it takes those of the records that point at it.
struct FilePointers: Sendable, Equatable {
    /// The files that the record points at.
    var targets: Set<[UInt8]> = []
    /// What a `urn:` may mean that could as well be anything else.
    var guesses: Set<[UInt8]> = []
    /// Of a file: the record whose rules it says that it follows (`securityContext`), under each hash that it may have.
    var contexts: Set<[UInt8]> = []

    /// The resource type of a file.
    static let type = "Binary"
    /// In place of a `securityContext` that cannot be followed: no record has this hash.
    static let nowhere: [UInt8] = []
}

/// What the entries of one imported file are called in it, by the bytes of the name.
struct EntryNames: Sendable {
    private var lookups: [[UInt8]: (lookup: [UInt8], isFile: Bool)] = [:]

    /// Adds an entry; a file takes precedence, so that nothing that points at one is missed.
    mutating func add(_ entry: BundleEntry, _ lookup: [UInt8]?) {
        guard let lookup else { return }
        let isFile = entry.resourceType.utf8.elementsEqual(FilePointers.type.utf8)
        for name in [entry.fullURL, entry.id.map { "urn:uuid:\($0)" }].compactMap({ $0 }) {
            if !isFile, lookups[Array(name.utf8)]?.isFile ?? false { continue }
            lookups[Array(name.utf8)] = (lookup, isFile)
        }
    }

    subscript(_ name: [UInt8]) -> (lookup: [UInt8], isFile: Bool)? { lookups[name] }
}

/// Finds what records say about files.
struct FilePointerReader: Sendable {
    let index: IndexKey
    /// The other entries of the file that is taken in; none for a record that is in the store.
    var names = EntryNames()

    /// Where an Attachment, or an extension, says where a file is.
    private static let addresses = ["url", "uri", "valueUrl", "valueUri"]
    /// The types that a `urn:` in a `securityContext` is looked for in.
    private static let contextTypes = [
        "Patient", "DocumentReference", "DiagnosticReport", "Media", "Composition", "Encounter", "Observation",
        "Communication", "Consent", "QuestionnaireResponse",
    ]

    /// What a resource of this type says.
    func read(_ root: JSONNode, type: String) -> FilePointers {
        var found = FilePointers()
        if type.utf8.elementsEqual(FilePointers.type.utf8) {
            found.contexts = contexts(root)
            return found
        }
        for address in Self.addresses.flatMap({ root.values(named: $0) }) {
            if let text = address.utf8 { found.targets.formUnion(targets(text)) }
        }
        for reference in root.values(named: "reference") {
            guard let text = reference.utf8 else { continue }
            if names[text] == nil, Self.isName(text) {
                found.guesses.formUnion(targets(text))
            } else {
                found.targets.formUnion(targets(text))
            }
        }
        return found
    }

    /// The files that a text may point at; none for one that is no address of a file.
    func targets(_ text: [UInt8]) -> [[UInt8]] {
        if let known = names[text] { return known.isFile ? [known.lookup] : [] }
        let whole = String(decoding: text, as: UTF8.self)
        if Self.isName(text) {
            return ReferenceNames.urnNames(whole).map { index.lookup(type: FilePointers.type, id: $0) }
        }
        // `Binary/7`, also behind an address, and before a version, a query or a page number.
        let parts = text.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard let place = parts.lastIndex(where: { $0.elementsEqual(FilePointers.type.utf8) }), place + 1 < parts.count
        else { return [] }
        let id = parts[place + 1].prefix { byte in
            UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
        }
        let name = String(decoding: id, as: UTF8.self)
        // One without an id is kept under its whole address.
        let names = parts.count == 2 && parts[1].elementsEqual(id) ? [name] : [name, whole]
        return names.map { index.lookup(type: FilePointers.type, id: $0) }
    }

    private static func isName(_ text: [UInt8]) -> Bool { text.starts(with: "urn:".utf8) }

    private func contexts(_ file: JSONNode) -> Set<[UInt8]> {
        guard let context = file["securityContext"] else { return [] }
        guard let text = context["reference"]?.string else { return [FilePointers.nowhere] }
        if let known = names[Array(text.utf8)] { return [known.lookup] }
        switch Reference(text).target {
        case .resource(let type, let id): return [index.lookup(type: type, id: id)]
        case .urn:
            return Set(
                ReferenceNames.urnNames(text).flatMap { name in
                    Self.contextTypes.map { index.lookup(type: $0, id: name) }
                })
        case .contained, .conditional, .other: return [FilePointers.nowhere]
        }
    }
}
