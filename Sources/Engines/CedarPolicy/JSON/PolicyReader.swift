// SPDX-License-Identifier: Apache-2.0

import Codecs

/// Reads policies from JSON (Cedar reference, "JSON policy format") under the invariants that the text parser keeps.
struct PolicyReader {
    private let lines: LineIndex
    let limits: SyntaxLimits
    /// How many expressions are open around the present one.
    var depth = 0

    private init(_ bytes: [UInt8], limits: SyntaxLimits) {
        lines = LineIndex(bytes)
        self.limits = limits
    }

    /// Reads the whole of a JSON text. Names that stand twice in an object are refused.
    static func read<Result>(
        _ bytes: [UInt8], limits: SyntaxLimits,
        _ body: (inout PolicyReader, JSONNode) throws(SyntaxError) -> Result
    ) throws(SyntaxError) -> Result {
        guard bytes.count <= limits.bytes else {
            throw SyntaxError(reason: .tooLarge(limit: limits.bytes), position: Position(line: 1, column: 1))
        }
        let document: JSONDocument
        do {
            // An expression takes two levels of JSON for each of its own; the rest is what lies around it.
            document = try JSONDocument.parse(
                bytes, limits: JSONLimits(bytes: limits.bytes, depth: 2 * limits.height + 8))
        } catch {
            throw SyntaxError(
                reason: .malformedJSON(error.reason.description),
                position: Position(line: error.line, column: error.column))
        }
        var reader = PolicyReader(bytes, limits: limits)
        return try body(&reader, document.root)
    }

    func position(_ node: JSONNode) -> Position {
        lines.position(of: node.byteRange.lowerBound)
    }

    func failure(_ reason: SyntaxError.Reason, at node: JSONNode) -> SyntaxError {
        SyntaxError(reason: reason, position: position(node))
    }

    func expected(_ what: String, at node: JSONNode) -> SyntaxError {
        failure(.expected(what, found: Self.describe(node)), at: node)
    }

    /// What an error calls a value: short ones by themselves.
    private static func describe(_ node: JSONNode) -> String {
        switch node.kind {
        case .object: "an object"
        case .array: "an array"
        case .string, .number, .boolean, .null:
            node.byteRange.count <= 80 ? "`\(String(decoding: node.sourceBytes, as: UTF8.self))`" : "something longer"
        }
    }
}

// Members.
extension PolicyReader {
    /// Refuses what is no object of these members, of which those in `optional` may be absent.
    func check(_ node: JSONNode, _ required: [String], optional: [String] = []) throws(SyntaxError) {
        guard node.kind == .object else { throw expected("an object", at: node) }
        for (name, content) in node.members {
            let isKnown = (required + optional).contains { $0.utf8.elementsEqual(name.utf8) }
            guard isKnown else { throw failure(.unknownMember(name), at: content) }
        }
        for name in required where node[name] == nil { throw failure(.missingMember(name), at: node) }
    }

    /// A member that must be there.
    func member(_ name: String, of node: JSONNode) throws(SyntaxError) -> JSONNode {
        guard node.kind == .object else { throw expected("an object", at: node) }
        guard let member = node[name] else { throw failure(.missingMember(name), at: node) }
        return member
    }

    func text(_ node: JSONNode) throws(SyntaxError) -> Text {
        guard let utf8 = node.utf8 else { throw expected("a string", at: node) }
        return Text(valid: utf8)
    }

    func elements(_ node: JSONNode) throws(SyntaxError) -> JSONElements {
        guard node.kind == .array else { throw expected("an array", at: node) }
        return node.elements
    }

    func typeName(_ node: JSONNode) throws(SyntaxError) -> TypeName {
        let text = try text(node)
        guard let type = TypeName(text) else { throw failure(.invalidType(text.string), at: node) }
        return type
    }

    /// `{"type": …, "id": …}`, around which an `__entity` may stand where nothing but an entity can.
    func entity(_ node: JSONNode) throws(SyntaxError) -> EntityUID {
        if let inner = node["__entity"] {
            try check(node, ["__entity"])
            return try uid(inner)
        }
        return try uid(node)
    }

    private func uid(_ node: JSONNode) throws(SyntaxError) -> EntityUID {
        try check(node, ["type", "id"])
        return EntityUID(type: try typeName(member("type", of: node)), id: try text(member("id", of: node)))
    }
}
