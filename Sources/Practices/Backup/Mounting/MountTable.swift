// SPDX-License-Identifier: Apache-2.0

import ResticFormat
import Synchronization

/// What the kernel knows of a mounted repository, by the numbers under which it asks.
final class MountTable: Sendable {
    /// The number of the root (FUSE_ROOT_ID).
    static let root: UInt64 = 1

    /// Something that was looked up.
    struct Thing: Sendable {
        let kind: Kind
        /// The number that people see.
        let inode: UInt64
        /// That of its folder.
        let parentInode: UInt64

        enum Kind: Equatable, Sendable {
            /// Above the snapshots.
            case folder([[UInt8]])
            /// The root of a snapshot.
            case snapshot(Snapshot)
            case link([UInt8], Snapshot)
            /// In a snapshot whose root is that tree.
            case node(Node, root: ObjectID)
        }
    }

    private struct Key: Hashable {
        let parent: UInt64
        let name: [UInt8]
    }

    private struct Row {
        let thing: Thing
        let key: Key
        var lookups: UInt64
    }

    private struct State {
        var rows: [UInt64: Row] = [:]
        var numbers: [Key: UInt64] = [:]
        var last = MountTable.root
    }

    private let state = Mutex(State())
    private let top = Thing(kind: .folder([]), inode: root, parentInode: root)

    /// What has a number; nil for one that was never given, or is forgotten.
    func thing(_ number: UInt64) -> Thing? {
        number == Self.root ? top : state.withLock { $0.rows[number]?.thing }
    }

    /// The number of something that was found; the kernel has it once more.
    func enter(_ thing: Thing, _ name: [UInt8], in parent: UInt64) -> UInt64 {
        state.withLock { state in
            let key = Key(parent: parent, name: name)
            // Something else under a known name has a number of its own, or the kernel would show what it kept of the first.
            if let number = state.numbers[key], state.rows[number]?.thing.kind == thing.kind {
                state.rows[number]?.lookups += 1
                return number
            }
            state.last += 1
            state.rows[state.last] = Row(thing: thing, key: key, lookups: 1)
            state.numbers[key] = state.last
            return state.last
        }
    }

    /// The kernel has a number so many times less.
    func forget(_ number: UInt64, _ count: UInt64) {
        state.withLock { state in
            guard let row = state.rows[number] else { return }
            guard row.lookups > count else {
                state.rows[number] = nil
                if state.numbers[row.key] == number { state.numbers[row.key] = nil }
                return
            }
            state.rows[number]?.lookups -= count
        }
    }

    /// How many numbers are known besides the root.
    var count: Int { state.withLock { $0.rows.count } }
}

/// The numbers that people see (`ls -i`): the same at each mount.
enum MountInode {
    /// Of a name in a folder.
    static func of(_ name: [UInt8], in folder: UInt64) -> UInt64 {
        number(of: bytes(folder) + name)
    }

    /// Of a node: names of one file have one number, in this snapshot only.
    static func of(_ node: Node, in folder: UInt64, root: ObjectID) -> UInt64 {
        guard node.links > 1, node.type != .directory, node.inode != 0 else { return of(node.name, in: folder) }
        return number(of: root.bytes + bytes(node.device) + bytes(node.inode))
    }

    private static func bytes(_ number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }

    private static func number(of bytes: [UInt8]) -> UInt64 {
        let number = ObjectID(hashing: bytes).bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        // 0 is none, 1 is the root.
        return number < 2 ? number + 2 : number
    }
}
