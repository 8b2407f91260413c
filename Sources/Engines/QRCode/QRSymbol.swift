// SPDX-License-Identifier: Apache-2.0

/// A QR code: a square of dark and light modules. Draw it dark on light, with four light modules around it, or phones
/// will not find it.
public struct QRSymbol: Sendable {
    /// Light modules that must surround the symbol on each side.
    public static let quietZone = 4

    /// The size class, 1 to 20.
    public let version: Int
    /// The mask, 0 to 7, that was easiest to read.
    public let mask: Int
    /// How much damage the symbol bears.
    public let correction: QRCorrection
    /// The rows from top to bottom, `true` for dark.
    public let rows: [[Bool]]

    /// Modules on each side, the quiet zone not counted.
    public var size: Int { rows.count }

    /// The smallest symbol that holds the bytes, in byte mode. Readers take them for UTF-8 or Latin-1: keep to ASCII.
    /// - Throws: `contentTooLong` beyond version 20: 858 bytes at `low`, 666 at `medium`.
    public init(encoding content: [UInt8], correction: QRCorrection = .medium) throws(QRCodeError) {
        let versions = QRVersion.all.map(QRVersion.init(number:))
        guard let version = versions.first(where: { $0.capacity(correction) >= content.count }) else {
            throw .contentTooLong(limit: versions.last?.capacity(correction) ?? 0)
        }
        var grid = ModuleGrid(version: version)
        grid.draw(Codewords.make(of: content, version: version, level: correction))
        var best = (mask: 0, grid: grid.masked(0, level: correction))
        var fewest = Penalty.points(of: best.grid)
        for mask in 1..<8 {
            let candidate = grid.masked(mask, level: correction)
            let points = Penalty.points(of: candidate)
            if points < fewest { (best, fewest) = ((mask, candidate), points) }
        }
        self.version = version.number
        self.correction = correction
        mask = best.mask
        rows = best.grid.rows
    }

    /// The smallest symbol that holds the text's UTF-8 bytes.
    /// - Throws: `contentTooLong`.
    public init(encoding text: String, correction: QRCorrection = .medium) throws(QRCodeError) {
        try self.init(encoding: Array(text.utf8), correction: correction)
    }
}
