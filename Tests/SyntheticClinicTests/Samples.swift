// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import SyntheticClinic

/// The clinic that most tests look at, made once.
enum Samples {
    static let today = ClinicDate(dayNumber: 20_519)
    static let clinic = SyntheticClinic(seed: 20_260_307, today: today)
    static let bundles = clinic.patients.map { clinic.bundle(for: $0) }
}

/// A bundle that was read by somebody else's parser.
struct ParsedBundle {
    let entries: [[String: Any]]

    init(_ bytes: [UInt8]) throws {
        let root = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        #expect(root["resourceType"] as? String == "Bundle")
        #expect(root["type"] as? String == "transaction")
        entries = try #require(root["entry"] as? [[String: Any]])
    }

    var resources: [[String: Any]] {
        entries.compactMap { $0["resource"] as? [String: Any] }
    }

    func all(_ type: String) -> [[String: Any]] {
        resources.filter { $0["resourceType"] as? String == type }
    }

    /// Observations with this LOINC code, in the order of the bundle.
    func values(_ code: String) -> [Double] {
        all("Observation").filter { ParsedBundle.code($0) == code }.compactMap { observation in
            ((observation["valueQuantity"] as? [String: Any])?["value"] as? NSNumber)?.doubleValue
        }
    }

    /// The codes of all resources of a type.
    func codes(_ type: String, _ member: String = "code") -> [String] {
        all(type).compactMap { ParsedBundle.code($0, member) }
    }

    static func code(_ resource: [String: Any], _ member: String = "code") -> String? {
        let concept = resource[member] as? [String: Any]
        return (concept?["coding"] as? [[String: Any]])?.first?["code"] as? String
    }

    /// Every string under a member of this name, at any depth.
    static func strings(named name: String, in value: Any) -> [String] {
        if let array = value as? [Any] { return array.flatMap { strings(named: name, in: $0) } }
        guard let object = value as? [String: Any] else { return [] }
        return object.flatMap { member, inner in
            member == name ? [inner as? String].compactMap { $0 } : strings(named: name, in: inner)
        }
    }

    /// Every date or instant in the resource, with the name of its member.
    static func dates(in value: Any, named name: String = "") -> [(name: String, text: String)] {
        if let array = value as? [Any] { return array.flatMap { dates(in: $0, named: name) } }
        if let object = value as? [String: Any] { return object.flatMap { dates(in: $0.value, named: $0.key) } }
        guard let text = value as? String, isDate(text) else { return [] }
        return [(name, text)]
    }

    private static func isDate(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 10 || bytes.count == 20, bytes[4] == UInt8(ascii: "-") else { return false }
        return bytes[7] == UInt8(ascii: "-") && bytes[..<4].allSatisfy { (0x30...0x39).contains($0) }
    }
}

/// FNV-1a with 64 bits.
func fingerprint(_ parts: [[UInt8]]) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for part in parts {
        for byte in part { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }
    return hash
}
