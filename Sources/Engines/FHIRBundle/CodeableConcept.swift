// SPDX-License-Identifier: Apache-2.0

import Codecs

/// A FHIR CodeableConcept (R4 section 2.24.0.6): a meaning in words and in codes.
public struct CodeableConcept: Sendable {
    /// The words that the author chose.
    public let text: String?
    /// The codes.
    public let codings: [Coding]

    /// One code.
    public struct Coding: Sendable {
        /// The code system's address.
        public let system: String?
        /// The code.
        public let code: String?
        /// The code's words.
        public let display: String?
    }

    /// Reads a CodeableConcept element, or a lone Coding.
    public init(_ element: JSONNode) {
        text = element["text"]?.string
        let codings = element["coding"]?.elements.map(Self.coding) ?? []
        self.codings = codings.isEmpty && element["code"] != nil ? [Self.coding(element)] : codings
    }

    /// What to show: the text, else the first coding's display, else the first code.
    public var display: String? {
        let words = [text] + codings.map(\.display) + codings.map(\.code)
        return words.compactMap { $0 }.first { !$0.isEmpty }
    }

    private static func coding(_ element: JSONNode) -> Coding {
        Coding(
            system: element["system"]?.string, code: element["code"]?.string, display: element["display"]?.string)
    }
}
