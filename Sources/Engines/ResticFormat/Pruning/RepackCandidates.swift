// SPDX-License-Identifier: Apache-2.0

/// Chooses among packs of which something is used those that are packed anew: first what holds folders or is small, then
/// what holds most that nobody needs, until little enough of that is left.
struct RepackCandidates {
    /// So many packs have to be small before it is worth putting them together; it also ends putting one last small pack
    /// together with itself, again and again.
    private static let leastSmallPacks = 10
    private static let leastSize: UInt64 = 4 << 20

    private let options: PruneOptions
    private let version: RepositoryVersion
    /// Below it a pack is small.
    private let small: UInt64
    private var candidates: [PackState] = []
    private var smallPacks: [PackState] = []

    init(_ survey: PackSurvey, version: RepositoryVersion, _ options: PruneOptions) {
        (self.options, self.version) = (options, version)
        small = options.smallerThan ?? Self.usualSize(survey.states.values.map(\.length))
    }

    /// Four fifths of the length that all but a few packs have, so that only those few are packed anew.
    private static func usualSize(_ lengths: [UInt64]) -> UInt64 {
        guard !lengths.isEmpty else { return 0 }
        return max(leastSize, lengths.sorted()[lengths.count * 3 / 100]) / 5 * 4
    }

    mutating func consider(_ pack: PackState) {
        if options.repacksTreesOnly && pack.isData { return }
        if pack.usedBlobs < pack.blobs || pack.isMixed || mustCompress(pack) {
            candidates.append(pack)
        } else if pack.length < small {
            smallPacks.append(pack)
        }
    }

    private func mustCompress(_ pack: PackState) -> Bool {
        version == .two && pack.holdsUncompressed && (pack.holdsTrees || options.compressesAll)
    }

    /// The packs to pack anew; what that comes to is added to `counts`.
    func choose(_ counts: inout PruneCounts) -> [ObjectID] {
        let all = candidates + (smallPacks.count < Self.leastSmallPacks ? [] : smallPacks)
        let allowance = options.allowance(beside: counts.usedBytes)
        var chosen: [ObjectID] = []
        for pack in all.sorted(by: isBefore) {
            let (total, overflow) = counts.repackedBytes.addingReportingOverflow(pack.bytes)
            guard !overflow, total <= options.repackLimit else { continue }
            let isEnough = counts.leftUnusedBytes <= allowance
            let isNeeded = !pack.isData || mustCompress(pack) || pack.length < small
            guard isNeeded || !isEnough else { continue }
            chosen.append(pack.id)
            counts.repackedBlobs += pack.blobs
            counts.repackedBytes = total
            counts.droppedBlobs += pack.blobs - pack.usedBlobs
            counts.droppedBytes += pack.unusedBytes
        }
        return chosen
    }

    private func isBefore(_ one: PackState, _ other: PackState) -> Bool {
        if one.isData != other.isData { return !one.isData }
        if (one.length < small) != (other.length < small) { return one.length < small }
        let (first, second) = (
            one.unusedBytes.multipliedFullWidth(by: other.usedBytes),
            other.unusedBytes.multipliedFullWidth(by: one.usedBytes)
        )
        if first != second { return first > second }
        return one.id < other.id
    }
}
