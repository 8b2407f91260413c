// SPDX-License-Identifier: Apache-2.0

/// Why a restored database could not be tried.
enum TrialError: Error, Equatable, CustomStringConvertible {
    /// The folder is not the data folder of a PostgreSQL server.
    case noCluster
    /// A server of this version is not installed.
    case noServer(version: String)
    /// The server ended before it answered, with these last words.
    case ended(words: String)
    /// The server did not answer in time.
    case silent
    /// The server answers, and no role was found that may look at everything.
    case noRole
    /// A question failed; what was asked.
    case failed(String)

    var description: String {
        switch self {
        case .noCluster: "there is no data folder of a PostgreSQL server (no PG_VERSION)"
        case .noServer(let version):
            "PostgreSQL \(version) is not installed here, and no other version starts this database: "
                + "apt-get install postgresql-\(version)"
        case .ended(let words): "the restored database did not start: \(words)"
        case .silent: "the restored database did not answer in time"
        case .noRole: "the restored database answers, but has no superuser who may sign in"
        case .failed(let what): "the restored database could not say \(what)"
        }
    }
}
