// SPDX-License-Identifier: Apache-2.0

package import Kernel

/// The log of a PostgreSQL server from one place on, as it streams it to its replicas (PostgreSQL, "Streaming Replication
/// Protocol", START_REPLICATION), as far as it had written it when this began. Blocks, and is used by one thread at a time.
package final class LogStream {
    private let connection: ReplicationConnection
    /// The number that a server and its replicas share.
    package let systemIdentifier: String
    /// The branch of the server's history.
    package let timeline: UInt32
    /// Bytes of each file of the log.
    package let segmentSize: UInt64
    /// Up to where the server had written when this began.
    package let end: LogPosition
    /// From where on the next piece is.
    package private(set) var position: LogPosition

    /// Connects, and asks how far the server is.
    ///
    /// - Throws: `Fault` that says what the server lacks.
    package init(_ connection: String) throws(Fault) {
        self.connection = try ReplicationConnection(connection)
        guard let row = try self.connection.rows("IDENTIFY_SYSTEM").first, row.count >= 3, let identifier = row[0],
            let timeline = row[1].flatMap(UInt32.init), let end = row[2].flatMap(LogPosition.init),
            let size = try self.connection.rows("SHOW wal_segment_size").first?.first?.flatMap(Self.bytes)
        else { throw BaseBackup.unexpected }
        (systemIdentifier, self.timeline, self.end, segmentSize) = (identifier, timeline, end, size)
        position = end
    }

    /// `16MB`, `1GB`.
    private static func bytes(_ text: String) -> UInt64? {
        guard let number = UInt64(text.prefix { $0.isNumber }), number <= 1_024 else { return nil }
        let size = text.hasSuffix("GB") ? number << 30 : text.hasSuffix("MB") ? number << 20 : 0
        // As PostgreSQL allows them: a power of two, 1 MiB to 1 GiB.
        return size >= 1 << 20 && size <= 1 << 30 && size & (size - 1) == 0 ? size : nil
    }

    /// Begins to stream from a place on, which is the first of a segment.
    ///
    /// - Throws: `Fault`, also when the server threw that part of its log away.
    package func begin(at start: LogPosition) throws(Fault) {
        position = start
        guard start < end else { return }
        try connection.send("START_REPLICATION PHYSICAL \(start.text) TIMELINE \(timeline)")
        guard try connection.next()?.isCopy == true else { throw BaseBackup.unexpected }
    }

    /// The next bytes of the log; nil at the end.
    package func next() throws(Fault) -> ArraySlice<UInt8>? {
        while position < end {
            guard let message = try connection.copied() else {
                // The answer says why.
                _ = try connection.next()
                throw ReplicationFault.lost
            }
            // Other messages say how far the server is, and nobody waits for an answer.
            guard message.first == UInt8(ascii: "w"), message.count > 25 else { continue }
            let place = message[1..<9].reduce(0) { $0 << 8 | UInt64($1) }
            guard place == position.bytes else { throw BaseBackup.unexpected }
            let bytes = message[25...].prefix(Int(clamping: end.bytes - position.bytes))
            position = LogPosition(bytes: position.bytes + UInt64(bytes.count))
            return bytes
        }
        return nil
    }
}
