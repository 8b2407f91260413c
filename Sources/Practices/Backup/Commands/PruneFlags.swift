// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import ResticFormat

/// How `prune` and `forget --prune` weigh space against work.
struct PruneFlags: ParsableArguments {
    @Option(
        help: "How much may stay that nobody needs: a share as `5%`, a size as `10G`, or `unlimited`.",
        transform: Self.unused)
    var maxUnused = PruneOptions.Unused.percent(5)

    @Option(help: "Pack at most so much anew, as `2G`.", transform: Self.size)
    var maxRepackSize: UInt64?

    @Option(help: "Put packs together that are shorter, as `8M`.", transform: Self.size)
    var repackSmallerThan: UInt64?

    @Flag(help: "Pack only folders anew.")
    var repackCacheableOnly = false

    @Flag(help: "Pack everything anew that is not compressed yet.")
    var repackUncompressed = false

    /// The options that they make.
    var options: PruneOptions {
        var options = PruneOptions()
        options.unused = maxUnused
        options.repackLimit = maxRepackSize ?? .max
        options.smallerThan = repackSmallerThan
        (options.repacksTreesOnly, options.compressesAll) = (repackCacheableOnly, repackUncompressed)
        return options
    }

    private static func unused(_ text: String) throws -> PruneOptions.Unused {
        if text == "unlimited" { return .unlimited }
        if text.utf8.last == UInt8(ascii: "%") {
            guard let share = Double(text.dropLast()), (0..<100).contains(share) else {
                throw ValidationError("Say a share from 0% to below 100%.")
            }
            return .percent(share)
        }
        return .bytes(try size(text))
    }

    private static func size(_ text: String) throws -> UInt64 {
        guard let bytes = ByteText.parse(text) else { throw ValidationError("Say a size as 512K, 100M or 2G.") }
        return UInt64(bytes)
    }
}
