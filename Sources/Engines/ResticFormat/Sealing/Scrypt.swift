// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import CRestic
import Synchronization

/// scrypt (RFC 7914): PBKDF2 as libcrypto computes it, and between the two of it the lanes, several at a time. Opening a
/// repository is the longest part of a backup in which little has changed.
enum Scrypt {
    /// Pairs of lanes that are mixed at a time: each needs memory of its own.
    private static let pairsAtATime = 2

    /// - Throws: `unavailable` when libcrypto refuses.
    static func derive(
        _ password: [UInt8], salt: [UInt8], _ parameters: ScryptParameters, count: Int, by workers: Workers = .one
    ) throws(FormatError) -> [UInt8] {
        let length = 128 * parameters.blockSize
        let lanes = Lanes(try stretch(password, salt: salt, count: length * parameters.parallelism), length: length)
        workers.perform(min(workers.count, pairsAtATime, (parameters.parallelism + 1) / 2)) { _ in
            let size = crestic_scrypt_memory(parameters.blockSize, UInt64(parameters.cost))
            let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: size)
            defer { unsafe memory.deallocate() }
            while let drawn = lanes.draw() {
                var pair = drawn.lanes
                // SAFETY: the lanes are this worker's own copy, and both are as long as the header asks for.
                unsafe pair.withUnsafeMutableBufferPointer { room in
                    let lane = unsafe room.baseAddress.unsafelyUnwrapped
                    unsafe crestic_scrypt_mix(
                        lane, room.count > length ? lane + length : nil, parameters.blockSize,
                        UInt64(parameters.cost), memory)
                }
                lanes.put(pair, drawn.number)
                wipe(&pair)
            }
        }
        guard var mixed = lanes.finish() else { throw .unavailable("scrypt") }
        defer { wipe(&mixed) }
        return try stretch(password, salt: mixed, count: count)
    }

    /// The lanes, each drawn once by some worker, with its neighbour if it has one, and put back mixed.
    private final class Lanes: Sendable {
        private let length: Int
        private let state: Mutex<(bytes: [UInt8], drawn: Int, mixed: Int)>

        init(_ bytes: [UInt8], length: Int) {
            self.length = length
            state = Mutex((bytes, 0, 0))
        }

        func draw() -> (number: Int, lanes: [UInt8])? {
            state.withLock { state in
                let start = state.drawn * length
                guard start < state.bytes.count else { return nil }
                let lanes = Array(state.bytes[start..<min(start + 2 * length, state.bytes.count)])
                state.drawn += lanes.count / length
                return (start / length, lanes)
            }
        }

        func put(_ lanes: [UInt8], _ number: Int) {
            state.withLock { state in
                state.bytes.replaceSubrange(number * length..<number * length + lanes.count, with: lanes)
                state.mixed += lanes.count / length
            }
        }

        /// All lanes, which are gone from here; nil when not each was mixed.
        func finish() -> [UInt8]? {
            state.withLock { state in
                defer { wipe(&state.bytes) }
                return state.mixed * length == state.bytes.count ? Array(state.bytes) : nil
            }
        }
    }

    /// PBKDF2 with HMAC-SHA-256 and one round (RFC 8018 section 5.2).
    private static func stretch(
        _ password: [UInt8], salt: [UInt8], count: Int
    ) throws(FormatError) -> [UInt8] {
        var key: [UInt8] = Array(repeating: 0, count: count)
        var isDone = Cryptography.isReady
        var span = key.mutableSpan
        unsafe password.span.withUnsafeBytes { password in
            unsafe salt.span.withUnsafeBufferPointer { salt in
                unsafe span.withUnsafeMutableBufferPointer { room in
                    isDone =
                        unsafe PKCS5_PBKDF2_HMAC(
                            password.bindMemory(to: CChar.self).baseAddress, Int32(password.count), salt.baseAddress,
                            Int32(salt.count), 1, EVP_sha256(), Int32(room.count), room.baseAddress) == 1
                }
            }
        }
        guard isDone else { throw .unavailable("scrypt") }
        return key
    }

    private static func wipe(_ bytes: inout [UInt8]) {
        var span = bytes.mutableSpan
        unsafe span.withUnsafeMutableBytes { unsafe crestic_wipe($0.baseAddress, $0.count) }
    }
}
