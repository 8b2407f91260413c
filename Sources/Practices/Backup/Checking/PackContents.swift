// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// What the index says of each pack.
struct PackContents: Sendable {
    private var packs: [ObjectID: [PackedBlob]] = [:]

    init(_ index: BlobIndex) {
        for pack in index.packs { packs[pack] = [] }
        index.visitAll { packs[$0.pack, default: []].append($0.blob) }
    }

    /// Its blobs.
    func blobs(of pack: ObjectID) -> [PackedBlob] {
        packs[pack] ?? []
    }

    /// How many bytes it has to be long.
    func length(of pack: ObjectID) -> Int {
        let blobs = blobs(of: pack)
        return blobs.reduce(PackHeader.byteCount(of: blobs)) { $0 + Int($1.length) }
    }

    /// Whether it holds folders beside parts of files.
    func isMixed(_ pack: ObjectID) -> Bool {
        Set(blobs(of: pack).map(\.handle.type)).count > 1
    }

    /// Whether one of `used` is in it.
    func holds(_ pack: ObjectID, _ used: BlobSet, _ index: BlobIndex) -> Bool {
        blobs(of: pack).contains { used.contains($0.handle, of: index) }
    }
}
