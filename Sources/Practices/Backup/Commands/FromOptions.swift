// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// A second repository, from which something is taken.
struct FromOptions: ParsableArguments {
    @Option(help: "The repository to take from; RESTIC_FROM_REPOSITORY is read where it is missing.")
    var fromRepo: String?

    @Option(help: "A file with its password.", completion: .file())
    var fromPasswordFile: String?

    /// - Parameter connection: how the other repository is reached, too.
    func place(_ connection: ConnectionOptions) throws -> any Place {
        guard let path = fromRepo ?? RepositoryOptions.environment("RESTIC_FROM_REPOSITORY") else {
            throw ValidationError("Say which repository to take from with --from-repo.")
        }
        return try connection.place(at: path)
    }

    func password() throws -> [UInt8] {
        if let file = fromPasswordFile ?? RepositoryOptions.environment("RESTIC_FROM_PASSWORD_FILE") {
            return try RepositoryOptions.password(in: file)
        }
        guard let password = RepositoryOptions.environment("RESTIC_FROM_PASSWORD") else {
            throw ValidationError("Say where the password of --from-repo is with --from-password-file.")
        }
        return Array(password.utf8)
    }
}
