// SPDX-License-Identifier: Apache-2.0
import Testing
import TransparencyLog

/// A log in a dictionary: what a store does with the engine.
struct MemoryLog {
    struct Missing: Error, Equatable {
        let path: TilePath
    }

    var files: [TilePath: [UInt8]] = [:]
    var frontier = Frontier()

    var reader: TileReader {
        { [files] path in
            guard let bytes = files[path] else { throw Missing(path: path) }
            return bytes
        }
    }

    var tree: TiledTree { TiledTree(size: frontier.size, read: reader) }

    @discardableResult
    mutating func append(_ entries: [[UInt8]]) throws -> TreeGrowth {
        let growth = try TreeGrowth(from: frontier, appending: entries, read: reader)
        for file in growth.files { files[file.path] = file.bytes }
        frontier = growth.frontier
        return growth
    }
}

@Suite struct GrowthTests {
    static let edges = [255, 256, 257, 65_535, 65_536, 65_537, 70_000]

    @Test func edgesOfTiles() throws {
        let leaves = Sample.leaves(70_000)
        var log = MemoryLog()
        var expected = Frontier()
        for edge in Self.edges {
            let old = log.frontier.size
            let growth = try log.append(Sample.entries(Int(old)..<edge))
            try expected.append(contentsOf: leaves[Int(old)..<edge])
            #expect(growth.files.map(\.path) == Array(TilePaths(from: old, to: UInt64(edge))))
            #expect(log.frontier == expected)
            #expect(try log.tree.frontier() == expected)
            #expect(try log.tree.root() == expected.root)
            #expect(try log.tree.recompute() == expected.root)
            try checkProofs(of: log.tree, leaves: leaves, older: old)
        }
        var next: UInt64 = 0
        let root = try log.tree.recompute { index, entry in
            #expect(index == next)
            #expect(entry == Sample.entry(Int(index)))
            next += 1
        }
        #expect(root == expected.root)
        #expect(next == 70_000)
    }

    private func checkProofs(of tree: TiledTree, leaves: [MerkleHash], older: UInt64) throws {
        let root = try tree.root()
        for index in [0, 1, 254, tree.size / 2, tree.size - 1] {
            try tree.inclusionProof(of: index).verify(leaf: leaves[Int(index)], root: root)
        }
        guard older > 0 else { return }
        let oldRoot = MerkleHash.root(of: leaves.prefix(Int(older)))
        try tree.consistencyProof(from: older).verify(oldRoot: oldRoot, newRoot: root)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func batchesOfAnySizeGiveTheSameFiles(seed: UInt64) throws {
        var dice = Dice(state: seed)
        let total = Int.random(in: 1000...4000, using: &dice)
        var oneShot = MemoryLog()
        try oneShot.append(Sample.entries(0..<total))
        var log = MemoryLog()
        while log.frontier.size < UInt64(total) {
            let start = Int(log.frontier.size)
            let end = min(total, start + Int.random(in: 0...400, using: &dice))
            let repeated = try TreeGrowth(
                from: log.frontier, appending: Sample.entries(start..<end), read: log.reader)
            #expect(try log.append(Sample.entries(start..<end)) == repeated)
        }
        #expect(log.frontier == oneShot.frontier)
        for path in TilePaths(to: UInt64(total)) {
            let bytes = try #require(log.files[path])
            #expect(bytes == oneShot.files[path])
        }
    }

    @Test(arguments: [11, 12, 13, 14] as [UInt64])
    func proofsFromTilesAreThoseFromMemory(seed: UInt64) throws {
        var dice = Dice(state: seed)
        let size = Int.random(in: 1...3000, using: &dice)
        var log = MemoryLog()
        try log.append(Sample.entries(0..<size))
        let memory = MemoryTree(leaves: Sample.leaves(size))
        #expect(try log.tree.root() == memory.root())
        for _ in 0..<60 {
            let index = UInt64.random(in: 0..<UInt64(size), using: &dice)
            #expect(try log.tree.inclusionProof(of: index) == memory.inclusionProof(of: index))
            #expect(try log.tree.consistencyProof(from: index + 1) == memory.consistencyProof(from: index + 1))
            let width = UInt64(1) << UInt64.random(in: 0...11, using: &dice)
            let start = index / width * width
            let subtree = try Subtree(start: start, end: min(UInt64(size), start + width))
            #expect(try log.tree.root(of: subtree) == memory.root(of: subtree))
            #expect(
                try log.tree.subtreeConsistencyProof(of: subtree) == memory.subtreeConsistencyProof(of: subtree))
            #expect(
                try log.tree.subtreeInclusionProof(of: index, in: subtree)
                    == memory.subtreeInclusionProof(of: index, in: subtree))
        }
    }

    @Test func nothingAppendedIsNothingWritten() throws {
        var log = MemoryLog()
        #expect(try log.append([]).files.isEmpty)
        #expect(try log.tree.recompute() == .emptyRoot)
        try log.append(Sample.entries(0..<300))
        #expect(try log.append([]).files.isEmpty)
        #expect(log.frontier.size == 300)
    }

    @Test func everyAlteredFileIsNoticed() throws {
        var log = MemoryLog()
        try log.append(Sample.entries(0..<1000))
        let root = log.frontier.root
        for path in TilePaths(to: 1000) {
            for position in [0, 1, 2, 5, 31] {
                var altered = log
                altered.files[path]?[position] ^= 1
                let found = try? altered.tree.recompute { _, _ in }
                #expect(found != root, "\(path) \(position)")
            }
            var shorter = log
            shorter.files[path]?.removeLast()
            #expect(throws: TileError.self) { try shorter.tree.recompute { _, _ in } }
            var missing = log
            missing.files[path] = nil
            #expect(throws: MemoryLog.Missing(path: path)) { try missing.tree.recompute { _, _ in } }
        }
    }

    @Test func aTreeDoesNotGrowOnAlteredTiles() throws {
        var log = MemoryLog()
        try log.append(Sample.entries(0..<700))
        let hashes = try TilePath("tile/0/002.p/188")
        var altered = log
        altered.files[hashes]?[40] ^= 1
        #expect(throws: TileError.edgeMismatch(size: 700)) { try altered.append([[1]]) }
        let bundle = try TilePath("tile/entries/002.p/188")
        altered = log
        altered.files[bundle]?[2] ^= 1
        #expect(throws: TileError.entryMismatch(index: 512)) { try altered.append([[1]]) }
        #expect(throws: TileError.entryTooLong(position: 1)) {
            try log.append([[1], Array(repeating: 0, count: 65_536)])
        }
    }
}
