// SPDX-License-Identifier: Apache-2.0

/// Some of the blobs of an index, in one bit for each entry of it: of ten million blobs, little more than a megabyte.
///
/// It goes with the index that it was made of, as that was then.
public struct BlobSet: Sendable {
    private var bits: [UInt64]
    /// How many blobs are in it.
    public private(set) var count = 0

    /// None of the blobs of an index.
    public init(of index: BlobIndex) {
        bits = Array(repeating: 0, count: (index.count + 63) / 64)
    }

    /// Adds a blob.
    ///
    /// - Returns: whether it is new; nil where the index does not know it.
    @discardableResult
    public mutating func insert(_ handle: BlobHandle, of index: BlobIndex) -> Bool? {
        guard let number = index.number(of: handle) else { return nil }
        return insert(number)
    }

    /// Whether a blob is in it.
    public func contains(_ handle: BlobHandle, of index: BlobIndex) -> Bool {
        index.number(of: handle).map { contains($0) } ?? false
    }

    /// Adds an entry by its number.
    @discardableResult
    mutating func insert(_ number: Int) -> Bool {
        guard !contains(number) else { return false }
        bits[number / 64] |= 1 << UInt64(number % 64)
        count += 1
        return true
    }

    func contains(_ number: Int) -> Bool {
        number / 64 < bits.count && bits[number / 64] >> UInt64(number % 64) & 1 == 1
    }
}
