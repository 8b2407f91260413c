// SPDX-License-Identifier: Apache-2.0

import CRestic

/// Says where to cut a file, so that equal parts of different files are found again (github.com/restic/chunker): at the
/// first place, at least 512 KiB and at most 8 MiB on, where the remainder of the last 64 bytes ends in 20 zero bits.
///
/// Nothing is remembered between cuts: where to cut depends on the bytes alone.
public final class Chunker: Sendable {
    /// No part but a file's last is shorter.
    public static let least = 512 << 10
    /// No part is longer.
    public static let most = 8 << 20
    private static let window = 64

    private let tables: crestic_rabin

    /// The cuts by `polynomial`.
    public init(_ polynomial: Polynomial) {
        var tables = crestic_rabin()
        unsafe crestic_rabin_tables(polynomial.bits, &tables)
        self.tables = tables
    }

    /// How many of the bytes make the next part; nil when more of the file is needed to tell.
    ///
    /// - Parameters:
    ///   - bytes: the file from the last cut on, as far as it was read.
    ///   - known: how many of them an earlier call has seen already, which answered nil.
    ///   - isLast: whether the file ends there.
    public func cut(_ bytes: Span<UInt8>, after known: Int = 0, isLast: Bool) -> Int? {
        let end = min(bytes.count, Self.most)
        guard bytes.count >= Self.least else { return isLast && end > 0 ? end : nil }
        let found = unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe withUnsafePointer(to: tables) { tables in
                unsafe crestic_rabin_find(tables, bytes.baseAddress, max(Self.least, known), end)
            }
        }
        // SIZE_MAX, that there is none, is -1 here.
        if found >= 0, found <= end { return found }
        return isLast || end == Self.most ? end : nil
    }
}

/// Cuts of equal length, for files whose parts change in place: images of virtual machines, databases. Any length from
/// 4 KiB to 8 MiB reads back with every restic.
public struct FixedCutter: Sendable {
    /// Bytes of every part but the last.
    public let length: Int

    /// A cutter of `length` bytes, brought to the nearest length that is possible.
    public init(length: Int = 128 << 10) {
        self.length = min(max(length, 4 << 10), Chunker.most)
    }

    /// As ``Chunker/cut(_:after:isLast:)``.
    public func cut(_ bytes: Span<UInt8>, isLast: Bool) -> Int? {
        if bytes.count >= length { return length }
        return isLast && bytes.count > 0 ? bytes.count : nil
    }
}
