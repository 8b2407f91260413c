// SPDX-License-Identifier: Apache-2.0

import Foundation
import Ledger
import Synchronization
import TransparencyLog

/// A tile store that dies at its n-th operation, and stays dead, as a killed process does.
final class BreakingTileStore: TileStore {
    enum Moment: CaseIterable {
        /// Nothing of the operation happens.
        case before
        /// The operation is done, and nobody hears of it.
        case after
        /// A file is written halfway.
        case halfway
    }

    struct Broken: Error {}

    private let inner: any TileStore
    private let folder: String
    private let moment: Moment
    private let left: Mutex<Int>

    /// Dies at operation `count` from 1. A file counts as one.
    init(_ inner: any TileStore, folder: String, at count: Int, _ moment: Moment) {
        self.inner = inner
        self.folder = folder
        self.moment = moment
        left = Mutex(count)
    }

    /// Whether it died.
    var isBroken: Bool { left.withLock { $0 <= 0 } }

    private func step<Value>(_ half: () throws -> Void = {}, _ work: () async throws -> Value) async throws -> Value {
        let now = left.withLock { left in
            left -= 1
            return left
        }
        guard now > 0 || now == 0 && moment == .after else {
            if now == 0, moment == .halfway { try half() }
            throw Broken()
        }
        let value = try await work()
        if now == 0 { throw Broken() }
        return value
    }

    private func leaveHalf(_ name: String, _ bytes: [UInt8]) throws {
        guard inner is FileTileStore else { return }
        let file = URL(fileURLWithPath: "\(folder)/\(name)")
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes.prefix(bytes.count / 2)).write(to: file)
    }

    func reading<T: Sendable>(
        _ body: @escaping @Sendable (@escaping TileReader) throws -> T
    ) async throws -> T {
        try await step { try await inner.reading(body) }
    }

    func bytes(_ name: String) async throws -> [UInt8]? {
        try await step { try await inner.bytes(name) }
    }

    func write(_ files: [TileFile]) async throws {
        for file in files {
            try await step {
                try leaveHalf(file.path.description, file.bytes)
            } _: {
                try await inner.write([file])
            }
        }
    }

    func replace(_ name: String, _ bytes: [UInt8], expecting old: [UInt8]?) async throws {
        try await step {
            try leaveHalf("\(name).new", bytes)
        } _: {
            try await inner.replace(name, bytes, expecting: old)
        }
    }

    func remove(_ paths: [TilePath]) async throws {
        for path in paths { try await step { try await inner.remove([path]) } }
    }

    func names() async throws -> [String] {
        try await step { try await inner.names() }
    }
}
