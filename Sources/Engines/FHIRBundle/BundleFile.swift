// SPDX-License-Identifier: Apache-2.0

import Codecs

/// The resources of a file: a FHIR R4 Bundle, NDJSON of resources or Bundles, or a single resource.
public struct BundleFile: Sendable {
    /// What the file is.
    public let form: Form
    /// The file's content.
    public let bytes: [UInt8]
    /// All resources in the order of the file.
    public let entries: [BundleEntry]

    /// What a file can be.
    public enum Form: Sendable {
        /// One Bundle.
        case bundle
        /// One resource that is no Bundle.
        case resource
        /// A resource or Bundle on each line.
        case lines
    }

    /// Reads a file's content.
    ///
    /// - Throws: `BundleError` for the first thing that is wrong; nothing of such a file is taken in.
    public static func parse(
        _ bytes: [UInt8], limits: BundleLimits = .standard
    ) throws(BundleError) -> BundleFile {
        guard bytes.count <= limits.fileBytes else { throw .fileTooLarge(limit: limits.fileBytes) }
        let json = JSONLimits(bytes: limits.fileBytes, depth: limits.depth)
        var reader = EntryReader(limits: limits)
        let firstEnd = firstLineEnd(bytes)
        // A file whose first line is a document of its own, and goes on, is NDJSON.
        if let firstEnd, let first = try? JSONDocument.parse(bytes, in: 0..<firstEnd, limits: json) {
            try reader.read(first.root)
            try readLines(bytes, from: firstEnd, &reader, json)
            return BundleFile(form: .lines, bytes: bytes, entries: reader.entries)
        }
        let document = try parseJSON(bytes, 0..<bytes.count, json)
        try reader.read(document.root)
        let isBundle = document.root["resourceType"]?.means("Bundle") ?? false
        return BundleFile(form: isBundle ? .bundle : .resource, bytes: bytes, entries: reader.entries)
    }

    /// The JSON of an entry, byte for byte.
    public func resource(_ entry: BundleEntry) -> ArraySlice<UInt8> {
        bytes[entry.resource.clamped(to: bytes.indices)]
    }

    /// The end of the first line that is not blank, if something other than white space follows it.
    private static func firstLineEnd(_ bytes: [UInt8]) -> Int? {
        guard let start = bytes.firstIndex(where: { !isSpace($0) }),
            let end = bytes[start...].firstIndex(of: 0x0A),
            bytes[end...].contains(where: { !isSpace($0) })
        else { return nil }
        return end
    }

    private static func readLines(
        _ bytes: [UInt8], from start: Int, _ reader: inout EntryReader, _ json: JSONLimits
    ) throws(BundleError) {
        var at = start
        while at < bytes.count {
            let end = bytes[at...].firstIndex(of: 0x0A) ?? bytes.count
            if bytes[at..<end].contains(where: { !isSpace($0) }) {
                try reader.read(try parseJSON(bytes, at..<end, json).root)
            }
            at = end + 1
        }
    }

    private static func parseJSON(
        _ bytes: [UInt8], _ range: Range<Int>, _ limits: JSONLimits
    ) throws(BundleError) -> JSONDocument {
        guard bytes[range].contains(where: { !isSpace($0) }) else { throw .empty }
        do {
            return try JSONDocument.parse(bytes, in: range, limits: limits)
        } catch {
            throw .malformedJSON("\(error)")
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }
}
