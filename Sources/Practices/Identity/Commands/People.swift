// SPDX-License-Identifier: Apache-2.0

package import ArgumentParser
import Building

/// `salus people`: the people who can sign in.
package struct PeopleCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "people", abstract: "The people who can sign in.",
        subcommands: [
            PeopleAdd.self, PeopleList.self, PeopleDisable.self, PeopleEnable.self, PeopleResetFactor.self,
        ])

    package init() {}
}

/// Where the console is reached, for the links that commands print.
struct LinkOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The address at which people reach the console (default: the first of `names` with the port of `listen`).",
            valueName: "url"))
    var url: String?

    /// The whole address of a welcome link.
    ///
    /// - Parameter url: What the command line says; nil for what the configuration says.
    static func address(of link: SecretToken, base url: String?, _ house: House) -> String {
        let url = url ?? house.address
        let base = url.utf8.last == UInt8(ascii: "/") ? String(url.dropLast()) : url
        return "\(base)/welcome/\(link.text)"
    }
}
