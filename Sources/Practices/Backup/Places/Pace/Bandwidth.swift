// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// How fast bytes may go to and come from other machines.
struct Bandwidth: Sendable {
    /// Nil for as fast as they can.
    let upload: Pace?
    let download: Pace?

    static let unlimited = Bandwidth()

    /// - Parameters: KiB a second, as restic counts; nil or 0 for no limit.
    init(upload: Int? = nil, download: Int? = nil) {
        (self.upload, self.download) = (Self.pace(upload), Self.pace(download))
    }

    private static func pace(_ kibibytes: Int?) -> Pace? {
        guard let kibibytes, kibibytes > 0 else { return nil }
        return Pace(TokenBucket(rate: min(kibibytes, Int(Int32.max)) << 10))
    }
}

/// A limit that all connections of a program share.
final class Pace: Sendable {
    private let bucket: Mutex<TokenBucket>
    /// So many bytes pass at a time: small, so that they flow and do not burst.
    static let piece = 16 << 10

    init(_ bucket: TokenBucket) {
        self.bucket = Mutex(bucket)
    }

    /// Returns when these bytes may pass.
    func pass(_ count: Int) async throws {
        let wait = bucket.withLock { $0.wait(for: count, at: .now) }
        if wait > .zero { try await Task.sleep(for: wait) }
    }
}
