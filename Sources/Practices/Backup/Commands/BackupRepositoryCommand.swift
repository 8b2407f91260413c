// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Codecs
import Foundation
import Kernel

/// `salus backup repository`: the repositories that Salus uses by itself.
struct BackupRepositoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repository", abstract: "The repositories that jobs back up to.",
        subcommands: [
            BackupRepositoryAdd.self, BackupRepositoryList.self, BackupRepositoryPassword.self,
            BackupRepositoryCheck.self,
            BackupRepositoryForget.self, BackupRepositoryAcknowledge.self,
            BackupRepositoryRemove.self,
        ])
}

/// `salus backup repository add`.
struct BackupRepositoryAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Let jobs back up to a repository, which is made where there is none.",
        discussion: """
            Without --password-file a new password is made and printed once. Write it down where neither fire nor an \
            intruder reaches both it and this machine: without it nobody restores anything, Salus included.

            Credentials of servers are taken from RESTIC_REST_USERNAME and RESTIC_REST_PASSWORD, or AWS_ACCESS_KEY_ID and \
            AWS_SECRET_ACCESS_KEY, and kept sealed.

            EXIT STATUS: 0 added, 1 failed, 2 wrong usage, 4 refused.
            """)

    @Argument(help: ArgumentHelp("What the clinic calls it: \(BackupName.hint).", valueName: "name"))
    var name: String

    @Option(
        name: [.customShort("r"), .long],
        help: "Where it is: a folder, or an address of rest:, sftp: or s3: as restic takes it.", completion: .directory)
    var repo: String

    @Option(help: "Where it stands, such as `cellar` or `Frankfurt`: copies at one site burn together.")
    var site: String

    @Option(name: [.customShort("p"), .long], help: "A file with the password.", completion: .file())
    var passwordFile: String?

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var house: HouseOptions

    func run() async throws {
        guard let name = BackupName(name) else {
            throw Fault(.invalidInput, "The name of a repository has \(BackupName.hint).")
        }
        guard let site = BackupName(site) else {
            throw Fault(.invalidInput, "The name of a site has \(BackupName.hint).")
        }
        let password = try passwordFile.map { try RepositoryOptions.password(in: $0) }
        let (address, connection, isJSON) = (RepositoryPath.absolute(repo), connection.connection, house.json)
        try await house.withHouse(for: BackupActions.manage) { open in
            let desk = try await RepositoryDesk(open.house)
            let (repository, _, made) = try await BlockingThreads.two.run {
                try await BackupFault.worded {
                    try await desk.add(
                        name, at: address, site: site.text, password: password, connection, by: open.actor)
                }
            }
            Self.print(repository, made, isJSON: isJSON)
        }
    }

    private static func print(_ repository: StoredRepository, _ password: String?, isJSON: Bool) {
        guard !isJSON else {
            let members: [CanonicalMember] = [.init("repository", .string(repository.id.description))]
            Terminal.json(.object(members + (password.map { [.init("password", .string($0))] } ?? [])))
            return
        }
        Terminal.line("Added \(repository.name) at \(TerminalText.harmless(repository.placeName)).")
        if let password {
            Terminal.line("")
            Terminal.line("    \(password)")
            Terminal.line("")
            Terminal.line("This is its password. Write it down now, outside of this machine: it is not shown again")
            Terminal.line("without being asked for, and without it nobody restores anything, Salus included.")
        }
    }
}

/// `salus backup repository list`.
struct BackupRepositoryList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show the repositories that jobs back up to.")

    @OptionGroup var house: HouseOptions

    func run() async throws {
        let isJSON = house.json
        try await house.withHouse(for: BackupActions.read) { open in
            let (all, now) = (try await RepositoryDesk(open.house).all(), open.house.clock.now())
            guard !isJSON else {
                Terminal.json(["repositories": .array(all.map { Self.value($0, now) })])
                return
            }
            for repository in all {
                let words = [repository.name, repository.site, repository.placeName, repository.deletionWord(at: now)]
                Terminal.line(words.map(TerminalText.harmless).joined(separator: "\t"))
            }
        }
    }

    private static func value(_ repository: StoredRepository, _ now: Instant) -> CanonicalValue {
        [
            "id": .string(repository.id.description), "name": .string(repository.name),
            "site": .string(repository.site), "place": .string(repository.placeName),
            "deletable": .string(repository.deletionWord(at: now)),
        ]
    }
}

extension StoredRepository {
    /// Whether the backup's own credentials can delete what is there, in a word.
    func deletionWord(at now: Instant) -> String {
        switch canDelete(at: now) {
        case nil: "not known whether it can be deleted"
        case true?: "can be deleted by the backup itself"
        case false?: "cannot be deleted by the backup itself"
        }
    }
}

/// `salus backup repository password`.
struct BackupRepositoryPassword: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "password", abstract: "Show the password of a repository, on a terminal.")

    @Argument(help: "The name of the repository.")
    var name: String

    @OptionGroup var house: HouseOptions

    func run() async throws {
        guard isatty(STDOUT_FILENO) == 1 else {
            throw Fault(.refused, "The password is shown on a terminal only, so that no file or log holds it.")
        }
        let name = name
        try await house.withHouse(for: BackupActions.manage) { open in
            let desk = try await RepositoryDesk(open.house)
            let secrets = try await desk.secrets(of: try await desk.repository(named: name))
            Terminal.line(TerminalText.harmless(String(decoding: secrets.password, as: UTF8.self)))
        }
    }
}

/// `salus backup repository remove`.
struct BackupRepositoryRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Forget a repository that no job uses. Its files stay as they are.")

    @Argument(help: "The name of the repository.")
    var name: String

    @OptionGroup var house: HouseOptions

    func run() async throws {
        let name = name
        try await house.withHouse(for: BackupActions.manage) { open in
            let desk = try await RepositoryDesk(open.house)
            try await desk.remove(try await desk.repository(named: name), by: open.actor)
        }
    }
}
