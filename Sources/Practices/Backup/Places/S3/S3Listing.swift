// SPDX-License-Identifier: Apache-2.0

/// A page of the list of what is in a bucket (Amazon S3 API, ListObjectsV2).
struct S3Listing: Equatable {
    struct Entry: Equatable {
        let key: [UInt8]
        let length: Int
    }

    var entries: [Entry] = []
    /// Where the next page begins; nil for the last one.
    var next: String?

    private static let result = Array("ListBucketResult".utf8)
    private static let contents = Array("ListBucketResult/Contents".utf8)
    private static let key = Array("ListBucketResult/Contents/Key".utf8)
    private static let size = Array("ListBucketResult/Contents/Size".utf8)
    private static let truncated = Array("ListBucketResult/IsTruncated".utf8)
    private static let token = Array("ListBucketResult/NextContinuationToken".utf8)
    private static let code = Array("Error/Code".utf8)

    /// Reads the XML of an answer.
    ///
    /// - Throws: `PlaceError.garbled`.
    static func read(_ xml: [UInt8]) throws(PlaceError) -> S3Listing {
        var scanner = XMLScanner(xml)
        var listing = S3Listing()
        var (key, size): ([UInt8]?, [UInt8]?) = (nil, nil)
        var (isTruncated, token): (Bool, [UInt8]?) = (false, nil)
        var isList = false
        while let event = try scanner.next() {
            switch event {
            case .value(Self.key, let text): key = text
            case .value(Self.size, let text): size = text
            case .value(Self.truncated, let text): isTruncated = text == Array("true".utf8)
            case .value(Self.token, let text): token = text
            case .end(Self.contents):
                guard let name = key, let digits = size,
                    let length = Int(String(decoding: digits, as: UTF8.self)), length >= 0
                else { throw .garbled("an object in a list has no name, or no size") }
                listing.entries.append(Entry(key: name, length: length))
                (key, size) = (nil, nil)
            case .value(Self.result, _), .end(Self.result): isList = true
            default: break
            }
        }
        guard isList else { throw .garbled("a list of objects is no list") }
        guard isTruncated else { return listing }
        guard let token, !token.isEmpty else { throw .garbled("a list of objects does not say how it goes on") }
        listing.next = String(decoding: token, as: UTF8.self)
        return listing
    }

    /// The code of an error, of letters and digits only; nil where an answer holds none.
    static func errorCode(_ xml: [UInt8]) -> String? {
        var scanner = XMLScanner(xml)
        while let event = try? scanner.next() {
            guard case .value(Self.code, let text) = event else { continue }
            let word = String(decoding: text, as: UTF8.self)
            return word.utf8.count <= 64 && word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) } ? word : nil
        }
        return nil
    }

    private static let lockMode = Array("ObjectLockConfiguration/Rule/DefaultRetention/Mode".utf8)
    private static let lockDays = Array("ObjectLockConfiguration/Rule/DefaultRetention/Days".utf8)
    private static let lockYears = Array("ObjectLockConfiguration/Rule/DefaultRetention/Years".utf8)

    /// For how many days nobody, not even a bucket's owner, deletes a new object; nil where the configuration says no such
    /// thing.
    static func lockedDays(_ xml: [UInt8]) -> Int? {
        var scanner = XMLScanner(xml)
        var (isStrict, days) = (false, 0)
        while let event = try? scanner.next() {
            switch event {
            case .value(Self.lockMode, let text): isStrict = text == Array("COMPLIANCE".utf8)
            case .value(Self.lockDays, let text): days = number(text)
            case .value(Self.lockYears, let text): days = number(text).multipliedReportingOverflow(by: 365).partialValue
            default: break
            }
        }
        return isStrict && days > 0 ? days : nil
    }

    private static func number(_ text: [UInt8]) -> Int {
        text.count <= 6 ? Int(String(decoding: text, as: UTF8.self)) ?? 0 : 0
    }
}
