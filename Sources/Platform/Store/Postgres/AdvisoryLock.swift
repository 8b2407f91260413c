// SPDX-License-Identifier: Apache-2.0

import Kernel
import Synchronization

/// An advisory lock of the server, held by a connection of its own.
final class AdvisoryLock: LockHolder {
    private let connection: Mutex<PostgresConnection?>

    private init(_ connection: sending PostgresConnection) {
        self.connection = Mutex(connection)
    }

    /// The lock called `name` in this database; nil when another connection has it. Blocks.
    static func take(_ name: String, _ runner: PostgresRunner) throws(Fault) -> AdvisoryLock? {
        let connection = try runner.connect()
        guard try connection.isTrue("pg_try_advisory_lock(\(advisoryKey(name)))") else { return nil }
        return AdvisoryLock(connection)
    }

    func isHeld() -> Bool {
        connection.withLock { connection in
            guard let current = connection else { return false }
            if (try? current.isTrue("true")) == true { return true }
            connection = nil
            return false
        }
    }

    func release() {
        connection.withLock { $0 = nil }
    }
}

/// The number under which the server knows the lock called `name`: FNV-1a with 64 bits.
func advisoryKey(_ name: String) -> Int64 {
    let hash = "salus:\(name)".utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { hash, byte in
        (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }
    return Int64(bitPattern: hash)
}
