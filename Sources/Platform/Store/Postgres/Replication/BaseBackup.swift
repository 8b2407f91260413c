// SPDX-License-Identifier: Apache-2.0

package import Kernel

/// A base backup of a whole PostgreSQL server, as it streams it (PostgreSQL, "Streaming Replication Protocol",
/// BASE_BACKUP), from version 13 on: tar archives, one for each tablespace, with the log that makes them consistent, and a
/// manifest with the SHA-256 of every file.
///
/// The server verifies the checksum of every page that it sends, where it keeps checksums, and tells which files hold wrong
/// ones. Blocks, and is used by one thread at a time. When it goes away, the server gives up.
package final class BaseBackup {
    private let connection: ReplicationConnection
    private var stream: BackupStream
    /// How the backup began.
    package let start: Start
    /// How it ended; nil before the end.
    package private(set) var end: End?

    /// How a backup began.
    package struct Start: Sendable {
        /// As the server calls it: `15.18 (Debian 15.18-0+deb12u1)`.
        package let serverVersion: String
        /// The number that a server and its replicas share.
        package let systemIdentifier: String
        /// The branch of the server's history.
        package let timeline: UInt32
        /// Where in the log recovery begins.
        package let position: LogPosition
        /// Whether pages have checksums.
        package let hasChecksums: Bool
        /// Where each tablespace but the two standard ones is on the server.
        package let tablespaces: [Tablespace]
    }

    /// A place outside the data folder.
    package struct Tablespace: Sendable {
        /// The number under which the data folder knows it.
        package let number: UInt32
        /// Its folder on the server.
        package let location: String
    }

    /// How a backup ended.
    package struct End: Sendable {
        /// Up to where in the log recovery has to go.
        package let position: LogPosition
        /// Whether the server found a page with a wrong checksum.
        package let hasWrongPages: Bool
        /// Files that hold such a page, as far as the server told.
        package let damagedFiles: [String]
    }

    /// A piece of the stream.
    package enum Piece: Sendable {
        /// A tar archive begins: of a tablespace, or of the data folder.
        case archive(tablespace: UInt32?)
        /// The manifest begins.
        case manifest
        /// Bytes of the archive or the manifest.
        case bytes([UInt8])
    }

    /// Connects, and lets the server begin.
    ///
    /// - Parameters:
    ///   - connection: a URI or a string of keywords and values (PostgreSQL, "Connection Strings").
    ///   - label: what the server's own files call the backup: letters, digits and hyphens.
    /// - Throws: `Fault` that says what the server lacks.
    package init(_ connection: String, label: String) throws(Fault) {
        self.connection = try ReplicationConnection(connection)
        guard self.connection.version >= 130_000 else {
            throw Fault(.unavailable, "Backups are made of PostgreSQL 13 and newer; this server is older.")
        }
        let isOld = self.connection.version < 150_000
        let (identifier, timeline) = try Self.identify(self.connection)
        let hasChecksums = try self.connection.rows("SHOW data_checksums").first?.first == "on"
        try Self.keepLog(self.connection)
        try self.connection.send(Self.command(label: label, isOld: isOld))
        guard let position = try self.connection.next()?.texts().first?.first.flatMap({ $0 }).flatMap(LogPosition.init),
            let spaces = try self.connection.next()?.texts(), try self.connection.next()?.isCopy == true
        else { throw Self.unexpected }
        let tablespaces = try spaces.map(Self.tablespace)
        start = Start(
            serverVersion: self.connection.parameter("server_version"), systemIdentifier: identifier,
            timeline: timeline, position: position, hasChecksums: hasChecksums,
            tablespaces: tablespaces.compactMap { $0 })
        stream = isOld ? .separate(tablespaces.map { $0?.number }, next: 0) : .tagged
    }

    static let unexpected = Fault(.unavailable, "The PostgreSQL server answered what this program does not understand.")

    private static func identify(_ connection: ReplicationConnection) throws(Fault) -> (String, UInt32) {
        guard let row = try connection.rows("IDENTIFY_SYSTEM").first, row.count >= 2, let identifier = row[0],
            let timeline = row[1].flatMap(UInt32.init)
        else { throw unexpected }
        return (identifier, timeline)
    }

    /// Keeps the server from throwing away the log of the backup while it runs, where it has a slot left for that.
    private static func keepLog(_ connection: ReplicationConnection) throws(Fault) {
        let name = "salus_" + String(UInt64.random(in: 0...UInt64.max), radix: 36)
        do {
            _ = try connection.rows("CREATE_REPLICATION_SLOT \(name) TEMPORARY PHYSICAL RESERVE_WAL")
        } catch {
            // Without a slot the log may go too early; then the backup fails, and says so.
            guard ["53400", "55000"].contains((error.cause as? PostgresError)?.state) else { throw error }
        }
    }

    private static func command(label: String, isOld: Bool) -> String {
        // INVARIANT: the label is ours; a quote in it would end it.
        let label = label.filter { $0 != "'" && $0 != "\\" }
        return isOld
            ? "BASE_BACKUP LABEL '\(label)' FAST WAL MANIFEST 'yes' MANIFEST_CHECKSUMS 'SHA256'"
            : "BASE_BACKUP (LABEL '\(label)', CHECKPOINT 'fast', WAL, MANIFEST 'yes', MANIFEST_CHECKSUMS 'SHA256')"
    }

    /// A tablespace; nil for the data folder, which has no number.
    private static func tablespace(_ row: [String?]) throws(Fault) -> Tablespace? {
        guard row.count >= 2 else { throw unexpected }
        guard let text = row[0] else { return nil }
        guard let number = UInt32(text), let location = row[1] else { throw unexpected }
        return Tablespace(number: number, location: location)
    }

    /// The next piece; nil at the end, when ``end`` is known.
    ///
    /// - Throws: `Fault` when the server stops, or finds that the backup cannot be used.
    package func next() throws(Fault) -> Piece? {
        while end == nil {
            if let piece = stream.opening() { return piece }
            guard let message = try connection.copied() else {
                try endOfCopy()
                continue
            }
            if let piece = try stream.piece(message) { return piece }
        }
        return nil
    }

    /// What follows a copy: another one, or where the log ends.
    private func endOfCopy() throws(Fault) {
        guard let result = try connection.next() else { throw Self.unexpected }
        if result.isCopy { return stream.nextCopy() }
        guard let position = result.texts().first?.first.flatMap({ $0 }).flatMap(LogPosition.init) else {
            throw Self.unexpected
        }
        var hasWrongPages = false
        do {
            while try connection.next() != nil {}
        } catch {
            // Everything was sent; what the server found wrong are pages.
            guard (error.cause as? PostgresError)?.state == "XX001" else { throw error }
            hasWrongPages = true
        }
        let files = connection.damagedFiles
        end = End(position: position, hasWrongPages: hasWrongPages || !files.isEmpty, damagedFiles: files)
    }
}

/// How a server separates archives: since version 15 by messages within one copy, before by a copy for each.
enum BackupStream {
    case tagged
    /// - Parameter next: the copy whose beginning is to be told.
    case separate([UInt32?], next: Int, isTold: Bool = false)

    /// The beginning of a copy that is not told yet.
    mutating func opening() -> BaseBackup.Piece? {
        guard case .separate(let numbers, let next, false) = self else { return nil }
        self = .separate(numbers, next: next, isTold: true)
        return next < numbers.count ? .archive(tablespace: numbers[next]) : .manifest
    }

    mutating func nextCopy() {
        guard case .separate(let numbers, let next, _) = self else { return }
        self = .separate(numbers, next: next + 1)
    }

    /// What a message means; nil for what only says how far the server is.
    func piece(_ message: [UInt8]) throws(Fault) -> BaseBackup.Piece? {
        guard case .tagged = self else { return .bytes(message) }
        switch message.first {
        case UInt8(ascii: "d"): return .bytes(Array(message.dropFirst()))
        case UInt8(ascii: "m"): return .manifest
        case UInt8(ascii: "p"): return nil
        case UInt8(ascii: "n"):
            let name = String(decoding: message.dropFirst().prefix { $0 != 0 }, as: UTF8.self)
            if name == "base.tar" { return .archive(tablespace: nil) }
            guard name.hasSuffix(".tar"), let number = UInt32(name.dropLast(4)) else { throw BaseBackup.unexpected }
            return .archive(tablespace: number)
        default: throw BaseBackup.unexpected
        }
    }
}
