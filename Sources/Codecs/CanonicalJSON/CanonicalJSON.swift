// SPDX-License-Identifier: Apache-2.0

extension CanonicalValue {
    /// The deepest nesting that is written.
    public static let deepestNesting = 64

    /// The canonical text as UTF-8: RFC 8785 sections 3.2.1 to 3.2.4, no white space.
    ///
    /// - Throws: `CanonicalError.duplicateName`, `.integerOutOfRange`, `.tooDeep`.
    public func encode() throws(CanonicalError) -> [UInt8] {
        var writer = CanonicalWriter()
        try writer.write(self, depth: 0)
        return writer.bytes
    }

    /// Appends the canonical text to `text`, as `encode` gives it.
    ///
    /// - Parameter depth: in how many objects and arrays the text stands already.
    /// - Throws: as `encode`; what was appended until then stays.
    public func append(to text: inout [UInt8], depth: Int = 0) throws(CanonicalError) {
        var writer = CanonicalWriter()
        swap(&writer.bytes, &text)
        defer { swap(&writer.bytes, &text) }
        try writer.write(self, depth: depth)
    }

    /// Reads a text and accepts it only if writing its value again gives the same bytes.
    ///
    /// - Throws: `CanonicalError.malformed`, `.unsupportedValue`, `.integerOutOfRange`, `.notCanonical`, `.tooDeep`.
    public static func decode(
        _ bytes: [UInt8], limits: JSONLimits = .standard
    ) throws(CanonicalError) -> CanonicalValue {
        let document: JSONDocument
        do {
            document = try JSONDocument.parse(bytes, limits: limits)
        } catch {
            throw .malformed(error)
        }
        let value = try CanonicalValue(lenient: document.root)
        let canonical = try value.encode()
        guard canonical == bytes else {
            let same = zip(canonical, bytes).prefix { $0 == $1 }.count
            throw .notCanonical(offset: same)
        }
        return value
    }

    /// The value of a node of any JSON text, canonical or not: what would be written for it.
    ///
    /// - Throws: `CanonicalError.unsupportedValue` for null and numbers that are not whole, `.integerOutOfRange`.
    public init(lenient node: JSONNode) throws(CanonicalError) {
        switch node.kind {
        case .object: self = .object(try Self.members(of: node))
        case .array: self = .array(try Self.elements(of: node))
        case .string: self = .string(node.string ?? "")
        case .boolean: self = .boolean(node.bool ?? false)
        case .number: self = .integer(try Self.integer(of: node))
        case .null: throw .unsupportedValue(offset: node.byteRange.lowerBound)
        }
    }

    private static func members(of node: JSONNode) throws(CanonicalError) -> [CanonicalMember] {
        var result: [CanonicalMember] = []
        for (name, value) in node.members {
            result.append(CanonicalMember(name, try CanonicalValue(lenient: value)))
        }
        return result
    }

    private static func elements(of node: JSONNode) throws(CanonicalError) -> [CanonicalValue] {
        var result: [CanonicalValue] = []
        for element in node.elements {
            result.append(try CanonicalValue(lenient: element))
        }
        return result
    }

    private static func integer(of node: JSONNode) throws(CanonicalError) -> Int64 {
        let isWhole = node.sourceBytes.allSatisfy { $0 == UInt8(ascii: "-") || UInt8(ascii: "0")...57 ~= $0 }
        guard isWhole else { throw .unsupportedValue(offset: node.byteRange.lowerBound) }
        guard let number = node.integer, number.magnitude <= CanonicalValue.largestInteger.magnitude else {
            throw .integerOutOfRange
        }
        return number
    }
}
