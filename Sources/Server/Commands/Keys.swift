// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Codecs
import Glibc
import Kernel
import Keyring
import Ledger
import RecoveryPhrase
import Store

/// `salus keys`: the keys of the institution.
struct Keys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look after the keys of the institution.",
        subcommands: [KeysStatus.self, KeysRotate.self, KeysRecovery.self])
}

/// `salus keys status`.
struct KeysStatus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show the key epochs and who can open the root key.")

    @OptionGroup var house: HouseOptions

    func run() async throws {
        let json = house.json
        try await house.withHouse(for: ConsoleActions.manageKeys) { open in
            let status = try await open.house.keyring.status()
            if json {
                return Terminal.json(
                    .object([
                        .init("epoch", .integer(status.epoch)),
                        .init("since", .integer(status.epochSince.microseconds)),
                        .init("dataKeys", .integer(status.dataKeys)),
                        .init("outdated", .integer(status.outdated)),
                        .init("providers", .array(status.providers.map { .string($0) })),
                        .init("recoveryConfirmed", .boolean(!status.recoveryPending)),
                    ]))
            }
            Terminal.line("epoch \(status.epoch) since \(status.epochSince.text)")
            Terminal.line("\(status.dataKeys) data keys, \(status.outdated) still under an older epoch")
            Terminal.line("root key opened by: \(status.providers.joined(separator: ", "))")
            if status.recoveryPending { Terminal.line("the recovery phrase has not been written down yet") }
        }
    }
}

/// `salus keys rotate`.
struct KeysRotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate", abstract: "Begin a new key epoch and wrap every key under it, without stopping.",
        discussion: """
            Records stay readable the whole time. A rotation that was interrupted, even by a power cut, is carried \
            on by running the command again.
            """)

    @OptionGroup var house: HouseOptions

    func run() async throws {
        let json = house.json
        try await house.withHouse(for: ConsoleActions.manageKeys) { open in
            let total = try await open.house.keyring.status().dataKeys
            let bar = TerminalProgress("Wrapping keys", total: total)
            let result = try await open.house.keyring.rotate(by: open.actor) { done, _ in
                bar.show(done, "\(done) keys")
            }
            bar.finish()
            if json {
                return Terminal.json(
                    .object([
                        .init("epoch", .integer(result.epoch)), .init("rewrapped", .integer(result.rewrapped)),
                    ]))
            }
            Terminal.line("epoch \(result.epoch): \(result.rewrapped) keys wrapped anew, older epochs destroyed")
        }
    }
}

/// `salus keys recovery`.
struct KeysRecovery: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recovery",
        abstract: "Show the recovery phrase once, make a new one, or make a new key file with it.",
        discussion: """
            --show prints the 24 words on a terminal, once, and then forgets them: write them down on paper.
            --renew makes 24 new words and shows them: those from before open nothing of this installation any more, \
            only copies and backups from before.
            --restore reads the 24 words from standard input and writes a new key file.
            """)

    @OptionGroup var house: HouseOptions

    @Flag(help: "Show the 24 words on this terminal, once.")
    var show = false

    @Flag(help: "Make 24 new words in place of those that are lost or were seen, and show them.")
    var renew = false

    @Flag(help: "Make a new key file from the 24 words on standard input.")
    var restore = false

    func validate() throws {
        guard [show, renew, restore].count(where: { $0 }) == 1 else {
            throw ValidationError("Say --show, --renew or --restore.")
        }
    }

    func run() async throws {
        try await restore ? restoreKeyFile() : showWords()
    }

    private func showWords() async throws {
        guard isatty(STDOUT_FILENO) == 1 else {
            throw Fault(.refused, "The recovery phrase is shown on a terminal only, never into a file or a pipe.")
        }
        let (renew, settings) = (renew, try CommandHouse.settings(house))
        try await house.withHouse(for: ConsoleActions.manageKeys) { open in
            if renew { try await Self.makeAnew(open, settings) }
            guard let words = try await open.house.keyring.showRecoveryPhrase(to: open.actor) else {
                throw Fault(
                    .notFound,
                    "The recovery phrase has been written down and forgotten already. Make a new one with --renew.")
            }
            for (index, word) in words.enumerated() {
                Terminal.line("\(index + 1 < 10 ? " " : "")\(index + 1)  \(word)")
            }
            Terminal.line("Write these 24 words on paper and lock them away. Then type the word yes:")
            guard readLine(strippingNewline: true) == "yes" else {
                throw Fault(.refused, "Not confirmed: the phrase can be shown again.")
            }
            try await open.house.keyring.eraseRecoveryPhrase(by: open.actor)
        }
    }

    private static func makeAnew(_ open: OpenHouse, _ settings: Settings) async throws {
        Terminal.line("The 24 words from before will open nothing here any more. Type the word new to go on:")
        guard readLine(strippingNewline: true) == "new" else {
            throw Fault(.refused, "Nothing was changed: the words from before still hold.")
        }
        let keyring = open.house.keyring
        try await keyring.renewRecoveryPhrase(
            with: settings.keyFile(for: keyring.institution), by: open.actor)
    }

    private func restoreKeyFile() async throws {
        let settings = try CommandHouse.settings(house)
        try CommandHouse.expectData(settings)
        try DataOwner.refuseRootInFolderOfAnother(settings.data)
        var text = ""
        while let line = readLine(strippingNewline: true) { text += " \(line)" }
        let key: [UInt8]
        do {
            key = try RecoveryWords.decode(text)
        } catch {
            throw Fault(.invalidInput, Self.explain(error))
        }
        let store = try await Database.open(settings.location, clock: SystemClock())
        do {
            try await store.migrate(Practices.migrations)
            let file = settings.keyFile(for: try await Keyring.institution(in: store))
            try await Keyring.restore(store, phraseKey: key, keyFile: file, actor: CommandHouse.actor)
            Terminal.line("new key file: \(file.path)")
        } catch {
            await store.close()
            throw error
        }
        await store.close()
    }

    private static func explain(_ error: RecoveryPhraseError) -> String {
        switch error {
        case .wordCount(let count): "The recovery phrase has 24 words; these are \(count)."
        case .unknownWord(let position, let nearest):
            "Word \(position) is not a word of a recovery phrase."
                + (nearest.isEmpty ? "" : " Is it one of: \(nearest.joined(separator: ", "))?")
        case .wrongChecksum: "A word is wrong or in the wrong place."
        case .keyLength: "This is no recovery phrase."
        }
    }
}
