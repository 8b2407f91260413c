// SPDX-License-Identifier: Apache-2.0

import Codecs

/// Which elements a reader does not get, as the rules say it: element paths, and the word `dates`.
///
/// - `Patient.telecom` is that element of a Patient, with all that is inside it; a path may go deeper.
/// - `Observation.value` is also `valueQuantity` and every other type that the value can have.
/// - `Observation` is every record of that type.
/// - `*.note` is every element of that name, however deep, in every type.
/// - `dates` makes every date and time its year.
///
/// Where anything is masked or a protected class is hidden, no resource keeps its narrative: it says everything again in
/// words. What people write into notes and attachments is not looked through, so rules that hide a name have to mask those
/// too.
struct Masking: Sendable {
    /// Element names from the resource on; empty for a whole type.
    private var paths: [(type: [UInt8], elements: [[UInt8]])] = []
    /// Elements that are masked wherever they stand.
    private var anywhere: [[[UInt8]]] = []
    /// Whether dates become years.
    private(set) var cutsDates = false

    /// Nothing is masked.
    static let none = Masking([])

    /// The masking that these masks ask for.
    init(_ masks: some Sequence<String>) {
        for mask in masks {
            if mask.utf8.elementsEqual("dates".utf8) {
                cutsDates = true
                continue
            }
            let parts = mask.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: true).map(Array.init)
            guard let type = parts.first else { continue }
            if type != [UInt8(ascii: "*")] {
                paths.append((type, Array(parts.dropFirst())))
            } else if parts.count > 1 {
                anywhere.append(Array(parts.dropFirst()))
            }
        }
    }

    /// Whether everything is left as it is.
    var isEmpty: Bool { paths.isEmpty && anywhere.isEmpty && !cutsDates }

    /// Whether every record of a type is masked.
    func hides(type: String) -> Bool {
        paths.contains { $0.elements.isEmpty && $0.type.elementsEqual(type.utf8) }
    }

    /// Whether an element at the top of a type is masked, or any part of it.
    func touches(_ element: String, of type: String) -> Bool {
        hides(type: type)
            || (paths.lazy.filter { $0.type.elementsEqual(type.utf8) }.map(\.elements) + anywhere).contains { path in
                path.first.map { Self.names($0, Array(element.utf8)) || Self.names(Array(element.utf8), $0) } ?? false
            }
    }

    /// The types of which every record is masked, sorted.
    var hiddenTypes: [String] {
        paths.filter(\.elements.isEmpty).map { String(decoding: $0.type, as: UTF8.self) }.sorted()
    }

    /// What applies within a resource of a type: the paths from it on, and those that apply everywhere.
    func paths(of type: [UInt8]) -> [ArraySlice<[UInt8]>] {
        paths.filter { $0.type == type && !$0.elements.isEmpty }.map { $0.elements[...] }
    }

    /// The paths that begin at every object.
    var everywhere: [ArraySlice<[UInt8]>] { anywhere.map { $0[...] } }

    /// Whether a type's records tell nobody `element` (`name`, `identifier`); nil is a type that nobody knows.
    func touches(_ element: String, ofUnknown type: String?) -> Bool {
        if let type { return touches(element, of: type) }
        let name = Array(element.utf8)
        return paths.contains { $0.elements.first.map { $0 == name } ?? true } || anywhere.contains { $0.first == name }
    }

    /// Whether a member of an object is what a step of a path names: by its name, by the name of the element that holds
    /// what JSON cannot say of a primitive (`_birthDate`), or by one of the types of a choice (`valueQuantity`).
    static func names(_ step: [UInt8], _ member: [UInt8]) -> Bool {
        let member = member.first == UInt8(ascii: "_") ? Array(member.dropFirst()) : member
        let step = step.suffix(3) == Array("[x]".utf8) ? Array(step.dropLast(3)) : step
        guard member.starts(with: step) else { return false }
        let rest = member.dropFirst(step.count)
        return rest.isEmpty || choices.contains(Array(rest))
    }

    /// The types that an element `value[x]` can have in R4.
    private static let choices = Set(
        """
        Base64Binary Boolean Canonical Code Date DateTime Decimal Id Instant Integer Markdown Oid PositiveInt String \
        Time UnsignedInt Uri Url Uuid Address Age Annotation Attachment CodeableConcept Coding ContactPoint Count \
        Distance Duration HumanName Identifier Money Period Quantity Range Ratio Reference SampledData Signature \
        Timing ContactDetail Contributor DataRequirement Expression ParameterDefinition RelatedArtifact \
        TriggerDefinition UsageContext Dosage Meta
        """.split(separator: " ").map { Array($0.utf8) })
}

extension Masking {
    /// A resource without what is masked, as JSON on one line; nil when nothing of it may be seen.
    ///
    /// - Parameter concealment: how to tell what leads to records that the reader must not know of; nil for a reader of
    ///   all protected classes.
    func masked(_ resource: JSONNode, _ concealment: Concealment? = nil) -> [UInt8]? {
        var writer = MaskedWriter(masking: self, concealment: concealment)
        return writer.write(resource, [], top: true) ? writer.output : nil
    }
}
