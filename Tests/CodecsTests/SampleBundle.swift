// SPDX-License-Identifier: Apache-2.0

/// A small bundle with every kind of JSON value, and numbers that are random but the same in each run.
enum SampleBundle {
    static let bytes = Array(
        """
        {"resourceType":"Bundle","type":"transaction","total":-2.5e+1,"flag":true,"off":false,"none":null,"entry":[
        {"fullUrl":"urn:uuid:6f1c","resource":{"resourceType":"Patient","id":"6f1c","active":true,"name":[{"use":
        "official","family":"O\\u2019Brien \\uD83D\\uDE00","given":["Zoë","\\"Q\\""]}],"birthDate":"1980-05-31"},
        "request":{"method":"POST","url":"Patient"}},
        {"fullUrl":"urn:uuid:77aa","resource":{"resourceType":"Observation","subject":{"reference":"urn:uuid:6f1c"},
        "valueQuantity":{"value":0.120,"unit":"mmol/l"},"component":[]},
        "request":{"method":"POST","url":"Observation"}}]}
        """.utf8)
}

/// SplitMix64.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

extension Array where Element == UInt8 {
    /// One to four small damages: a byte changed, removed, doubled, or a piece repeated elsewhere.
    func mutated(by generator: inout SeededGenerator) -> [UInt8] {
        var bytes = self
        for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
            let at = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: bytes[at] = UInt8.random(in: 0...255, using: &generator)
            case 1: bytes.remove(at: at)
            case 2: bytes.insert(bytes[at], at: at)
            default:
                let end = Swift.min(bytes.count, at + Int.random(in: 1...40, using: &generator))
                bytes.insert(contentsOf: bytes[at..<end], at: Int.random(in: 0...bytes.count, using: &generator))
            }
        }
        return bytes
    }
}
