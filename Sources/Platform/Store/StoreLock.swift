// SPDX-License-Identifier: Apache-2.0

package import Kernel

/// A lock on the store by name, held until it is released or the process dies.
package final class StoreLock: Sendable {
    private let holder: any LockHolder

    init(_ holder: any LockHolder) {
        self.holder = holder
    }

    deinit {
        holder.release()
    }

    /// The lock called `name` of the embedded store in `file`, without opening the store; nil when somebody has it.
    ///
    /// For what reads the files of a store beside a running program. Blocks for a moment.
    package static func take(_ name: String, ofStoreIn file: String) throws(Fault) -> StoreLock? {
        try FileLock.take(checkedLockName(name), in: DataFolder(of: file)).map(StoreLock.init)
    }

    /// Whether the lock is still ours. On PostgreSQL a lost connection loses the lock, so whoever acts under it
    /// for long asks before each step.
    package func isHeld() async -> Bool {
        await onOwnThread { [holder] in holder.isHeld() }
    }

    /// Gives the lock back; a second time does nothing.
    package func release() async {
        await onOwnThread { [holder] in holder.release() }
    }
}

/// What actually holds a lock. Both may block.
protocol LockHolder: Sendable {
    func isHeld() -> Bool
    func release()
}

/// `name` when it is fit for a lock: 1 to 64 lower-case letters, digits and hyphens.
func checkedLockName(_ name: String) throws(Fault) -> String {
    let isFit = name.utf8.allSatisfy { byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || byte == UInt8(ascii: "-")
    }
    guard isFit, (1...64).contains(name.utf8.count) else {
        throw Fault(.internal, "a lock's name has 1 to 64 lower-case letters, digits and hyphens")
    }
    return name
}
