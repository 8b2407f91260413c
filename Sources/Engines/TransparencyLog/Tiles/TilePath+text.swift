// SPDX-License-Identifier: Apache-2.0

extension TilePath: CustomStringConvertible {
    /// `tile/<level>/<index>[.p/<width>]` or `tile/entries/<index>[.p/<width>]`, without a leading slash.
    public var description: String {
        let place =
            switch content {
            case .entries: "entries"
            case .hashes(let level): String(level)
            }
        let suffix = isPartial ? ".p/\(width)" : ""
        return "tile/\(place)/\(Self.elements(of: index))\(suffix)"
    }

    /// The path that `text` spells, byte for byte as ``description`` writes it.
    /// - Throws: ``TileError/badPath`` for every other text.
    public init(_ text: String) throws(TileError) {
        var parts = Array(text.utf8).split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)[...]
        guard text.utf8.count <= 64, parts.count >= 3, parts.removeFirst().elementsEqual("tile".utf8),
            let place = parts.popFirst(), let content = Self.content(named: place)
        else { throw .badPath }
        let width = try Self.takeWidth(from: &parts)
        guard let index = Self.index(from: parts) else { throw .badPath }
        try self.init(content: content, index: index, width: width)
    }

    private static func content(named place: ArraySlice<UInt8>) -> Content? {
        if place.elementsEqual("entries".utf8) { return .entries }
        guard let level = Decimal.parse(place), level <= 63 else { return nil }
        return .hashes(level: Int(level))
    }

    /// Removes `.p/<width>` from the end, if the path has it.
    private static func takeWidth(from parts: inout ArraySlice<ArraySlice<UInt8>>) throws(TileError) -> Int {
        guard parts.count >= 2, parts[parts.endIndex - 2].suffix(2).elementsEqual(".p".utf8) else { return fullWidth }
        guard let last = parts.popLast(), let width = Decimal.parse(last), (1...255).contains(width),
            let element = parts.popLast()
        else { throw .badPath }
        parts.append(element.dropLast(2))
        return Int(width)
    }

    /// Three digits an element, an `x` before all but the last, and no more elements than needed.
    private static func index(from parts: ArraySlice<ArraySlice<UInt8>>) -> UInt64? {
        guard let last = parts.last, last.count == 3, (1...7).contains(parts.count) else { return nil }
        var digits: [UInt8] = []
        for element in parts.dropLast() {
            guard element.count == 4, element.first == UInt8(ascii: "x") else { return nil }
            digits += element.dropFirst()
        }
        if parts.count > 1 && digits.starts(with: "000".utf8) { return nil }
        return Decimal.parsePadded(digits + last)
    }

    private static func elements(of index: UInt64) -> String {
        var text = threeDigits(index % 1000)
        var rest = index / 1000
        while rest > 0 {
            text = "x\(threeDigits(rest % 1000))/\(text)"
            rest /= 1000
        }
        return text
    }

    private static func threeDigits(_ value: UInt64) -> String {
        let digits = String(value)
        return String(repeating: "0", count: 3 - digits.utf8.count) + digits
    }
}
