// SPDX-License-Identifier: Apache-2.0

// Holds the fast loops of CRestic to the plain ones, on arbitrary bytes in arbitrary pieces: `scripts/fuzz 60 CRestic`.

import CRestic

private let levels = [CRESTIC_PLAIN, CRESTIC_INTERLEAVED, CRESTIC_BEST]

/// What libFuzzer calls for each input: three numbers of two bytes that say how the rest is used, then the data.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzCRestic(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count > 6 else { return 0 }
    // SAFETY: libFuzzer promises `count` readable bytes at `start` for the time of this call.
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    let numbers = [0, 2, 4].map { Int(input[$0]) << 8 | Int(input[$0 + 1]) }
    let data = Array(input[6...])
    findCuts(numbers, data)
    hash(numbers, data)
    authenticate(numbers, data)
    count256(data)
    return 0
}

/// The results at all levels, which have to be one.
private func agreed<Result: Equatable>(_ name: String, _ body: () -> Result) {
    var results: [Result] = []
    for level in levels {
        crestic_force(level)
        results.append(body())
    }
    precondition(results[1] == results[0] && results[2] == results[0], "levels differ: \(name)")
}

private func findCuts(_ numbers: [Int], _ data: [UInt8]) {
    // Repeated, since the lanes are longer than an input, and to an exact length, so that a byte too far is noticed.
    let length = max(64, numbers[0])
    let long = (0..<length).map { data[$0 % data.count] }
    let from = 64 + numbers[1] % (length - 63)
    let to = from + numbers[2] % (length - from + 1)
    var tables = crestic_rabin()
    precondition(unsafe crestic_rabin_tables(0x3D_A335_8B4D_C173, &tables))
    agreed("cuts") {
        unsafe [crestic_rabin_find(&tables, long, from, to), crestic_rabin_find(&tables, long, 64, length)]
    }
}

private func hash(_ numbers: [Int], _ data: [UInt8]) {
    let cut = numbers[0] % (data.count + 1)
    let first = Array(data[..<cut])
    let second = Array(data[cut...])
    agreed("hashes") {
        var hashes = [[UInt8]](repeating: [UInt8](repeating: 0, count: 32), count: 3)
        var (a, b, c) = (crestic_sha256(), crestic_sha256(), crestic_sha256())
        unsafe crestic_sha256_init(&a)
        unsafe crestic_sha256_init(&b)
        unsafe crestic_sha256_init(&c)
        unsafe crestic_sha256_update3(&a, first, first.count, &b, second, second.count, &c, data, data.count)
        unsafe crestic_sha256_update2(&b, first, first.count, &a, second, second.count)
        unsafe crestic_sha256_final(&a, &hashes[0])
        unsafe crestic_sha256_final(&b, &hashes[1])
        unsafe crestic_sha256_final(&c, &hashes[2])
        precondition(hashes[0] == hashes[2], "a hash depends on how its message is cut")
        return hashes
    }
    agreed("many hashes") { hashMany(data, count: numbers[1] % 40, step: 1 + numbers[2] % 500) }
}

/// So many messages, each a stretch of the data that is longer than the one before it, and round again.
private func hashMany(_ data: [UInt8], count: Int, step: Int) -> [UInt8] {
    let lengths = (0..<count).map { $0 * step % (data.count + 1) }
    var hashes = [UInt8](repeating: 0, count: 32 * count)
    unsafe data.withUnsafeBufferPointer { buffer in
        let starts = unsafe lengths.map { length in unsafe buffer.baseAddress.map { unsafe $0 + (data.count - length) }
        }
        unsafe hashes.withUnsafeMutableBytes { bytes in
            unsafe crestic_sha256_many(starts, lengths, count, bytes.baseAddress?.assumingMemoryBound(to: Hash.self))
        }
    }
    return hashes
}

private func authenticate(_ numbers: [Int], _ data: [UInt8]) {
    let key = (0..<32).map { numbers[0] % 4 == 0 ? 0xFF : data[$0 % data.count] }
    let long = (0..<numbers[1] % 9_000).map { data[$0 % data.count] }
    let cut = numbers[2] % (long.count + 1)
    agreed("tags") {
        var (whole, parts) = ([UInt8](repeating: 0, count: 16), [UInt8](repeating: 0, count: 16))
        unsafe crestic_poly1305(key, long, long.count, &whole)
        var context = crestic_poly1305()
        unsafe crestic_poly1305_init(&context, key)
        unsafe crestic_poly1305_update(&context, Array(long[..<cut]), cut)
        unsafe crestic_poly1305_update(&context, Array(long[cut...]), long.count - cut)
        unsafe crestic_poly1305_final(&context, &parts)
        precondition(whole == parts, "a tag depends on how its message is cut")
        return whole
    }
}

private func count256(_ data: [UInt8]) {
    var counts = [UInt32](repeating: 0, count: 256)
    unsafe crestic_histogram(data, data.count, &counts)
    for byte in data { counts[Int(byte)] -= 1 }
    precondition(counts.allSatisfy { $0 == 0 }, "a byte is counted wrongly")
}

// What C calls uint8_t[32].
private typealias Hash = (
    UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8,
    UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8
)
