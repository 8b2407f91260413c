// SPDX-License-Identifier: Apache-2.0

/// Where every blob of a repository lies, in about 60 bytes a blob.
///
/// A blob may lie in several packs; all places are kept, because one may be damaged.
public struct BlobIndex: Sendable {
    /// The packs that are named.
    public private(set) var packs: [ObjectID] = []
    private var packNumbers: [ObjectID: UInt32] = [:]
    private var entries: [Entry] = []
    /// For each hash value the entry's number and one more; 0 where there is none. Always a power of two long.
    private var slots: [UInt32] = Array(repeating: 0, count: 1_024)

    private struct Entry {
        let id: ObjectID
        let pack: UInt32
        let offset: UInt32
        let length: UInt32
        let uncompressedLength: UInt32
        let type: BlobType
    }

    /// Where a blob lies.
    public struct Place: Hashable, Sendable {
        /// The pack.
        public let pack: ObjectID
        /// Where in the pack, and how long.
        public let blob: PackedBlob
    }

    /// An index of nothing.
    public init() {}

    /// How many blobs are known; one that lies in two packs counts twice.
    public var count: Int { entries.count }

    /// Adds the blobs of a pack. A pack that is there already is left as it is.
    ///
    /// - Returns: false for a pack that was there.
    @discardableResult
    public mutating func add(_ pack: IndexFile.PackEntry) -> Bool {
        guard packNumbers[pack.id] == nil else { return false }
        let number = UInt32(packs.count)
        packNumbers[pack.id] = number
        packs.append(pack.id)
        for blob in pack.blobs {
            if (entries.count + 1) * 3 > slots.count * 2 { grow() }
            entries.append(
                Entry(
                    id: blob.handle.id, pack: number, offset: blob.offset, length: blob.length,
                    uncompressedLength: blob.uncompressedLength, type: blob.handle.type))
            insert(entries.count - 1)
        }
        return true
    }

    /// Adds all packs of a file of the index.
    public mutating func add(_ file: IndexFile) {
        for pack in file.packs { add(pack) }
    }

    /// Whether a pack holds the blob.
    public func contains(_ handle: BlobHandle) -> Bool {
        first(handle) != nil
    }

    /// Whether the pack is named.
    public func containsPack(_ id: ObjectID) -> Bool {
        packNumbers[id] != nil
    }

    /// One place where the blob lies.
    public func first(_ handle: BlobHandle) -> Place? {
        var found: Place?
        forEach(handle) { place in
            found = place
            return false
        }
        return found
    }

    /// All places where the blob lies.
    public func places(_ handle: BlobHandle) -> [Place] {
        var places: [Place] = []
        forEach(handle) { place in
            places.append(place)
            return true
        }
        return places
    }

    /// All that is known.
    public func visitAll(_ body: (Place) -> Void) {
        for entry in entries { body(place(of: entry)) }
    }

    /// Everything that is known, each with its number.
    func visitNumbered(_ body: (Int, Place) -> Void) {
        for (number, entry) in entries.enumerated() { body(number, place(of: entry)) }
    }

    /// The number of the first entry of a blob, by which it is told from all others; nil where it is not known.
    func number(of handle: BlobHandle) -> Int? {
        var found: Int?
        forEachNumber(handle) { number in
            found = number
            return false
        }
        return found
    }

    /// The numbers of all entries of a blob.
    func numbers(of handle: BlobHandle) -> [Int] {
        var numbers: [Int] = []
        forEachNumber(handle) { number in
            numbers.append(number)
            return true
        }
        return numbers
    }

    /// The entry of that number.
    func place(_ number: Int) -> Place {
        place(of: entries[number])
    }

    private func forEach(_ handle: BlobHandle, _ body: (Place) -> Bool) {
        forEachNumber(handle) { body(place(of: entries[$0])) }
    }

    private func forEachNumber(_ handle: BlobHandle, _ body: (Int) -> Bool) {
        var slot = Int(truncatingIfNeeded: handle.id.leading) & (slots.count - 1)
        while slots[slot] != 0 {
            let number = Int(slots[slot]) - 1
            if entries[number].id == handle.id, entries[number].type == handle.type, !body(number) { return }
            slot = (slot + 1) & (slots.count - 1)
        }
    }

    private func place(of entry: Entry) -> Place {
        Place(
            pack: packs[Int(entry.pack)],
            blob: PackedBlob(
                BlobHandle(entry.type, entry.id), offset: entry.offset, length: entry.length,
                uncompressedLength: entry.uncompressedLength))
    }

    private mutating func insert(_ number: Int) {
        var slot = Int(truncatingIfNeeded: entries[number].id.leading) & (slots.count - 1)
        while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = UInt32(number + 1)
    }

    private mutating func grow() {
        slots = Array(repeating: 0, count: slots.count * 2)
        for number in entries.indices { insert(number) }
    }
}
