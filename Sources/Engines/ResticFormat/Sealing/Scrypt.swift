// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import CRestic
import Synchronization

/// scrypt (RFC 7914): PBKDF2 as libcrypto computes it, and between the two of it the lanes, several at a time. Opening a
/// repository is the longest part of a backup in which little has changed.
enum Scrypt {
    /// Lanes that are mixed at a time: each needs memory of its own.
    private static let lanesAtATime = 2

    /// - Throws: `unavailable` when libcrypto refuses.
    static func derive(
        _ password: [UInt8], salt: [UInt8], _ parameters: ScryptParameters, count: Int, by workers: Workers = .one
    ) throws(FormatError) -> [UInt8] {
        let length = 128 * parameters.blockSize
        var lanes = try stretch(password, salt: salt, count: length * parameters.parallelism)
        defer { wipe(&lanes) }
        let turns = Turns()
        unsafe lanes.withUnsafeMutableBufferPointer { room in
            // SAFETY: each number is drawn once, so each lane is written by one worker; all end before this returns.
            nonisolated(unsafe) let room = unsafe room
            workers.perform(min(workers.count, lanesAtATime, parameters.parallelism)) { _ in
                let size = crestic_scrypt_memory(parameters.blockSize, UInt64(parameters.cost))
                let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: size)
                defer { unsafe memory.deallocate() }
                while true {
                    let lane = turns.next()
                    guard lane < parameters.parallelism else { return }
                    unsafe crestic_scrypt_mix(
                        room.baseAddress.unsafelyUnwrapped + lane * length, parameters.blockSize,
                        UInt64(parameters.cost), memory)
                }
            }
        }
        return try stretch(password, salt: lanes, count: count)
    }

    /// The numbers of lanes, each drawn once.
    private final class Turns: Sendable {
        private let drawn = Atomic(0)

        func next() -> Int {
            drawn.add(1, ordering: .relaxed).oldValue
        }
    }

    /// PBKDF2 with HMAC-SHA-256 and one round (RFC 8018 section 5.2).
    private static func stretch(
        _ password: [UInt8], salt: [UInt8], count: Int
    ) throws(FormatError) -> [UInt8] {
        var key: [UInt8] = Array(repeating: 0, count: count)
        var isDone = false
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
