// SPDX-License-Identifier: Apache-2.0

import Archives
import FHIRBundle

/// How a file is packed, as the end of its name says.
enum Packing: Sendable {
    case plain
    case gzip
    case bzip2

    /// Most bytes that a packed byte may become.
    static let largestRatio = 200
    /// What may always be unpacked: a tiny archive of repetitive JSON is no attack.
    private static let harmless = 1 << 20

    /// The content of a file whose bytes are `bytes`.
    ///
    /// - Throws: `ImportProblem.tooLarge`, `suspiciousRatio`, `damagedArchive`.
    func unpack(_ bytes: [UInt8], limit: Int = BundleLimits.standard.fileBytes) throws(ImportProblem) -> [UInt8] {
        let byRatio = max(Self.harmless, bytes.count.multipliedReportingOverflow(by: Self.largestRatio).partialValue)
        let room = min(limit, byRatio)
        let unpacked: [UInt8]?
        do {
            switch self {
            case .plain: unpacked = bytes.count <= limit ? bytes : nil
            case .gzip: unpacked = try Gunzip.unpack(bytes, room: room)
            case .bzip2: unpacked = try Bunzip2.unpack(bytes, room: room)
            }
        } catch {
            throw .damagedArchive
        }
        guard let unpacked else {
            throw room == limit ? .tooLarge(limit: limit) : .suspiciousRatio(limit: Self.largestRatio)
        }
        return unpacked
    }
}
