// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Kernel

/// `salus reference`: every command, setting, action, fact and measure, as `Documentation/reference.md` holds them.
struct Reference: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the reference of commands, settings, actions, facts and measures.", shouldDisplay: false)

    func run() {
        Terminal.line(Self.text)
    }

    /// The whole reference in Markdown.
    static var text: String {
        """
        # Reference

        Made by `salus reference`; a test keeps it true. For tasks see the other pages of this folder.

        ## Settings

        A flag wins over the environment, the environment over the file named by `--config`, that over
        `/etc/salus/salus.yaml`, and that over `salus.yaml` in the data folder. A key that Salus does not know is an error.

        | key | environment | default | what it is for |
        |---|---|---|---|
        \(SettingKey.all.map { "| `\($0.name)` | `\($0.variable)` | \($0.standard) | \($0.help) |" }.joined(separator: "\n"))

        Only in the environment: `SALUS_CONFIG` names the file of `--config`. In the file `/etc/salus/salus.yaml` a setting
        is one line, such as `listen: 0.0.0.0:8443`.

        ## Actions

        What the authorizer is asked about. *Everyone* needs no session, *signed in* a session with a second factor,
        *entitled* a role that allows it.

        | action | who is asked about | what it allows |
        |---|---|---|
        \(actions.map { "| `\($0.id)` | \($0.audience.word) | \($0.title) |" }.joined(separator: "\n"))

        ## Facts

        What may stand in the evidence log. The names stay for ever.

        | fact | what it says |
        |---|---|
        \(Practices.facts.sorted { $0.id < $1.id }.map { "| `\($0.id)` | \($0.title) |" }.joined(separator: "\n"))

        ## Measures

        What the board shows. A reading counts a population: so many fulfil what the measure says, so many could not be
        looked at. From the newest reading the state is computed anew each time that somebody looks:

        - *Not measured*: there is no reading, it is older than *believed for*, there is nothing to count, or less was
          looked at than *must be measured*.
        - *Met*: the share that fulfils it reaches the target even if everything that was not looked at does not.
        - *Not met*: the share misses the target even if everything that was not looked at fulfils it.
        - *Partly met*: everything else. A population marked * comes from the same source as what is counted in it, so
          whatever is missing from both is not seen: such a measure is partly met at best.

        A practice is not met if one of its measures is not, else not measured if one is not, else partly met if one is.
        A practice without a measure is not measured.

        \(MeasureTable.text)

        ## Commands

        Exit status: 0 done, 1 failed, 2 wrong usage, 3 partly done, 4 refused, 5 data of a newer version, 6 evidence
        damaged.

        | command | what it is for |
        |---|---|
        \(overview(Salus.self, path: []).joined(separator: "\n"))

        \(commands(Salus.self, path: []).joined(separator: "\n\n"))
        """
    }

    private static var actions: [Action] { Practices.actions.sorted { $0.id < $1.id } }

    /// A line for each command below `command` that does something itself.
    private static func overview(_ command: any ParsableCommand.Type, path: [String]) -> [String] {
        let path = path + [command._commandName]
        let below = command.configuration.subcommands.filter { $0.configuration.shouldDisplay }
        guard below.isEmpty else { return below.flatMap { overview($0, path: path) } }
        let name = path.joined(separator: " ")
        return ["| [`\(name)`](#\(path.joined(separator: "-"))) | \(command.configuration.abstract) |"]
    }

    /// The help of `command` and of those below it.
    private static func commands(_ command: any ParsableCommand.Type, path: [String]) -> [String] {
        let path = path + [command._commandName]
        let own = """
            ### \(path.joined(separator: " "))

            ```
            \(Salus.helpMessage(for: command, columns: 100).split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "" : String($0) }.joined(separator: "\n"))
            ```
            """
        return [own]
            + command.configuration.subcommands.filter { $0.configuration.shouldDisplay }.flatMap {
                commands($0, path: path)
            }
    }
}

extension Action.Audience {
    /// The audience in words.
    fileprivate var word: String {
        switch self {
        case .everyone: "everyone"
        case .signedIn: "signed in"
        case .entitled: "entitled"
        }
    }
}
