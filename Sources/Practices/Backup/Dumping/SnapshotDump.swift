// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// Writes a file of a snapshot, or a folder as a tar archive.
struct SnapshotDump {
    let blobs: BlobReader
    let output: OutputPieces
    let complaints: Complaints
    /// The first names of files that have several.
    private var links: [FileNumber: First] = [:]

    private struct FileNumber: Hashable {
        let inode: UInt64
        let device: UInt64

        init(_ node: Node) {
            (inode, device) = (node.inode, node.device)
        }
    }

    private struct First {
        let path: [UInt8]
        let content: [ObjectID]?
    }

    init(_ blobs: BlobReader, _ output: OutputPieces, _ complaints: Complaints) {
        (self.blobs, self.output, self.complaints) = (blobs, output, complaints)
    }

    /// Writes the content of a file.
    ///
    /// - Throws: `BlobError`, `SystemError`.
    func file(_ node: Node) async throws {
        for id in node.content ?? [] { try output.write(try await blobs.content(BlobHandle(.data, id))) }
        try output.flush()
    }

    /// Writes everything in a folder.
    ///
    /// What cannot be read is complained about and left out, as are names that would leave the folder into which the
    /// archive is unpacked. When a file breaks off in its midst, the archive ends there.
    ///
    /// - Throws: `BlobError`, `SystemError`.
    mutating func archive(_ tree: ObjectID, at path: [[UInt8]]) async throws {
        try await TreeWalk(blobs: blobs, complaints: complaints).walk(tree, at: path) { item in
            guard RestoreFolder.isSafe(item.node.name) else {
                complaints.add("\(PathText.text(item.path)): its name is no name of a file")
                return .past
            }
            try await add(item.node, Array(PathText.bytes(item.path).dropFirst()))
            return .inside
        }
        try output.write(TarEntry.end)
        try output.flush()
    }

    private mutating func add(_ node: Node, _ path: [UInt8]) async throws {
        switch node.type {
        case .file: try await addFile(node, path)
        case .directory: try output.write(TarEntry(path: path + [UInt8(ascii: "/")], node: node).head())
        case .symbolicLink, .blockDevice, .characterDevice, .fifo:
            try output.write(TarEntry(path: path, node: node).head())
        case .socket, .irregular: break
        }
    }

    private mutating func addFile(_ node: Node, _ path: [UInt8]) async throws {
        if let first = first(node, path) {
            return try output.write(TarEntry(path: path, node: node, link: first).head())
        }
        guard let (size, beginning) = await beginning(of: node, path) else {
            // The next name of it is the first that the archive may have.
            links[FileNumber(node)] = nil
            return
        }
        try output.write(TarEntry(path: path, node: node, size: size).head())
        if let beginning { try output.write(beginning) }
        for id in node.content?.dropFirst() ?? [] {
            try Task.checkCancellation()
            try output.write(try await blobs.content(BlobHandle(.data, id)))
        }
        try output.write(TarEntry.padding(after: size))
    }

    /// The length of a file and its first part, read before anything of it is written: most damaged files are found so.
    private func beginning(of node: Node, _ path: [UInt8]) async -> (size: UInt64, bytes: [UInt8]?)? {
        do {
            var size: UInt64 = 0
            for id in node.content ?? [] {
                let handle = BlobHandle(.data, id)
                guard let place = blobs.index.places(handle).first else { throw BlobError.unknown(handle) }
                size &+= UInt64(place.blob.contentLength)
            }
            guard let first = node.content?.first else { return (size, nil) }
            return (size, try await blobs.content(BlobHandle(.data, first)))
        } catch {
            complaints.add("\(String(decoding: path, as: UTF8.self)): \(error)")
            return nil
        }
    }

    /// The first name of a file that was written already; nil for the first.
    private mutating func first(_ node: Node, _ path: [UInt8]) -> [UInt8]? {
        guard node.links > 1, node.inode != 0 else { return nil }
        let number = FileNumber(node)
        if let first = links[number] { return first.content == node.content ? first.path : nil }
        links[number] = First(path: path, content: node.content)
        return nil
    }
}
