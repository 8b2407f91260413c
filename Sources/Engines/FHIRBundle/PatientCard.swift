// SPDX-License-Identifier: Apache-2.0

import Codecs

/// What a search card and the head of a chart show of a Patient resource.
public struct PatientCard: Sendable {
    /// The family name.
    public let family: String?
    /// The given names in their order.
    public let given: [String]
    /// What stands before the name, `Dr.`.
    public let prefixes: [String]
    /// What stands after it, `Jr.`.
    public let suffixes: [String]
    /// The name as one text, if the source has it so.
    public let nameText: String?
    /// As exact as it is known: `1980`, `1980-05` or `1980-05-31`; nil when missing or malformed.
    public let birthDate: PartialDate?
    /// `male`, `female`, `other` or `unknown`, as it is written.
    public let gender: String?
    /// Record numbers and others.
    public let identifiers: [Identifier]
    /// Telephone numbers and other ways to reach the patient.
    public let telecom: [Telecom]
    /// The address to show, line by line.
    public let address: [String]
    /// Whether the patient is said to be dead.
    public let isDeceased: Bool
    /// When the patient died, as it is written, if that is known.
    public let deceasedAt: String?

    /// A number that somebody gave the patient.
    public struct Identifier: Sendable {
        /// Who gave it.
        public let system: String?
        /// The number.
        public let value: String
        /// What kind of number, `MR` or `SS` (code system v2-0203).
        public let typeCode: String?
        /// The kind in words.
        public let typeText: String?
    }

    /// A telephone number, mail address or the like.
    public struct Telecom: Sendable {
        /// `phone`, `email`, …
        public let system: String?
        /// The number or address.
        public let value: String
        /// `home`, `work`, `mobile`, …
        public let use: String?
    }

    /// The name to show: family name first, else the source's own text, else nothing.
    public var displayName: String {
        let names = [family, given.isEmpty ? nil : given.joined(separator: " ")].compactMap { $0 }
        return names.isEmpty ? nameText ?? "" : names.joined(separator: ", ")
    }
}

extension PatientCard {
    /// Reads a Patient resource. Whatever is missing or of another form than R4 says is left out.
    public static func extract(_ patient: JSONNode) -> PatientCard {
        let name = preferred(patient["name"], uses: ["official", "usual"], not: ["old", "maiden"])
        return PatientCard(
            family: name?["family"]?.string, given: texts(name?["given"]), prefixes: texts(name?["prefix"]),
            suffixes: texts(name?["suffix"]), nameText: name?["text"]?.string,
            birthDate: patient["birthDate"]?.string.flatMap { PartialDate($0) },
            gender: patient["gender"]?.string, identifiers: items(patient["identifier"], identifier),
            telecom: items(patient["telecom"], telecom), address: address(patient),
            isDeceased: patient["deceasedBoolean"]?.bool ?? (patient["deceasedDateTime"] != nil),
            deceasedAt: patient["deceasedDateTime"]?.string)
    }

    /// Reads the bytes of a Patient resource; nil when they are no JSON.
    public static func extract(bytes: [UInt8]) -> PatientCard? {
        (try? JSONDocument.parse(bytes)).map { extract($0.root) }
    }

    private static func items<Item>(_ list: JSONNode?, _ read: (JSONNode) -> Item?) -> [Item] {
        list?.elements.compactMap(read) ?? []
    }

    private static func texts(_ list: JSONNode?) -> [String] {
        items(list, \.string)
    }

    /// The item with the best `use`; one of the last uses only when there is no other.
    private static func preferred(_ list: JSONNode?, uses: [String], not last: [String]) -> JSONNode? {
        let all = items(list) { $0 }
        for use in uses {
            if let item = all.first(where: { $0["use"]?.means(use) ?? false }) { return item }
        }
        return all.first { item in !last.contains { item["use"]?.means($0) ?? false } } ?? all.first
    }

    private static func identifier(_ element: JSONNode) -> Identifier? {
        guard let value = element["value"]?.string else { return nil }
        let type = element["type"].map { CodeableConcept($0) }
        return Identifier(
            system: element["system"]?.string, value: value, typeCode: type?.codings.first?.code,
            typeText: type?.display)
    }

    private static func telecom(_ element: JSONNode) -> Telecom? {
        guard let value = element["value"]?.string else { return nil }
        return Telecom(system: element["system"]?.string, value: value, use: element["use"]?.string)
    }

    private static func address(_ patient: JSONNode) -> [String] {
        guard let address = preferred(patient["address"], uses: ["home"], not: ["old", "temp"]) else { return [] }
        let town = [address["postalCode"], address["city"], address["state"]].compactMap { $0?.string }
        let rest = [town.isEmpty ? nil : town.joined(separator: " "), address["country"]?.string]
        let lines = texts(address["line"]) + rest.compactMap { $0 }
        return lines.isEmpty ? [address["text"]?.string].compactMap { $0 } : lines
    }
}
