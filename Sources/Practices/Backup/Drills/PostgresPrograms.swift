// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The programs of one version of PostgreSQL, where the distributions put them.
struct PostgresPrograms: Sendable, Equatable {
    /// "15".
    let version: String
    private let folder: String

    /// The programs for a data folder.
    ///
    /// - Throws: `TrialError.noCluster`, `.noServer`.
    init(for dataFolder: String) throws(TrialError) {
        guard let version = Self.version(of: dataFolder) else { throw .noCluster }
        let places = ["/usr/lib/postgresql/\(version)/bin", "/usr/pgsql-\(version)/bin", "/usr/local/pgsql/bin"]
        // What lies at the last place is of any version; the server itself looks at that when it starts.
        guard let folder = places.first(where: { unsafe access("\($0)/postgres", X_OK) == 0 }) else {
            throw .noServer(version: version)
        }
        (self.version, self.folder) = (version, folder)
    }

    /// The path of a program; nil where it is not installed.
    func path(_ name: String) -> String? {
        let path = "\(folder)/\(name)"
        return unsafe access(path, X_OK) == 0 ? path : nil
    }

    private static func version(of folder: String) -> String? {
        var bytes = Array(repeating: UInt8(0), count: 16)
        guard let file = try? Descriptor(opening: Array("\(folder)/PG_VERSION".utf8), O_RDONLY | O_NOFOLLOW),
            let count = try? file.read(into: &bytes, at: 0)
        else { return nil }
        let digits = bytes[..<count].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return digits.isEmpty ? nil : String(decoding: Array(digits), as: UTF8.self)
    }
}
