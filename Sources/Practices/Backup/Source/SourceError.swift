// SPDX-License-Identifier: Apache-2.0

import Building

/// Why no snapshot was made of a source.
enum SourceError: Error, Equatable, CustomStringConvertible {
    /// The name of a database server is to be a part of a path.
    case name
    /// There is no room for the copy of a database.
    case room(folder: String, bytes: Int64)
    /// No data folder with an embedded store.
    case noState(folder: String)
    /// The log was being written all the time.
    case busyLog
    /// What the server sent ended too early.
    case incomplete
    /// The server's list of what it sent cannot be read.
    case manifest
    /// A file did not arrive as the server's list has it.
    case altered(file: String)
    /// There is no base backup that a log could continue.
    case noBase(name: String)
    /// A part of the log is missing without which the files do not make a database.
    case log(segment: String)

    var description: String {
        switch self {
        case .name: "a name of a database server has small letters, digits, `.`, `_` and `-`, and begins with a letter"
        case .room(let folder, let bytes):
            "a copy of the database needs \(ByteText.of(bytes)) in \(folder), which are not free; name another folder "
                + "with TMPDIR"
        case .noState(let folder):
            "\(folder) holds no embedded store of Salus. Name its data folder with --data; where Salus keeps its store in "
                + "PostgreSQL, --postgres backs up all of it, evidence too"
        case .busyLog: "another program keeps the evidence log busy; try again"
        case .incomplete: "the server ended its backup too early; try again"
        case .manifest: "the server's list of what it sent cannot be read, so nothing proves that all of it arrived"
        case .altered(let file):
            "\(file) did not arrive as the server sent it; look for a fault in the memory of this machine"
        case .noBase(let name):
            "there is no base backup of `\(name)` that the log of this server continues; make one: the same command "
                + "without --wal"
        case .log(let segment):
            "the part \(segment) of the server's log is missing, so the files would make no database; try again"
        }
    }
}
