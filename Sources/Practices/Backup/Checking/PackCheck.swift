// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// Reads a pack from beginning to end and holds everything in it against what it should be.
struct PackCheck: Sendable {
    let repository: Repository

    /// - Parameter expected: what the index says is in it.
    /// - Returns: what is wrong with it, nothing when all is well; each line names a part.
    func flaws(of pack: ObjectID, _ expected: [PackedBlob]) async throws -> (flaws: [String], length: Int) {
        let bytes: [UInt8]?
        do {
            bytes = try await repository.place.read(RepositoryFile(.data, pack), nil)
        } catch let error as PlaceError where !error.isOfWholePlace {
            return (["it cannot be read: \(error)"], 0)
        }
        guard let bytes else { return (["it is missing"], 0) }
        var flaws = ObjectID(hashing: bytes) == pack ? [] : ["its hash is not its name"]
        var sealer = try BlobSealer(repository.key, version: repository.config.version)
        flaws += headerFlaws(bytes, expected, sealer)
        for blob in expected {
            try Task.checkCancellation()
            guard blob.end <= bytes.count else {
                flaws.append("\(blob.handle.type.name) \(blob.handle.id.short) lies behind its end")
                continue
            }
            do {
                _ = try sealer.open(bytes.span.extracting(Int(blob.offset)..<blob.end), blob)
            } catch {
                flaws.append("\(blob.handle.type.name) \(blob.handle.id.short): \(error)")
            }
        }
        return (flaws, bytes.count)
    }

    private func headerFlaws(
        _ bytes: [UInt8], _ expected: [PackedBlob], _ sealer: borrowing BlobSealer
    ) -> [String] {
        do {
            let length = try PackHeader.sealedLength(lastBytes: bytes.span, fileLength: bytes.count)
            let end = bytes.count - PackHeader.lengthByteCount
            let found = try sealer.openHeader(bytes.span.extracting(end - length..<end))
            var flaws: [String] = []
            if Set(found) != Set(expected) { flaws.append("its header and the index do not say the same") }
            if (found.last?.end ?? 0) != end - length {
                flaws.append("something lies between its blobs and its header")
            }
            return flaws
        } catch {
            return ["\(error)"]
        }
    }
}
