// SPDX-License-Identifier: Apache-2.0

import Codecs

/// What must not be found anywhere: names, addresses, telephone numbers and identifiers of patients.
enum Secrets {
    /// The texts of at least 5 bytes of the patients in a file, as UTF-8 and as the JSON has them.
    static func ofPatients(in content: [UInt8]) throws -> Set<[UInt8]> {
        let root = try JSONDocument.parse(content).root
        var secrets: Set<[UInt8]> = []
        for entry in root["entry"]?.elements.map({ $0 }) ?? [] {
            guard let patient = entry["resource"], patient["resourceType"]?.string == "Patient" else { continue }
            for node in texts(of: patient) {
                secrets.insert(node.utf8 ?? [])
                secrets.insert(Array(node.sourceBytes.dropFirst().dropLast()))
            }
        }
        return secrets.filter { $0.count >= 5 }
    }

    private static func texts(of patient: JSONNode) -> [JSONNode] {
        var nodes: [JSONNode] = [patient["id"]].compactMap { $0 }
        for name in patient["name"]?.elements.map({ $0 }) ?? [] {
            nodes += [name["family"]].compactMap { $0 } + (name["given"]?.elements.map { $0 } ?? [])
        }
        for address in patient["address"]?.elements.map({ $0 }) ?? [] {
            nodes += address["line"]?.elements.map { $0 } ?? []
        }
        for list in ["telecom", "identifier"] {
            nodes += patient[list]?.elements.compactMap { $0["value"] } ?? []
        }
        return nodes
    }

    /// The bytes of every `\\x…` in a dump.
    static func decodeByteaLiterals(_ text: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        var at = 0
        while at + 2 < text.count {
            guard text[at] == UInt8(ascii: "\\"), text[at + 1] == UInt8(ascii: "x") else {
                at += 1
                continue
            }
            at += 2
            while at + 1 < text.count, let high = digit(text[at]), let low = digit(text[at + 1]) {
                bytes.append(high << 4 | low)
                at += 2
            }
            bytes.append(0)
        }
        return bytes
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}

/// Searches for many texts at once, by their first four bytes.
struct ByteSearch {
    private var byStart: [UInt32: [[UInt8]]] = [:]
    /// Which pairs of first bytes occur at all; nearly every place is dismissed by it.
    private var pairs = [Bool](repeating: false, count: 65_536)

    init(_ texts: Set<[UInt8]>) {
        for text in texts where text.count >= 5 {
            byStart[Self.start(text, 0), default: []].append(text)
            pairs[Int(text[0]) << 8 | Int(text[1])] = true
        }
    }

    /// At how many places one of the texts stands.
    func count(in bytes: [UInt8]) -> Int {
        guard bytes.count >= 5 else { return 0 }
        var found = 0
        for at in 0..<(bytes.count - 4) where pairs[Int(bytes[at]) << 8 | Int(bytes[at + 1])] {
            guard let texts = byStart[Self.start(bytes, at)] else { continue }
            if texts.contains(where: { bytes[at...].starts(with: $0) }) { found += 1 }
        }
        return found
    }

    private static func start(_ bytes: [UInt8], _ at: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 << 8 | UInt32(bytes[at + $1]) }
    }
}
