// SPDX-License-Identifier: Apache-2.0

import Codecs
import ResticFormat

/// Where the parts of a PostgreSQL server are in a snapshot.
struct ClusterLayout: Sendable {
    private let top: [[UInt8]]
    /// When the backup began.
    private let time: Timestamp

    init(name: String, _ time: Timestamp) {
        (top, self.time) = ([Array("postgres".utf8), Array(name.utf8)], time)
    }

    /// The server whose log has these paths; nil where they are no log.
    static func server(ofLog paths: [String]) -> String? {
        guard paths.count == 1, let path = paths.first else { return nil }
        let names = Targets.names(of: path, from: "/").map { String(decoding: $0, as: UTF8.self) }
        guard names.count == 4, names[0] == "postgres", names[2...] == ["data", "pg_wal"] else { return nil }
        return PostgresSource.isName(names[1]) ? names[1] : nil
    }

    /// The data folder.
    var data: [[UInt8]] { top + [Array("data".utf8)] }

    /// Where the file is that says of what the backup is.
    var notePath: [[UInt8]] { top + [Array("salus.json".utf8)] }

    /// The folder of the log.
    var log: [[UInt8]] { data + [Array("pg_wal".utf8)] }

    /// Where the file is that says to which backup a log belongs.
    var logNotePath: [[UInt8]] { top + [Array("log.json".utf8)] }

    /// Where something of an archive is: of a tablespace, or of the data folder.
    func path(_ path: [[UInt8]], tablespace: UInt32?) -> [[UInt8]] {
        guard let tablespace else { return data + path }
        return self.tablespace(tablespace) + path
    }

    /// The folder of a tablespace.
    func tablespace(_ number: UInt32) -> [[UInt8]] {
        top + [Array("tablespaces".utf8), Array("\(number)".utf8)]
    }

    /// Where the link in the data folder that stands for a tablespace leads. It stays inside of what is restored: the place
    /// that the server knows may be in use when something is restored beside it.
    static func target(ofTablespace number: [UInt8]) -> [UInt8] {
        Array("../../tablespaces/".utf8) + number
    }

    /// A path in the data folder, as the server's list of files has it.
    func manifestPath(_ path: [[UInt8]]) -> [UInt8]? {
        if path.starts(with: data) { return Self.joined(path.dropFirst(data.count)) }
        guard path.count > top.count + 2, path.starts(with: top), path[top.count] == Array("tablespaces".utf8) else {
            return nil
        }
        return Array("pg_tblspc/".utf8) + Self.joined(path.dropFirst(top.count + 1))
    }

    private static func joined(_ names: ArraySlice<[UInt8]>) -> [UInt8] {
        Array(names.joined(separator: [UInt8(ascii: "/")]))
    }

    /// A folder that no server sent.
    var folder: Node {
        var node = Node(name: [], type: .directory)
        node.mode = FileMode(unix: 0o040755)
        (node.modified, node.accessed, node.changed) = (time, time, time)
        return node
    }

    /// The file that says of what the backup is.
    func note(_ facts: CanonicalValue, _ archiver: Archiver) async throws -> Node {
        let text = try facts.encode() + [0x0A]
        let stored = try await archiver.store.store(text, .data)
        var node = Node(name: [], type: .file)
        node.mode = FileMode(unix: 0o100644)
        (node.modified, node.accessed, node.changed) = (time, time, time)
        (node.size, node.links, node.content) = (UInt64(text.count), 1, [stored.id])
        return node
    }
}
