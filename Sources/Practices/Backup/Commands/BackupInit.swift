// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Codecs
import ResticFormat

/// `salus backup init`: an empty repository.
struct BackupInit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make an empty repository.",
        discussion: """
            Keep the password apart from the repository: without it nothing in it can be read, by anybody, ever.
            """)

    @OptionGroup var options: RepositoryOptions
    @OptionGroup var from: FromOptions

    @Flag(help: "Cut files as --from-repo does, so that what is copied from it is found again.")
    var copyChunkerParams = false

    func run() async throws {
        let (place, password, options) = (try options.place(), try options.password(), options)
        let other = copyChunkerParams ? (place: try from.place(options.connection), password: try from.password()) : nil
        try await options.run {
            let chunking: Polynomial? =
                if let other {
                    try await Repository.open(at: other.place, password: other.password).config.polynomial
                } else { nil }
            let repository = try await Repository.create(
                at: place, password: password, who: .current, chunking: chunking)
            if options.json {
                Terminal.json([
                    "message_type": "initialized", "id": .string(repository.config.id.hex),
                    "repository": .string(place.name),
                ])
            } else if !options.quiet {
                Terminal.line("Made repository \(repository.config.id.short) at \(TerminalText.harmless(place.name)).")
                Terminal.line("Keep its password in a second place: without it nothing in the repository can be read.")
            }
        }
    }
}
