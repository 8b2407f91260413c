// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// Files that have several names: the first is restored, the others become links to it.
actor RestoredLinks {
    private struct Key: Hashable {
        let device: UInt64
        let inode: UInt64
    }

    private enum State {
        case underway([CheckedContinuation<(path: [[UInt8]], name: [UInt8])?, Never>])
        case done(path: [[UInt8]], name: [UInt8])
    }

    private var states: [Key: State] = [:]

    /// Where the file was restored already; nil for whoever has to restore it.
    func first(_ node: Node, _ path: [[UInt8]]) async -> (path: [[UInt8]], name: [UInt8])? {
        let key = Key(device: node.device, inode: node.inode)
        switch states[key] {
        case nil:
            states[key] = .underway([])
            return nil
        case .done(let path, let name): return (path, name)
        case .underway:
            return await withCheckedContinuation { continuation in
                if case .underway(let waiting) = states[key] { states[key] = .underway(waiting + [continuation]) }
            }
        }
    }

    /// Tells that it is there, or (nil) that it could not be restored: then the next one has to.
    func finish(_ node: Node, _ path: [[UInt8]]?) {
        let key = Key(device: node.device, inode: node.inode)
        guard case .underway(var waiting) = states[key] else { return }
        if let path {
            states[key] = .done(path: path, name: node.name)
            for continuation in waiting { continuation.resume(returning: (path, node.name)) }
        } else if waiting.isEmpty {
            states[key] = nil
        } else {
            let next = waiting.removeFirst()
            states[key] = .underway(waiting)
            next.resume(returning: nil)
        }
    }
}
