// SPDX-License-Identifier: Apache-2.0

/// Finds member names that stand twice in one object; names are compared as the bytes that they mean.
enum JSONDuplicates {
    private static let pairwiseLimit = 12

    /// The tape position of the first name that repeats an earlier one.
    static func first(in tape: [JSONEntry], object: Int, of bytes: [UInt8]) -> Int? {
        var names: [Int] = []
        var at = object + 1
        let end = Int(tape[object].next)
        while at < end {
            if names.count == pairwiseLimit {
                return firstByHash(in: tape, object: object, of: bytes)
            }
            for earlier in names where same(tape[earlier], tape[at], bytes) {
                return at
            }
            names.append(at)
            at = Int(tape[at + 1].next)
        }
        return nil
    }

    /// Names with equal hashes are neighbours after sorting, so 100,000 members stay near linear. The hash is keyed
    /// anew in each process: nobody outside can make names collide.
    private static func firstByHash(in tape: [JSONEntry], object: Int, of bytes: [UInt8]) -> Int? {
        var keys: [(hash: Int, name: Int)] = []
        var at = object + 1
        while at < Int(tape[object].next) {
            keys.append((hash(of: tape[at], bytes), at))
            at = Int(tape[at + 1].next)
        }
        keys.sort { ($0.hash, $0.name) < ($1.hash, $1.name) }
        var first: Int?
        for (earlier, later) in zip(keys, keys.dropFirst()) where earlier.hash == later.hash {
            guard same(tape[earlier.name], tape[later.name], bytes) else { continue }
            first = min(first ?? later.name, later.name)
        }
        return first
    }

    private static func hash(of name: JSONEntry, _ bytes: [UInt8]) -> Int {
        var hasher = Hasher()
        if name.escaped {
            for byte in JSONText.unescape(bytes, name.content) { hasher.combine(byte) }
        } else {
            for index in name.content { hasher.combine(bytes[index]) }
        }
        return hasher.finalize()
    }

    private static func same(_ one: JSONEntry, _ other: JSONEntry, _ bytes: [UInt8]) -> Bool {
        if one.escaped || other.escaped {
            return JSONText.unescape(bytes, one.content) == JSONText.unescape(bytes, other.content)
        }
        let length = one.content.count
        guard length == other.content.count else { return false }
        let (first, second) = (one.content.lowerBound, other.content.lowerBound)
        for index in 0..<length where bytes[first + index] != bytes[second + index] {
            return false
        }
        return true
    }
}
