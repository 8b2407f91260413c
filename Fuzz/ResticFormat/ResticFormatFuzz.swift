// SPDX-License-Identifier: Apache-2.0

// Feeds arbitrary bytes to the readers of ResticFormat: `scripts/fuzz 60 ResticFormat`.

import ResticFormat

/// What libFuzzer calls for each input. Whatever is accepted must hold together; everything else must be an error.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzResticFormat(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    // SAFETY: libFuzzer promises `count` readable bytes at `start` for the time of this call.
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    fuzzTrees(bytes)
    if let snapshot = try? Snapshot.parse(bytes) {
        precondition((try? Snapshot.parse(snapshot.json())) == snapshot, "a snapshot does not come back")
    }
    if let index = try? IndexFile.parse(bytes) {
        precondition((try? IndexFile.parse(index.json())) == index, "an index does not come back")
    }
    if let lock = try? LockFile.parse(bytes) {
        precondition((try? LockFile.parse(lock.json())) == lock, "a lock does not come back")
    }
    _ = try? KeyFile.parse(bytes)
    _ = try? PackHeader.sealedLength(lastBytes: bytes.span, fileLength: 1 << 20)
    fuzzFrames(bytes)
    fuzzText(bytes)
    return 0
}

/// A folder is the same in one piece and in pieces, and its text comes back where it was written by us.
private func fuzzTrees(_ bytes: [UInt8]) {
    let whole = try? Tree.decode(bytes)
    var reader = TreeReader()
    var nodes: [Node]? = []
    for place in bytes.indices {
        reader.feed(bytes[place...place])
        do {
            while let node = try reader.next() { nodes?.append(node) }
        } catch {
            nodes = nil
            break
        }
    }
    precondition(whole == (reader.isComplete ? nodes : nil), "pieces make another folder")
    if let whole { precondition((try? Tree.decode(Tree.encode(whole))) == whole, "a folder does not come back") }
}

/// A frame of anything is refused or read to its end; what was packed in pieces comes back.
private func fuzzFrames(_ bytes: [UInt8]) {
    let limit = 1 << 20
    let whole = try? Decompressor().decompress(bytes.span, limit: limit, part: .tree)
    let pulled = pull(bytes, limit: limit)
    // Frames that follow the first are taken by one of them only.
    if let whole, let pulled { precondition(whole == pulled, "two ways of unpacking differ") }
    guard var packer = try? CompressionStream(.off) else { return }
    var frame: [UInt8] = []
    for part in [bytes.prefix(bytes.count / 3), bytes.dropFirst(bytes.count / 3)] {
        guard (try? packer.feed(Array(part).span, into: &frame)) != nil else { return }
    }
    guard (try? packer.finish(into: &frame)) != nil else { return }
    precondition(pull(frame, limit: .max) == bytes, "what was packed does not come back")
}

/// What a frame holds, piece by piece; nil where it is damaged, or longer.
private func pull(_ frame: [UInt8], limit: Int) -> [UInt8]? {
    guard var stream = try? DecompressionStream() else { return nil }
    var (place, content): (Int, [UInt8]) = (0, [])
    do {
        while let piece = try stream.next(of: frame.span, from: &place, part: .tree) {
            content += piece
            guard content.count <= limit else { return nil }
        }
        return content
    } catch {
        return nil
    }
}

private func fuzzText(_ bytes: [UInt8]) {
    var node = Node(name: bytes, type: .file)
    node.linkTarget = bytes
    var text: [UInt8] = []
    node.append(to: &text)
    precondition((try? Node.parse(text)) == node, "a name does not come back")
    if let time = Timestamp(bytes) { precondition(Timestamp(time.text.utf8) == time, "a time does not come back") }
    let words = String(decoding: bytes, as: UTF8.self)
    if let span = CalendarSpan(words) {
        _ = span.before(Timestamp(seconds: 0))
        _ = span.description
    }
    if let pattern = PathPattern(words) { _ = PathPatterns([pattern]).match([bytes, bytes]) }
}
