// SPDX-License-Identifier: Apache-2.0

package import ArgumentParser

/// `salus policy`: Cedar policies in plain files.
package struct PolicyCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "Try, check and format Cedar policies in plain files.",
        discussion: "These commands need no server and no data folder, and write no evidence.",
        subcommands: [
            PolicyAuthorize.self, PolicySearch.self, PolicyValidate.self, PolicyFormat.self, PolicyImpact.self,
            PolicyCorpus.self,
        ])

    package init() {}
}
