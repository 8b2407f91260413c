// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// Reads a tar archive that arrives in pieces (POSIX, "ustar Interchange Format").
struct TarReader {
    private var waiting: [UInt8] = []
    private var place = 0
    private var state = State.head

    private enum State {
        case head
        case content(left: Int64, padding: Int)
        case padding(Int)
        case end
    }

    enum Event {
        /// Something begins; a file's content follows.
        case member(TarMember)
        case content(ArraySlice<UInt8>)
        /// The content of a file is complete.
        case endOfContent
    }

    /// Whether nothing is missing.
    var isComplete: Bool {
        switch state {
        case .end: true
        case .head: place == waiting.count
        case .content, .padding: false
        }
    }

    mutating func feed(_ bytes: [UInt8]) {
        if place == waiting.count {
            (waiting, place) = (bytes, 0)
        } else {
            waiting.removeFirst(place)
            place = 0
            waiting += bytes
        }
    }

    /// What comes next; nil when that needs more bytes.
    ///
    /// - Throws: `TarError`.
    mutating func next() throws(TarError) -> Event? {
        while true {
            switch state {
            case .end: return nil
            case .head:
                guard waiting.count - place >= TarEntry.block else { return nil }
                let head = Array(waiting[place..<place + TarEntry.block])
                place += TarEntry.block
                guard head.contains(where: { $0 != 0 }) else {
                    state = .end
                    return nil
                }
                let member = try TarMember(head)
                if member.type == .file {
                    let padding = (TarEntry.block - Int(member.size % Int64(TarEntry.block))) % TarEntry.block
                    state = .content(left: member.size, padding: padding)
                }
                return .member(member)
            case .content(0, let padding):
                state = padding == 0 ? .head : .padding(padding)
                return .endOfContent
            case .content(let left, let padding):
                let count = Int(min(left, Int64(waiting.count - place)))
                guard count > 0 else { return nil }
                defer { place += count }
                state = .content(left: left - Int64(count), padding: padding)
                return .content(waiting[place..<place + count])
            case .padding(let left):
                let count = min(left, waiting.count - place)
                place += count
                guard count == left else {
                    state = .padding(left - count)
                    return nil
                }
                state = .head
            }
        }
    }
}

/// The head of something in an archive.
struct TarMember: Equatable {
    /// The names on the way to it, and its own.
    let path: [[UInt8]]
    let type: NodeType
    let permissions: UInt32
    let uid: UInt32
    let gid: UInt32
    let user: [UInt8]
    let group: [UInt8]
    /// Bytes of the content.
    let size: Int64
    /// Seconds since 1970.
    let modified: Int64
    /// Of a link.
    let target: [UInt8]

    /// - Parameter head: 512 bytes.
    init(_ head: [UInt8]) throws(TarError) {
        guard head.count == TarEntry.block else { throw .malformed }
        func text(_ range: Range<Int>) -> [UInt8] { Array(head[range].prefix { $0 != 0 }) }
        // The sum counts itself as spaces.
        let sum = head.enumerated().reduce(0) { $0 + ((148..<156).contains($1.offset) ? 32 : Int64($1.element)) }
        guard try Self.number(head[148..<156]) == sum else { throw .malformed }
        let (prefix, name) = (text(345..<500), text(0..<100))
        path = try Self.names(prefix.isEmpty ? name : prefix + [UInt8(ascii: "/")] + name)
        switch head[156] {
        case UInt8(ascii: "0"), 0: type = .file
        case UInt8(ascii: "2"): type = .symbolicLink
        case UInt8(ascii: "5"): type = .directory
        default: throw .unknownKind
        }
        permissions = UInt32(truncatingIfNeeded: try Self.number(head[100..<108])) & 0o7777
        (uid, gid) = (try Self.identifier(head[108..<116]), try Self.identifier(head[116..<124]))
        size = type == .file ? try Self.number(head[124..<136]) : 0
        modified = try Self.number(head[136..<148])
        (target, user, group) = (text(157..<257), text(265..<297), text(297..<329))
    }

    private static func names(_ path: [UInt8]) throws(TarError) -> [[UInt8]] {
        var names: [[UInt8]] = []
        for name in path.split(separator: UInt8(ascii: "/")).map(Array.init) where name != [0x2E] {
            guard name != [0x2E, 0x2E] else { throw .malformed }
            names.append(name)
        }
        guard path.first != UInt8(ascii: "/") else { throw .malformed }
        return names
    }

    private static func identifier(_ field: ArraySlice<UInt8>) throws(TarError) -> UInt32 {
        guard let number = UInt32(exactly: try number(field)) else { throw .malformed }
        return number
    }

    /// Octal digits; or, where they would not do, a first bit that is set and then the number itself.
    private static func number(_ field: ArraySlice<UInt8>) throws(TarError) -> Int64 {
        if field.first == 0x80 {
            let bytes = field.dropFirst().drop { $0 == 0 }
            guard bytes.count < 8 else { throw .malformed }
            return bytes.reduce(0) { $0 << 8 | Int64($1) }
        }
        let digits = field.drop { $0 == 32 }.prefix { $0 != 0 && $0 != 32 }
        guard digits.count <= 12, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "7")).contains($0) }) else {
            throw .malformed
        }
        return digits.reduce(0) { $0 << 3 | Int64($1 - UInt8(ascii: "0")) }
    }
}

/// Why an archive cannot be read.
enum TarError: Error, Equatable, CustomStringConvertible {
    case malformed
    /// It holds something that is neither a file nor a folder nor a link.
    case unknownKind

    var description: String {
        switch self {
        case .malformed: "what the server sent is no tar archive"
        case .unknownKind: "the archive that the server sent holds something of an unknown kind"
        }
    }
}
