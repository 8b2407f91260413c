// SPDX-License-Identifier: Apache-2.0

// What takes many requests: they are sent without waiting for the answer to the one before.
extension SFTPChannel {
    /// As long as every server takes a packet (draft-ietf-secsh-filexfer-02 section 3).
    private static let piece = 32 << 10
    /// How many pieces of a file are on their way at a time.
    private static let underway = 48

    /// Does `work` with a handle, and gives it back.
    func with<Value>(_ handle: [UInt8], _ work: () async throws -> Value) async throws -> Value {
        do {
            let value = try await work()
            try await require(.close(handle: handle), to: "close a file")
            return value
        } catch {
            if isOpen { _ = try? await ask(.close(handle: handle)) }
            throw error
        }
    }

    /// Bytes of an open file.
    ///
    /// - Throws: `PlaceError.shortRead` where there are fewer.
    func read(_ handle: [UInt8], _ range: Range<Int>, named name: String, _ pace: Pace?) async throws -> [UInt8] {
        var bytes = Array(repeating: UInt8(0), count: range.count)
        try await withThrowingTaskGroup(of: (start: Int, piece: [UInt8]).self) { group in
            func keep(_ done: (start: Int, piece: [UInt8])) {
                let start = done.start - range.lowerBound
                bytes.replaceSubrange(start..<start + done.piece.count, with: done.piece)
            }
            for (number, start) in stride(from: range.lowerBound, to: range.upperBound, by: Self.piece).enumerated() {
                if number >= Self.underway, let done = try await group.next() { keep(done) }
                let end = min(start + Self.piece, range.upperBound)
                try await pace?.pass(end - start)
                group.addTask { [self] in (start, try await readPiece(handle, start..<end, name)) }
            }
            for try await done in group { keep(done) }
        }
        return bytes
    }

    /// A server may send less than was asked for.
    private func readPiece(_ handle: [UInt8], _ range: Range<Int>, _ name: String) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < range.count {
            let left = range.count - bytes.count
            let offset = UInt64(range.lowerBound + bytes.count)
            switch try await ask(.read(handle: handle, offset: offset, length: UInt32(left))) {
            case .data(let more) where !more.isEmpty && more.count <= left: bytes += more
            case .data: throw PlaceError.garbled("a server sent more, or less, than it was asked for")
            case .status(SFTPReply.end): throw PlaceError.shortRead(name)
            case let reply: throw Self.refusal(reply, "read \(name)")
            }
        }
        return bytes
    }

    /// Writes all bytes of an open file.
    func write(_ handle: [UInt8], _ bytes: [UInt8], named name: String, _ pace: Pace?) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (number, start) in stride(from: 0, to: bytes.count, by: Self.piece).enumerated() {
                if number >= Self.underway { try await group.next() }
                let piece = bytes[start..<min(start + Self.piece, bytes.count)]
                try await pace?.pass(piece.count)
                group.addTask { [self] in
                    try await require(.write(handle: handle, offset: UInt64(start), piece), to: "write \(name)")
                }
            }
            try await group.waitForAll()
        }
    }

    /// Everything in a folder; nothing where there is no folder.
    func contents(of folder: [UInt8]) async throws -> [SFTPName] {
        guard let handle = try await handle(.openFolder(folder), to: "open a folder") else { return [] }
        return try await with(handle) {
            var names: [SFTPName] = []
            while true {
                switch try await ask(.readFolder(handle: handle)) {
                case .names(let more): names += more
                case .status(SFTPReply.end): return names
                case let reply: throw Self.refusal(reply, "read a folder")
                }
            }
        }
    }
}
