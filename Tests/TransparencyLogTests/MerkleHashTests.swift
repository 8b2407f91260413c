// SPDX-License-Identifier: Apache-2.0
import Testing
import TransparencyLog

@Suite struct MerkleHashTests {
    /// Known leaves and roots of the Certificate Transparency test tree.
    static let entries: [[UInt8]] = [
        [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43],
        Array(0x50...0x57), Array(0x60...0x6f),
    ]
    static let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]

    static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    @Test func knownRoots() throws {
        var frontier = Frontier()
        #expect(
            Self.hex(frontier.root.bytes) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        for (entry, root) in zip(Self.entries, Self.roots) {
            try frontier.append(.leaf(entry))
            #expect(Self.hex(frontier.root.bytes) == root)
        }
    }

    @Test func base64RoundTrip() throws {
        for count in 0..<50 {
            let hash = MerkleHash.leaf(Sample.entry(count))
            #expect(MerkleHash(base64: hash.base64) == hash)
            #expect(MerkleHash(bytes: hash.bytes) == hash)
            #expect(hash.base64.utf8.count == 44)
        }
        #expect(MerkleHash.emptyRoot.base64 == "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")
    }

    @Test(arguments: [
        "", "=", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=",
        "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFW=", "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=",
        "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", " 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU",
        "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU==", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuA==",
        "47DE=pj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuF=U",
        "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=AAAA", "é7DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuF=",
    ])
    func refusesOtherBase64(text: String) {
        #expect(MerkleHash(base64: text) == nil)
    }

    @Test func refusesOtherLengths() {
        #expect(MerkleHash(bytes: []) == nil)
        #expect(MerkleHash(bytes: Array(repeating: 0, count: 31)) == nil)
        #expect(MerkleHash(bytes: Array(repeating: 0, count: 33)) == nil)
        #expect(MerkleHash.list(from: Array(repeating: 0, count: 65)) == nil)
        #expect(MerkleHash.list(from: Array(repeating: 0, count: 64))?.count == 2)
    }
}

@Suite struct FrontierTests {
    @Test func agreesWithTheDefinition() throws {
        let leaves = Sample.leaves(300)
        var frontier = Frontier()
        for count in 0...300 {
            #expect(frontier.root == Reference.root(leaves[..<count]))
            #expect(frontier.root == MerkleHash.root(of: leaves[..<count]))
            #expect(frontier.subtrees.count == count.nonzeroBitCount)
            #expect(try Frontier(bytes: frontier.bytes) == frontier)
            if count < 300 { try frontier.append(leaves[count]) }
        }
    }

    @Test func refusesOtherBytes() throws {
        var frontier = Frontier()
        try frontier.append(contentsOf: Sample.leaves(11))
        let bytes = frontier.bytes
        for wrong in [[], [0], Array(bytes.dropLast()), bytes + [0], Array(bytes.dropLast(32))] {
            #expect(throws: TileError.badFrontier) { try Frontier(bytes: wrong) }
        }
        var other = bytes
        other[7] = 12
        #expect(throws: TileError.badFrontier) { try Frontier(bytes: other) }
    }

    @Test func aFullTreeGrowsNoMore() throws {
        let bytes = [UInt8](repeating: 255, count: 8 + 64 * 32)
        var frontier = try Frontier(bytes: bytes)
        #expect(frontier.size == .max)
        #expect(throws: TileError.treeFull) { try frontier.append(.emptyRoot) }
        #expect(throws: TileError.treeFull) {
            try TreeGrowth(from: frontier, appending: [[1]]) { _ in [] }
        }
    }

    @Test func hundredThousandLeaves() throws {
        let leaves = Sample.leaves(100_000)
        var frontier = Frontier()
        try frontier.append(contentsOf: leaves)
        let tree = MemoryTree(leaves: leaves)
        let root = try tree.root()
        #expect(frontier.root == root)
        for index in stride(from: UInt64(0), to: 100_000, by: 97) {
            try tree.inclusionProof(of: index).verify(leaf: leaves[Int(index)], root: root)
        }
    }
}
