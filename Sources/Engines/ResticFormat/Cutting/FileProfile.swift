// SPDX-License-Identifier: Apache-2.0

/// What kind of file one is, by how it begins, as far as that decides where it is best cut. In a snapshot a file is a list
/// of parts, and any parts do: every restic restores them.
public enum FileProfile: Equatable, Sendable {
    /// Parts that shift when something is put in between: cut where the bytes say so.
    case ordinary
    /// Pages that change in place: images of disks, and databases.
    case pages
    /// A DICOM file: so many bytes that are edited now and then, before an image that is not.
    case imageAfter(Int)

    /// How many bytes of the beginning are worth looking at.
    public static let headLength = 256 << 10
    /// Shorter files of pages are cut like any other: they are one part or two.
    public static let leastOfPages: Int64 = 2 << 20

    /// - Parameters:
    ///   - head: the first ``headLength`` bytes, or all of a shorter file.
    ///   - size: of the whole file, in bytes.
    public init(head: Span<UInt8>, size: Int64) {
        if size >= Self.leastOfPages, Self.hasPages(head, size) {
            self = .pages
        } else if let length = DICOMHeader.length(of: head), length < size {
            self = .imageAfter(length)
        } else {
            self = .ordinary
        }
    }

    private static let signatures: [(place: Int, bytes: [UInt8])] = [
        (0, Array("QFI\u{FB}".unicodeScalars.map { UInt8($0.value) })),  // QCOW2
        (0, Array("KDMV".utf8)),  // VMDK
        (0, Array("vhdxfile".utf8)), (0, Array("conectix".utf8)),  // VHDX, VHD
        (64, [0x7F, 0x10, 0xDA, 0xBE]),  // VDI
        (0, Array("SQLite format 3\0".utf8)),
        (512, Array("EFI PART".utf8)),  // a disk with a GUID partition table
        (1_080, [0x53, 0xEF]),  // an ext file system
    ]

    private static func hasPages(_ head: Span<UInt8>, _ size: Int64) -> Bool {
        for signature in signatures where has(signature.bytes, at: signature.place, head) { return true }
        // A boot sector, on something that consists of sectors.
        return has([0x55, 0xAA], at: 510, head) && size % 512 == 0 || isPostgreSQL(head, size)
    }

    private static func has(_ bytes: [UInt8], at place: Int, _ head: Span<UInt8>) -> Bool {
        guard head.count >= place + bytes.count else { return false }
        for (number, byte) in bytes.enumerated() where head[place + number] != byte { return false }
        return true
    }

    /// Whether the first two pages are those of a table or an index: each says its size, and where its free room is
    /// (PostgreSQL, "Database Page Layout").
    private static func isPostgreSQL(_ head: Span<UInt8>, _ size: Int64) -> Bool {
        let page = 8_192
        guard size % Int64(page) == 0, head.count >= 2 * page else { return false }
        for start in [0, page] {
            let (lower, upper, special) = (word(head, start + 12), word(head, start + 14), word(head, start + 16))
            guard word(head, start + 18) == page | 4, lower >= 24, lower <= upper, upper <= special, special <= page
            else { return false }
        }
        return true
    }

    private static func word(_ head: Span<UInt8>, _ place: Int) -> Int {
        Int(head[place]) | Int(head[place + 1]) << 8
    }
}

/// Where a file is cut.
public struct Cutting: Sendable {
    private let chunker: Chunker
    private let profile: FileProfile
    private let fixed: FixedCutter

    /// Blocks of this length, up to files of 64 GiB; longer ones have longer blocks, so that there are not too many.
    static let block: Int64 = 128 << 10

    /// - Parameter size: of the whole file, in bytes.
    public init(_ profile: FileProfile, _ chunker: Chunker, size: Int64) {
        (self.profile, self.chunker) = (profile, chunker)
        var block = Self.block
        while block < Int64(Chunker.most), size / block > 1 << 19 { block *= 2 }
        fixed = FixedCutter(length: Int(block))
    }

    /// How many of the bytes make the next part; nil when more of the file is needed to tell.
    ///
    /// - Parameters:
    ///   - bytes: the file from `offset` on, where a part begins, as far as it was read.
    ///   - known: how many of them an earlier call has seen already, which answered nil.
    ///   - isLast: whether the file ends there.
    public func cut(_ bytes: Span<UInt8>, at offset: Int64, after known: Int = 0, isLast: Bool) -> Int? {
        switch profile {
        case .ordinary: break
        case .pages: return fixed.cut(bytes, isLast: isLast)
        case .imageAfter(let length):
            if offset == 0, length <= Chunker.most {
                if bytes.count >= length { return length }
                if !isLast { return nil }
            }
        }
        return chunker.cut(bytes, after: known, isLast: isLast)
    }
}
