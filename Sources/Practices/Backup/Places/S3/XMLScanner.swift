// SPDX-License-Identifier: Apache-2.0

/// Reads the XML that S3 servers send: elements with text in them. Attributes are skipped, and what such answers never
/// hold (document types, CDATA, entities of one's own) is refused.
struct XMLScanner {
    /// What was read; a path is the names from the outside to the inside, with slashes between them.
    enum Event: Equatable {
        /// An element that holds text only, or nothing.
        case value([UInt8], text: [UInt8])
        /// The end of an element that holds others.
        case end([UInt8])
    }

    private static let deepest = 16

    private let bytes: [UInt8]
    private var at = 0
    private var path: [[UInt8]] = []
    private var text: [UInt8] = []
    /// Whether the element that was begun last is still open.
    private var isInnermost = false
    private var isOver = false

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The next element that ends; nil after the outermost one.
    ///
    /// - Throws: `PlaceError.garbled`.
    mutating func next() throws(PlaceError) -> Event? {
        while at < bytes.count {
            guard bytes[at] == UInt8(ascii: "<") else {
                try character()
                continue
            }
            if has("<?") {
                try skip(past: "?>")
            } else if has("<!--") {
                try skip(past: "-->")
            } else if has("<!") {
                throw Self.flaw
            } else if has("</") {
                return try close(try tag(from: at + 2))
            } else {
                let inside = try tag(from: at + 1)
                try open(inside)
                if inside.last == UInt8(ascii: "/") { return try close(path[path.count - 1]) }
            }
        }
        guard isOver else { throw Self.flaw }
        return nil
    }

    private static let flaw = PlaceError.garbled("an answer is no XML as S3 servers send it")

    private func has(_ word: String) -> Bool {
        bytes[at...].starts(with: word.utf8)
    }

    private mutating func skip(past word: String) throws(PlaceError) {
        while at < bytes.count, !has(word) { at += 1 }
        guard at < bytes.count else { throw Self.flaw }
        at += word.utf8.count
    }

    /// What stands between angle brackets, which end here.
    private mutating func tag(from start: Int) throws(PlaceError) -> [UInt8] {
        var quote: UInt8?
        for place in start..<max(start, bytes.count) {
            let byte = bytes[place]
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: ">") {
                at = place + 1
                return Array(bytes[start..<place])
            } else if byte == UInt8(ascii: "<") {
                throw Self.flaw
            }
        }
        throw Self.flaw
    }

    private mutating func open(_ inside: [UInt8]) throws(PlaceError) {
        let name = inside.prefix { !Self.isSpace($0) && $0 != UInt8(ascii: "/") }
        guard !name.isEmpty, !isOver, path.count < Self.deepest else { throw Self.flaw }
        path.append(Array(name))
        (text, isInnermost) = ([], true)
    }

    private mutating func close(_ name: [UInt8]) throws(PlaceError) -> Event {
        let name = name.prefix { !Self.isSpace($0) }
        guard let last = path.last, last.elementsEqual(name) else { throw Self.flaw }
        let whole = Array(path.joined(separator: [UInt8(ascii: "/")]))
        let event = isInnermost ? Event.value(whole, text: text) : .end(whole)
        path.removeLast()
        (text, isInnermost, isOver) = ([], false, path.isEmpty)
        return event
    }

    private mutating func character() throws(PlaceError) {
        guard bytes[at] == UInt8(ascii: "&") else {
            if path.isEmpty {
                guard Self.isSpace(bytes[at]) || at < 3 else { throw Self.flaw }
            } else {
                text.append(bytes[at])
            }
            at += 1
            return
        }
        // The longest there is: &#x10FFFF;
        guard !path.isEmpty, let end = bytes[at...].prefix(10).firstIndex(of: UInt8(ascii: ";")) else {
            throw Self.flaw
        }
        try appendMeaning(of: String(decoding: bytes[at + 1..<end], as: UTF8.self))
        at = end + 1
    }

    private mutating func appendMeaning(of entity: String) throws(PlaceError) {
        switch entity {
        case "amp": text.append(UInt8(ascii: "&"))
        case "lt": text.append(UInt8(ascii: "<"))
        case "gt": text.append(UInt8(ascii: ">"))
        case "quot": text.append(UInt8(ascii: "\""))
        case "apos": text.append(UInt8(ascii: "'"))
        default:
            let isHexadecimal = entity.hasPrefix("#x")
            guard entity.hasPrefix("#"),
                let number = UInt32(entity.dropFirst(isHexadecimal ? 2 : 1), radix: isHexadecimal ? 16 : 10),
                let scalar = Unicode.Scalar(number), let units = UTF8.encode(scalar)
            else { throw Self.flaw }
            text += units
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }
}
