// SPDX-License-Identifier: Apache-2.0

import Codecs

/// Reads members of the JSON of opened files. What is there but of another form is an error, as it is to restic.
struct FileReader {
    let node: JSONNode
    let part: FormatError.Part

    static func root(of json: [UInt8], part: FormatError.Part) throws(FormatError) -> JSONNode {
        let root: JSONNode
        do {
            root = try JSONDocument.parse(json, limits: JSONLimits(bytes: UnpackedFile.limit, depth: 32)).root
        } catch {
            throw .malformed(part, "it is no JSON: \(error.reason)")
        }
        guard root.kind == .object else { throw .malformed(part, "it is no object") }
        return root
    }

    init(_ json: [UInt8], part: FormatError.Part) throws(FormatError) {
        node = try Self.root(of: json, part: part)
        self.part = part
    }

    init(_ node: JSONNode, part: FormatError.Part) {
        (self.node, self.part) = (node, part)
    }

    /// The value of a member that was found with the wrong form.
    func wrong(_ name: String) -> FormatError {
        .malformed(part, "`\(name)` has the wrong form")
    }

    private func value<Value>(_ name: String, _ read: (JSONNode) -> Value?) throws(FormatError) -> Value? {
        guard let member = node[name], !member.isNull else { return nil }
        guard let value = read(member) else { throw wrong(name) }
        return value
    }

    func text(_ name: String) throws(FormatError) -> String? {
        try value(name) { $0.string }
    }

    func bool(_ name: String) throws(FormatError) -> Bool? {
        try value(name) { $0.bool }
    }

    func number<Number: FixedWidthInteger>(_ name: String, as type: Number.Type) throws(FormatError) -> Number? {
        try value(name) { $0.numberText.flatMap { Number($0) } }
    }

    func id(_ name: String) throws(FormatError) -> ObjectID? {
        try value(name) { $0.utf8.flatMap { ObjectID(hex: $0) } }
    }

    func time(_ name: String) throws(FormatError) -> Timestamp? {
        try value(name) { $0.utf8.flatMap { Timestamp($0) } }
    }

    func base64(_ name: String) throws(FormatError) -> [UInt8]? {
        try value(name) { $0.string.flatMap { Base64.decode($0) } }
    }

    func texts(_ name: String) throws(FormatError) -> [String] {
        guard let member = node[name], !member.isNull else { return [] }
        var texts: [String] = []
        for element in member.elements {
            guard let text = element.string else { throw wrong(name) }
            texts.append(text)
        }
        guard member.kind == .array else { throw wrong(name) }
        return texts
    }

    func object(_ name: String) throws(FormatError) -> FileReader? {
        try value(name) { $0.kind == .object ? FileReader($0, part: part) : nil }
    }
}
