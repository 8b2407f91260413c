// SPDX-License-Identifier: Apache-2.0

import Codecs

/// A FHIR reference (R4 section 2.3), taken apart.
public struct Reference: Sendable {
    /// The text as it is written.
    public let text: String
    /// What it points at.
    public let target: Target

    /// The ways to point at something.
    public enum Target: Sendable {
        /// `Patient/7`, or an address that ends so; a version is left out.
        case resource(type: String, id: String)
        /// `urn:uuid:…` or `urn:oid:…`: an entry of the same Bundle.
        case urn
        /// `#…`: inside the same resource.
        case contained
        /// `Patient?identifier=…`: whatever the search finds.
        case conditional(type: String, query: String)
        /// Anything else.
        case other
    }

    /// Takes a reference's text apart; every text is some reference.
    public init(_ text: String) {
        self.text = text
        self.target = Self.target(text)
    }

    /// The `reference` of a Reference element; nil when it has none.
    public init?(element: JSONNode) {
        guard let text = element["reference"]?.string else { return nil }
        self.init(text)
    }

    private static func target(_ text: String) -> Target {
        let bytes = text.utf8
        if bytes.first == UInt8(ascii: "#") { return .contained }
        if bytes.starts(with: "urn:".utf8) { return .urn }
        if let mark = bytes.firstIndex(of: UInt8(ascii: "?")) {
            let type = lastPart(text[..<mark])
            let query = String(text[bytes.index(after: mark)...])
            return FHIRText.isTypeName(type) ? .conditional(type: String(type), query: query) : .other
        }
        return resource(text)
    }

    private static func lastPart(_ text: Substring) -> Substring {
        guard let slash = text.utf8.lastIndex(of: UInt8(ascii: "/")) else { return text }
        return text[text.utf8.index(after: slash)...]
    }

    private static func resource(_ text: String) -> Target {
        var parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        if parts.count >= 4, parts[parts.count - 2].utf8.elementsEqual("_history".utf8) {
            parts.removeLast(2)
        }
        guard parts.count >= 2, let id = parts.last, FHIRText.isID(id), FHIRText.isTypeName(parts[parts.count - 2])
        else { return .other }
        return .resource(type: parts[parts.count - 2], id: id)
    }
}
