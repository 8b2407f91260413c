// SPDX-License-Identifier: Apache-2.0

/// Finds where the image begins in a DICOM file (PS3.10 section 7.1, PS3.5 section 7).
enum DICOMHeader {
    /// More elements than an image has.
    private static let elementLimit = 20_000

    /// How many bytes stand before the element PixelData; nil for what is no DICOM file, or begins otherwise than known.
    static func length(of head: Span<UInt8>) -> Int? {
        guard head.count > 132 else { return nil }
        for (number, byte) in "DICM".utf8.enumerated() where head[128 + number] != byte { return nil }
        var (place, depth, isImplicit, isInMeta) = (132, 0, false, true)
        for _ in 0..<elementLimit {
            guard let tag = tag(head, place) else { return nil }
            if isInMeta, tag.group != 2 { isInMeta = false }
            if tag == pixelData, depth == 0 { return place }
            guard let element = Element(head, place, tag, isImplicit: isImplicit && !isInMeta) else { return nil }
            if tag == transferSyntax, depth == 0 {
                guard let syntax = element.text(head), !unreadable.contains(syntax) else { return nil }
                isImplicit = syntax == Array("1.2.840.10008.1.2".utf8)
            }
            switch (tag, element.length) {
            case (itemEnd, _), (sequenceEnd, _):
                depth -= 1
                guard depth >= 0 else { return nil }
                place = element.start
            case (_, nil):
                // What it holds is read as if it stood here, one deeper.
                guard element.holdsElements else { return nil }
                depth += 1
                place = element.start
            case (_, .some(let length)): place = element.start + length
            }
        }
        return nil
    }

    fileprivate struct Tag: Equatable {
        let group: UInt16
        let number: UInt16
    }

    private static let pixelData = Tag(group: 0x7FE0, number: 0x0010)
    private static let transferSyntax = Tag(group: 2, number: 0x0010)
    private static let itemEnd = Tag(group: 0xFFFE, number: 0xE00D)
    private static let sequenceEnd = Tag(group: 0xFFFE, number: 0xE0DD)
    /// Compressed as a whole, and big-endian.
    private static let unreadable = ["1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.2"].map { Array($0.utf8) }

    private static func tag(_ head: Span<UInt8>, _ place: Int) -> Tag? {
        guard let group = number16(head, place), let number = number16(head, place + 2) else { return nil }
        return Tag(group: group, number: number)
    }

    fileprivate static func number16(_ head: Span<UInt8>, _ place: Int) -> UInt16? {
        guard place >= 0, place <= head.count - 2 else { return nil }
        return UInt16(head[place]) | UInt16(head[place + 1]) << 8
    }
}

/// The head of one element.
private struct Element {
    /// Where its value begins.
    let start: Int
    /// Of its value; nil where an end follows it instead.
    let length: Int?
    let holdsElements: Bool

    /// Values of these kinds have lengths of four bytes.
    private static let long = ["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"]
        .map { Array($0.utf8) }

    init?(_ head: Span<UInt8>, _ place: Int, _ tag: DICOMHeader.Tag, isImplicit: Bool) {
        let isItem = tag.group == 0xFFFE
        if isImplicit || isItem {
            guard let length = Self.number32(head, place + 4) else { return nil }
            (start, self.length, holdsElements) = (place + 8, Self.known(length), true)
            return
        }
        guard place <= head.count - 8 else { return nil }
        let kind = [head[place + 4], head[place + 5]]
        guard kind.allSatisfy({ UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 }) else { return nil }
        guard Self.long.contains(kind) else {
            guard let length = DICOMHeader.number16(head, place + 6) else { return nil }
            (start, self.length, holdsElements) = (place + 8, Int(length), false)
            return
        }
        guard let length = Self.number32(head, place + 8) else { return nil }
        (start, self.length, holdsElements) = (place + 12, Self.known(length), kind == Array("SQ".utf8))
    }

    private static func number32(_ head: Span<UInt8>, _ place: Int) -> UInt32? {
        guard let low = DICOMHeader.number16(head, place), let high = DICOMHeader.number16(head, place + 2) else {
            return nil
        }
        return UInt32(high) << 16 | UInt32(low)
    }

    private static func known(_ length: UInt32) -> Int? {
        length == .max ? nil : Int(length)
    }

    /// The value without what fills it up.
    func text(_ head: Span<UInt8>) -> [UInt8]? {
        guard let length, length <= 64, start + length <= head.count else { return nil }
        var text: [UInt8] = []
        for place in start..<start + length where head[place] != 0 && head[place] != 0x20 { text.append(head[place]) }
        return text
    }
}
