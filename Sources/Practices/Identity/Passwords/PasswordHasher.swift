// SPDX-License-Identifier: Apache-2.0

import CArgon2
import Codecs
import Dispatch
import Kernel
import Synchronization

/// Turns passwords into Argon2id hashes (RFC 9106) with 19 MiB, two passes and one lane (OWASP's first choice).
///
/// Two at once at most, on queues of their own: neither the memory nor the threads of the server can be used up by
/// people who sign in.
final class PasswordHasher: Sendable {
    /// The one of this process; its bound holds for everything that hashes.
    static let shared = PasswordHasher()

    /// How many may wait beside those that run.
    static let waitingLimit = 64

    private static let memoryKiB: UInt32 = 19_456
    private static let passes: UInt32 = 2
    private static let saltLength = 16
    private static let hashLength = 32

    private let queues = [
        DispatchQueue(label: "salus.identity.password-1"), DispatchQueue(label: "salus.identity.password-2"),
    ]
    private let loads = Mutex([0, 0])

    init() {}

    /// The hash of `password` with a new salt, as a PHC string.
    ///
    /// - Throws: `Fault.throttled` when too many wait already.
    func hash(_ password: PasswordText) async throws -> String {
        let salt = randomBytes(Self.saltLength)
        return try await perform { try Self.encode(password.bytes, salt: salt) }
    }

    /// Whether `password` is the one behind the PHC string `hash`.
    ///
    /// - Throws: `Fault.throttled` when too many wait already, `Fault.damaged` when `hash` is none.
    func verify(_ password: PasswordText, _ hash: String) async throws -> Bool {
        try await perform { try Self.matches(password.bytes, hash) }
    }

    /// Takes as long as verifying, for a sign-in name that does not exist.
    func pretend(_ password: PasswordText) async throws {
        _ = try await hash(password)
    }

    /// A hash in the same form that no password is known for: for people of the demonstration.
    static func hashOfNothing() -> String {
        func text(_ count: Int) -> String {
            Base64.encode(randomBytes(count)).replacing("=", with: "")
        }
        return "$argon2id$v=19$m=\(memoryKiB),t=\(passes),p=1$\(text(saltLength))$\(text(hashLength))"
    }

    private func perform<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        guard let lane = takeLane() else {
            throw Fault(.throttled, "Very many people are signing in right now. Wait ten seconds and try again.")
        }
        return try await withCheckedThrowingContinuation { continuation in
            queues[lane].async { [self] in
                let result = Result(catching: work)
                loads.withLock { $0[lane] -= 1 }
                continuation.resume(with: result)
            }
        }
    }

    /// The queue with less to do; nil when both are full.
    private func takeLane() -> Int? {
        loads.withLock { loads in
            guard loads[0] + loads[1] < Self.waitingLimit + loads.count else { return nil }
            let lane = loads[0] <= loads[1] ? 0 : 1
            loads[lane] += 1
            return lane
        }
    }

    private static func encode(_ password: [UInt8], salt: [UInt8]) throws -> String {
        let room = argon2_encodedlen(
            passes, memoryKiB, 1, UInt32(saltLength), UInt32(hashLength), Argon2_id)
        var text = [CChar](repeating: 0, count: room)
        // Unsafe claim: libargon2 reads the given lengths and writes at most `room` bytes with a zero at the end.
        let status = unsafe argon2id_hash_encoded(
            passes, memoryKiB, 1, password, password.count, salt, salt.count, hashLength, &text, room)
        guard status == ARGON2_OK.rawValue else { throw Fault(.internal, "A password could not be hashed.") }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    private static func matches(_ password: [UInt8], _ hash: String) throws -> Bool {
        // Unsafe claim: both are read only; Swift passes the string with a zero at its end.
        let status = unsafe argon2id_verify(hash, password, password.count)
        switch status {
        case ARGON2_OK.rawValue: return true
        case ARGON2_VERIFY_MISMATCH.rawValue: return false
        default: throw Fault(.damaged, "A stored password hash cannot be read.")
        }
    }
}
