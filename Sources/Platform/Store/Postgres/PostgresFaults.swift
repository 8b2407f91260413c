// SPDX-License-Identifier: Apache-2.0

import Kernel

/// What a failed transaction on PostgreSQL may do next.
enum PostgresTrouble: Sendable {
    /// Others changed the same rows: run again.
    case conflict
    /// The connection is gone: run again on a new one, unless the commit was under way.
    case lost
    /// Prepared statements no longer fit the tables: forget them and run again.
    case stale
    /// Running again would fail again.
    case final
}

/// An error that the server or the connection reported.
struct PostgresError: Error, CustomStringConvertible {
    /// The five characters of SQLSTATE; empty when the connection itself failed.
    let state: String
    /// The server's primary message; may quote values and is used only for classes where it does not.
    let message: String

    var description: String {
        state.isEmpty ? "no answer" : "SQLSTATE \(state)"
    }

    /// What may be done next.
    var trouble: PostgresTrouble {
        switch state {
        case "40001", "40P01": .conflict
        case "0A000", "26000": .stale
        case "", "57P01", "57P02", "57P03", "57P05": .lost
        case _ where state.hasPrefix("08"): .lost
        default: .final
        }
    }

    /// What it means to the reader. Neither values nor parts of the URL get into it.
    var fault: Fault {
        switch state.prefix(2) {
        case "": Fault(.unavailable, "the connection to the database server broke")
        case "40": Fault(.conflict, "too many others changed the same rows at the same time; try again")
        case "23": Fault(.conflict, "the store refused a row that breaks one of its rules. PostgreSQL says: \(message)")
        case "53" where state == "53100":
            Fault(.storageFull, "no space left on the database server; free some space on its disk")
        case "XX" where state != "XX000":
            Fault(.damaged, "PostgreSQL found the store damaged (\(state)); restore it from a backup")
        case "08", "53", "55", "57", "58": unavailable
        case "42" where state == "42501":
            Fault(.unavailable, "the role may not use the store's tables; make it their owner")
        case "42", "25", "26", "0A":
            Fault(.internal, "the store did not understand a statement. PostgreSQL says: \(message) (\(state))")
        default: Fault(.internal, "a statement failed on PostgreSQL (\(state))")
        }
    }

    private var unavailable: Fault {
        switch state {
        case "57014": Fault(.unavailable, "the database server did not finish a statement within 30 seconds")
        case "53300": Fault(.unavailable, "the database server has no connections left; raise max_connections")
        default: Fault(.unavailable, "the database server cannot answer now (\(state)); try again")
        }
    }

    /// What it means when it came while connecting.
    var connectingFault: Fault {
        let message: String
        switch state {
        case "28P01", "28000":
            message = "the database server refused the role or its password; check the URL and pg_hba.conf"
        case "3D000": message = "the database server has no such database; create it or check the URL"
        case "": message = "the database server cannot be reached; check the URL, the network and TLS"
        default: message = unavailable.message
        }
        return Fault(.unavailable, message, cause: self)
    }
}
