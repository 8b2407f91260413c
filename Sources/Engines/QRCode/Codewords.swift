// SPDX-License-Identifier: Apache-2.0

/// The bytes that are laid into a symbol: mode, count, content, padding, then correction, interleaved by block.
enum Codewords {
    /// - Precondition: the content fits into the version.
    static func make(of content: [UInt8], version: QRVersion, level: QRCorrection) -> [UInt8] {
        interleaved(data(of: content, version: version, level: level), version: version, level: level)
    }

    /// Byte mode (7.4.5), the terminator and the padding (7.4.9, 7.4.10).
    private static func data(of content: [UInt8], version: QRVersion, level: QRCorrection) -> [UInt8] {
        let byteMode = 0b0100
        var bits = BitWriter()
        bits.append(byteMode, count: 4)
        bits.append(content.count, count: version.countBits)
        for byte in content { bits.append(Int(byte), count: 8) }
        // Mode and count end in the middle of a byte, so that four bits of terminator always fit and fill it.
        bits.append(0, count: 4)
        var data = bits.bytes
        var padding: UInt8 = 0xEC
        while data.count < version.dataCount(level) {
            data.append(padding)
            padding ^= 0xEC ^ 0x11
        }
        return data
    }

    /// Blocks column by column, the data first; the later blocks may be one codeword longer (7.6).
    private static func interleaved(_ data: [UInt8], version: QRVersion, level: QRCorrection) -> [UInt8] {
        let blockCount = version.blockCount(level)
        let (short, longBlocks) = data.count.quotientAndRemainder(dividingBy: blockCount)
        var blocks: [ArraySlice<UInt8>] = []
        var rest = data[...]
        for number in 0..<blockCount {
            let count = number < blockCount - longBlocks ? short : short + 1
            blocks.append(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        let correctionCount = version.correctionCount(level)
        let corrections = blocks.map { ReedSolomon.correction(for: $0, count: correctionCount)[...] }
        return columns(of: blocks, longest: short + 1) + columns(of: corrections, longest: correctionCount)
    }

    private static func columns(of blocks: [ArraySlice<UInt8>], longest: Int) -> [UInt8] {
        (0..<longest).flatMap { column in blocks.compactMap { $0.dropFirst(column).first } }
    }
}

/// Collects numbers as bits, the highest first.
private struct BitWriter {
    private(set) var bytes: [UInt8] = []
    private var used = 8

    mutating func append(_ value: Int, count: Int) {
        for bit in (0..<count).reversed() {
            if used == 8 {
                bytes.append(0)
                used = 0
            }
            bytes[bytes.count - 1] |= UInt8(value >> bit & 1) << UInt8(7 - used)
            used += 1
        }
    }
}
