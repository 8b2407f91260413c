// SPDX-License-Identifier: Apache-2.0

package import ArgumentParser

/// `salus records`: patient records.
package struct RecordsCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "records", abstract: "Import, count and read patient records, which lie sealed on the disk.",
        subcommands: [RecordsImport.self, RecordsList.self, RecordsShow.self])

    package init() {}
}
