// SPDX-License-Identifier: Apache-2.0

import CPostgres
import Kernel

/// What a server that refuses replication means to the reader.
enum ReplicationFault {
    static let lost = Fault(
        .unavailable, "The connection to the PostgreSQL server broke before everything was read. Try again.")

    /// What it means when it came while connecting; nil for what every connection may meet.
    static func connecting(_ state: String, role: String?) -> Fault? {
        let name = role.map(quoted) ?? "ROLE"
        switch state {
        case "28000", "28P01":
            return Fault(
                .unavailable,
                """
                The PostgreSQL server refused the role or its password for replication. Check the password, and that \
                pg_hba.conf has a line such as `host replication \(name) ADDRESS scram-sha-256` (or, for a connection \
                on the same machine, `local replication \(name) peer`); then reload the server.
                """)
        case "42501": return mayNot(role)
        case "53300":
            return Fault(
                .unavailable,
                """
                The PostgreSQL server has no connection left for replication. Set max_wal_senders to 3 or more (and \
                wal_level to replica), and restart it.
                """)
        case "57P03": return Fault(.unavailable, "The PostgreSQL server is starting or stopping. Try again.")
        default: return nil
        }
    }

    /// What it means when it came as an answer.
    static func answered(_ error: PostgresError, role: String) -> Fault {
        switch error.state {
        case "42501": return mayNot(role)
        case "55000":
            return Fault(
                .unavailable,
                "The PostgreSQL server keeps too little in its log for a backup. Set wal_level = replica, and restart it.",
                cause: error)
        case "57014":
            return Fault(
                .unavailable, "The PostgreSQL server cancelled the backup: look for a statement_timeout of the role.",
                cause: error)
        case _ where error.state.hasPrefix("57P"):
            return Fault(.unavailable, "The PostgreSQL server was stopped while it was backed up.", cause: error)
        case "58P01":
            return Fault(
                .unavailable,
                """
                The PostgreSQL server removed a part of its log before it was backed up: make a new base backup. So \
                that it does not come to that, set wal_keep_size to some gigabytes.
                """, cause: error)
        default:
            return Fault(
                .unavailable, "The PostgreSQL server could not make the backup; its log says why.", cause: error)
        }
    }

    private static func mayNot(_ role: String?) -> Fault {
        Fault(
            .unavailable,
            """
            The role may not replicate, which a backup does. As a superuser of that server run: \
            ALTER ROLE \(role.map(quoted) ?? "ROLE") REPLICATION;
            """)
    }

    /// An identifier as SQL and pg_hba.conf take it.
    private static func quoted(_ role: String) -> String {
        let isPlain =
            !role.isEmpty
            && role.utf8.allSatisfy {
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || $0 == UInt8(ascii: "_")
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
            }
        return isPlain ? role : "\"" + role.replacing("\"", with: "\"\"") + "\""
    }
}

/// The role that a connection string names; nil where it leaves that to the environment.
func postgresRole(in connection: String) -> String? {
    guard !connection.utf8.contains(0), let options = unsafe PQconninfoParse(connection, nil) else { return nil }
    defer { unsafe PQconninfoFree(options) }
    var option = unsafe options
    // The array ends with an entry without keyword.
    while let keyword = unsafe option.pointee.keyword {
        if unsafe String(cString: keyword) == "user", let value = unsafe option.pointee.val {
            return unsafe String(cString: value)
        }
        unsafe option += 1
    }
    return nil
}
