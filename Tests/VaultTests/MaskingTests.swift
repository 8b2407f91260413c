// SPDX-License-Identifier: Apache-2.0

import Codecs
import Kernel
import Testing

@testable import Vault

@Suite("Masking")
struct MaskingTests {
    private func masked(_ json: String, _ masks: [String], hiding: Set<String> = []) throws -> String? {
        let root = try JSONDocument.parse(json).root
        let concealment = Concealment(
            in: root, leadsToHidden: { hiding.contains($0) },
            isHidden: { $0["id"]?.string.map { hiding.contains("#\($0)") } ?? false })
        return Masking(masks).masked(root, hiding.isEmpty ? nil : concealment).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    @Test(arguments: [
        // The element with all that is in it, and what JSON cannot say of a primitive.
        (
            "Patient.birthDate",
            #"{"resourceType":"Patient","birthDate":"1980","_birthDate":{"extension":[{"valueDateTime":"1980"}]},"id":"1"}"#,
            #"{"resourceType":"Patient","id":"1"}"#
        ),
        (
            "Patient.name.given",
            #"{"resourceType":"Patient","name":[{"family":"A","given":["B"],"_given":[null]},{"given":["C"]}]}"#,
            #"{"resourceType":"Patient","name":[{"family":"A"}]}"#
        ),
        // Every type of a choice, but no element that only begins alike.
        (
            "Observation.value",
            #"{"resourceType":"Observation","valueQuantity":{"value":5},"valueSet":"x","value":1}"#,
            #"{"resourceType":"Observation","valueSet":"x"}"#
        ),
        (
            "Observation.value[x]", #"{"resourceType":"Observation","valueString":"x","id":"1"}"#,
            #"{"resourceType":"Observation","id":"1"}"#
        ),
        (
            "Condition.note", #"{"resourceType":"Observation","note":[{"text":"x"}]}"#,
            #"{"resourceType":"Observation","note":[{"text":"x"}]}"#
        ),
        (
            "*.note",
            #"{"resourceType":"CarePlan","activity":[{"detail":{"note":[1],"id":"1"}}],"note":[{"text":"x"}]}"#,
            #"{"resourceType":"CarePlan","activity":[{"detail":{"id":"1"}}]}"#
        ),
        // Contained, and in Bundles.
        (
            "Condition.note",
            #"{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Condition","note":[],"contained":[{"resourceType":"Condition","note":[1]}]}}]}"#,
            #"{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Condition","contained":[{"resourceType":"Condition"}]}}]}"#
        ),
        (
            "Observation",
            #"{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Observation"}},{"fullUrl":"x"}]}"#,
            #"{"resourceType":"Bundle","entry":[{"fullUrl":"x"}]}"#
        ),
        // The narrative says everything again.
        (
            "Patient.telecom", #"{"resourceType":"Observation","text":{"div":"555"},"code":{"text":"x"}}"#,
            #"{"resourceType":"Observation","code":{"text":"x"}}"#
        ),
        // References repeat names and numbers.
        (
            "Patient.name",
            #"{"resourceType":"Observation","subject":{"reference":"Patient/1","display":"Anna"},"performer":[{"reference":"Practitioner/2","display":"Dr. B"},{"reference":"urn:uuid:3","display":"C"}]}"#,
            #"{"resourceType":"Observation","subject":{"reference":"Patient/1"},"performer":[{"reference":"Practitioner/2","display":"Dr. B"},{"reference":"urn:uuid:3"}]}"#
        ),
        (
            "Patient.identifier",
            #"{"resourceType":"Observation","subject":{"type":"Patient","identifier":{"value":"4711"}},"focus":[{"reference":"Patient?identifier=a|4711"}]}"#,
            #"{"resourceType":"Observation","subject":{"type":"Patient"}}"#
        ),
        (
            "dates",
            #"{"resourceType":"Patient","birthDate":"1980-05-31","id":"2020-12","a":"x 2021-04-03, 2021-04-03T08:03:00.5+02:00.","b":"10.1000/2021-04-03-5 12021-04-03","c":"2021"}"#,
            #"{"resourceType":"Patient","birthDate":"1980","id":"2020","a":"x 2021, 2021","b":"10.1000/2021-04-03-5 12021-04-03","c":"2021"}"#
        ),
    ])
    func examples(_ mask: String, _ json: String, _ expected: String) throws {
        #expect(try masked(json, [mask]) == expected)
    }

    @Test func wholeTypesHiddenReferencesAndNothing() throws {
        #expect(try masked(#"{"resourceType":"Observation","id":"1"}"#, ["Observation"]) == nil)
        let json =
            #"{"resourceType":"Encounter","diagnosis":[{"condition":{"reference":"Condition/1","display":"HIV"}},{"condition":{"reference":"Condition/2"}}], "id" : "1"}"#
        let hidden = try masked(json, [], hiding: ["Condition/1"])
        #expect(
            hidden == #"{"resourceType":"Encounter","diagnosis":[{"condition":{"reference":"Condition/2"}}],"id":"1"}"#)
        #expect(Masking([]).isEmpty && Masking(["", ".", "*"]).isEmpty && !Masking(["dates"]).isEmpty)
        #expect(try masked(json, []) == String(decoding: JSONLayout.compact(Array(json.utf8)), as: UTF8.self))
    }

    @Test func tenThousandResourcesWithoutAMaskedPath() throws {
        var generator = Generator(state: 20_261_125)
        var (removed, kept) = (0, 0)
        for round in 0..<10_000 {
            let masks = generator.masks()
            var resource = GeneratedResource(masks: masks)
            resource.write(&generator)
            let json = resource.text
            guard let result = try masked(json, masks) else {
                #expect(resource.kept.isEmpty || masks.contains("Observation") || masks.contains("Condition"))
                continue
            }
            let found = Set(result.split(separator: "\"").filter { $0.hasPrefix("marker-") }.map(String.init))
            let leaked = found.subtracting(resource.kept)
            let lost = resource.kept.subtracting(found)
            #expect(leaked.isEmpty, "round \(round): \(masks) leave \(leaked) of \(json)")
            #expect(lost.isEmpty, "round \(round): \(masks) take \(lost) from \(json)")
            if masks.contains("dates") { #expect(!result.contains(/[0-9]{4}-[0-9]{2}/), "round \(round): \(result)") }
            #expect(throws: Never.self) { try JSONDocument.parse(result) }
            removed += resource.masked
            kept += resource.kept.count
            if !leaked.isEmpty || !lost.isEmpty { return }
        }
        #expect(removed > 20_000 && kept > 20_000, "\(removed) masked, \(kept) kept")
    }
}

/// SplitMix64, so that a failure comes back.
private struct Generator {
    var state: UInt64

    mutating func below(_ limit: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((word ^ (word >> 31)) % UInt64(limit))
    }

    mutating func pick(_ choices: [String]) -> String { choices[below(choices.count)] }

    static let types = ["Patient", "Observation", "Condition", "Bundle"]
    static let elements = ["note", "telecom", "value", "part", "extension", "entry", "contained"]

    mutating func masks() -> [String] {
        (0..<1 + below(3)).map { _ in
            if below(8) == 0 { return "dates" }
            if below(12) == 0 { return pick(["Observation", "Condition"]) }
            let type = below(4) == 0 ? "*" : pick(Self.types)
            return ([type] + (0..<1 + below(2)).map { _ in pick(Self.elements) }).joined(separator: ".")
        }
    }
}

/// A resource in which every text is a marker, with those of them that no mask may take, worked out while it is made:
/// by where each stands, not by how it is masked.
private struct GeneratedResource {
    let masks: [[String]]
    private(set) var text = ""
    private(set) var kept: Set<String> = []
    private(set) var masked = 0
    private var count = 0
    /// The names on the way here, and at which of them a resource of which type begins.
    private var path: [String] = []
    private var resources: [(type: String, depth: Int)] = []

    init(masks: [String]) {
        self.masks = masks.map { $0.split(separator: ".").map(String.init) }
    }

    private var isMasked: Bool {
        masks.contains { mask in
            let elements = Array(mask.dropFirst())
            if mask[0] == "*" { return path.indices.contains { path[$0...].starts(with: elements) } }
            return resources.contains { $0.type == mask[0] && path[$0.depth...].starts(with: elements) }
        }
    }

    mutating func write(_ generator: inout Generator, depth: Int = 0) {
        let type = generator.pick(Generator.types)
        resources.append((type, path.count))
        text += "{\"resourceType\":\"\(type)\""
        members(&generator, depth)
        text += "}"
        resources.removeLast()
    }

    private mutating func members(_ generator: inout Generator, _ depth: Int, isFirst: Bool = false) {
        var isFirst = isFirst
        for element in Generator.elements where generator.below(2) == 0 {
            // A choice and the companion of a primitive are the same element under another name.
            var name = element
            if element == "value", generator.below(2) == 0 { name = "valueQuantity" }
            if generator.below(6) == 0 { name = "_\(name)" }
            text += "\(isFirst ? "" : ",")\"\(name)\":"
            isFirst = false
            path.append(element)
            value(&generator, depth + 1)
            path.removeLast()
        }
    }

    private mutating func value(_ generator: inout Generator, _ depth: Int) {
        switch depth > 4 ? 0 : generator.below(6) {
        case 0, 1: leaf()
        case 2: text += "\"\(1_900 + generator.below(150))-0\(1 + generator.below(9))-1\(generator.below(10))\""
        case 3:
            text += "["
            for position in 0..<1 + generator.below(3) {
                if position > 0 { text += "," }
                value(&generator, depth + 1)
            }
            text += "]"
        case 4:
            text += "{\"id\":"
            path.append("id")
            leaf()
            path.removeLast()
            members(&generator, depth)
            text += "}"
        default: write(&generator, depth: depth)
        }
    }

    private mutating func leaf() {
        count += 1
        text += "\"marker-\(count)\""
        if isMasked { masked += 1 } else { kept.insert("marker-\(count)") }
    }
}
