// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Codecs
import ResticFormat

/// `salus backup key`: the passwords that open a repository.
struct BackupKey: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "List, add and remove the passwords that open a repository.",
        discussion: """
            Each key file opens the same repository with a password of its own. Removing one, or changing a password, does not \
            lock out who has copied the old key file and knows its password: then copy the snapshots into a new repository \
            (`salus backup copy`).
            """,
        subcommands: [BackupKeyList.self, BackupKeyAdd.self, BackupKeyRemove.self, BackupKeyPassword.self])
}

/// `salus backup key list`
struct BackupKeyList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the keys.")

    @OptionGroup var options: RepositoryOptions

    func run() async throws {
        let options = options
        try await options.open { repository in
            let list = try await KeyList.load(repository)
            for flaw in list.flaws { Terminal.complain("salus: \(TerminalText.harmless(flaw))") }
            if options.json {
                Terminal.line("[" + list.keys.map { Self.json($0, repository) }.joined(separator: ",") + "]")
            } else {
                for entry in list.keys {
                    let mark = entry.id == repository.keyID ? "*" : " "
                    let owner = TerminalText.harmless("\(entry.key.username)  \(entry.key.hostname)")
                    Terminal.line("\(mark)\(entry.id.short)  \(owner)  \(Self.time(entry.key.created))")
                }
            }
            if !list.flaws.isEmpty { throw ExitCode(1) }
        }
    }

    private static func json(_ entry: KeyList.Entry, _ repository: Repository) -> String {
        var line = JSONLine()
        line.add("current", raw: entry.id == repository.keyID ? "true" : "false")
        line.add("id", entry.id.hex)
        line.add("userName", entry.key.username)
        line.add("hostName", entry.key.hostname)
        line.add("created", time(entry.key.created))
        return line.finish()
    }

    /// As the clock of this machine shows it.
    private static func time(_ time: Timestamp) -> String {
        let local = Timestamp(
            seconds: time.seconds, nanoseconds: 0, offset: LocalClock.offset(at: Int(time.seconds)))
        return String(local.text.prefix(19)).replacing("T", with: " ")
    }
}

/// Where a new password is, and whose it is.
struct NewKeyOptions: ParsableArguments {
    @Option(help: "A file with the new password.", completion: .file())
    var newPasswordFile: String

    @Option(help: "Who it is for; by default who runs this.")
    var user: String?

    @Option(help: "On which machine; by default this one.")
    var host: String?

    func password() throws -> [UInt8] {
        try RepositoryOptions.password(in: newPasswordFile)
    }

    var who: Whoami {
        let me = Whoami.current
        return Whoami(user: user ?? me.user, host: host ?? me.host, uid: me.uid, gid: me.gid)
    }
}

/// `salus backup key add`
struct BackupKeyAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "add", abstract: "Add a key for another password.")

    @OptionGroup var options: RepositoryOptions
    @OptionGroup var new: NewKeyOptions

    func run() async throws {
        let (options, password, who) = (options, try new.password(), new.who)
        try await options.open { repository in
            let lock = RepositoryLock(repository: repository, who: .current, isExclusive: false)
            let id = try await lock.hold { try await repository.addKey(password: password, who: who) }
            options.say("Added key \(id.short).", ["message_type": "key_added", "id": .string(id.hex)])
        }
    }
}

/// `salus backup key remove`
struct BackupKeyRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "remove", abstract: "Remove a key.")

    @OptionGroup var options: RepositoryOptions

    @Argument(help: "The first digits of the key.")
    var key: String

    func run() async throws {
        let (options, key) = (options, key)
        try await options.open { repository in
            let lock = RepositoryLock(repository: repository, who: .current, isExclusive: true)
            let id = try await lock.hold { try await repository.removeKey(key) }
            options.say("Removed key \(id.short).", ["message_type": "key_removed", "id": .string(id.hex)])
        }
    }
}

/// `salus backup key passwd`
struct BackupKeyPassword: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "passwd", abstract: "Change the password with which the repository was opened.",
        discussion: "The new key is there and was tried before the old one is removed.")

    @OptionGroup var options: RepositoryOptions
    @OptionGroup var new: NewKeyOptions

    func run() async throws {
        let (options, password, who) = (options, try new.password(), new.who)
        try await options.open { repository in
            let lock = RepositoryLock(repository: repository, who: .current, isExclusive: true)
            let id = try await lock.hold {
                let id = try await repository.addKey(password: password, who: who)
                try Task.checkCancellation()
                try await repository.place.remove([RepositoryFile(.keys, repository.keyID)])
                return id
            }
            options.say(
                "Key \(id.short) replaces \(repository.keyID.short).",
                ["message_type": "key_replaced", "id": .string(id.hex), "old_id": .string(repository.keyID.hex)])
        }
    }
}

extension RepositoryOptions {
    /// One line of text, or one of JSON.
    func say(_ text: String, _ value: CanonicalValue) {
        if json { Terminal.json(value) } else if !quiet { Terminal.line(text) }
    }
}
