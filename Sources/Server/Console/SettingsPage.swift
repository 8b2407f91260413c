// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Keyring
import Store
import Web

/// How this installation is set up: nothing here is secret, nothing here is changed by a click.
struct SettingsPage: Sendable {
    let estate: Estate
    let certificate: @Sendable () throws -> String

    func add(to site: inout Site) {
        site.get("/settings", ConsoleActions.readSettings) { _ in try await page() }
        site.get("/settings/authority.pem", ConsoleActions.open) { _ in
            Answer(
                headers: [("content-disposition", "attachment; filename=\"salus-authority.pem\"")],
                body: .bytes(Array(try certificate().utf8), mediaType: "application/x-pem-file"))
        }
    }

    private func page() async throws -> Answer {
        let status = try await estate.house.keyring.status()
        let content: HTML = """
            \(PageHeading("Settings", lead: "How this installation is set up. Changes are made in the configuration file."))
            \(recovery(status))
            \(PageSection("Installation", content: installation().html))
            \(PageSection("Keys", content: keys(status).html))
            \(PageSection("Connections", content: connections().html))
            \(PageSection("Configuration", note: "flag, then environment, then file", content: configuration().html))
            """
        return .page("Settings", content)
    }

    private func recovery(_ status: KeyringStatus) -> HTML? {
        guard status.recoveryPending else { return nil }
        let text: HTML = """
            Without it, losing the key file means losing every record. The administrator writes the 24 words down on \
            \(Link("the recovery page", to: "/welcome/recovery")).
            """
        return Callout(.danger, "Nobody has written the recovery phrase down", content: text).html
    }

    private func installation() -> DefinitionList {
        let time = estate.house.localTime
        return DefinitionList([
            ("Institution", "\(estate.register.name)"),
            ("Patients", "\(estate.register.isSynthetic ? "Synthetic: invented for trying out" : "Real")"),
            ("Installation", HashText(estate.house.keyring.institution.description, length: nil).html),
            ("Time zone", "\(time.name), now \(time.offset(at: estate.house.clock.now()))"),
            ("Version", "\(Version.number)"),
            ("Store", "\(estate.house.store.dialect == .sqlite ? "Embedded (SQLite)" : "PostgreSQL")"),
        ])
    }

    private func keys(_ status: KeyringStatus) -> DefinitionList {
        DefinitionList([
            (
                "Key epoch",
                "\(status.epoch), since \(TimeText(status.epochSince, in: estate.house.localTime))"
            ),
            ("Data keys", "\(grouped(status.dataKeys))"),
            ("Rotation", "\(status.outdated == 0 ? "Complete" : "\(status.outdated) keys still to be wrapped anew")"),
            ("Root key opened by", "\(status.providers.map(Self.provider).joined(separator: ", or "))"),
            ("Recovery phrase", "\(status.recoveryPending ? "Not written down yet" : "Written down and confirmed")"),
        ])
    }

    private static func provider(_ id: String) -> String {
        switch id {
        case "key-file": "the key file"
        case "recovery-phrase": "the recovery phrase"
        default: id
        }
    }

    private func connections() -> DefinitionList {
        if let files = estate.certificate.files {
            let until = estate.certificate.until.map { TimeText($0, in: estate.house.localTime).html }
            return DefinitionList([
                ("Console", "\(estate.settings.listen.description), TLS 1.2 or 1.3, HTTP/2"),
                ("Certificate", "From the file <code>\(files.certificate)</code>, valid until \(until)"),
                ("Newer files", "\(estate.certificate.problem ?? "None that could not be used")"),
            ])
        }
        return DefinitionList([
            ("Console", "\(estate.settings.listen.description), TLS 1.2 or 1.3, HTTP/2"),
            (
                "Certificate authority",
                "\(Link("Download the certificate", to: "/settings/authority.pem")) and add it to the browsers of your clinic, so that they trust this console."
            ),
        ])
    }

    private func configuration() -> DataTable {
        DataTable(
            caption: "Every key of the configuration",
            columns: [.init("Key"), .init("Environment"), .init("Default"), .init("What it is for")],
            rows: SettingKey.all.map { key in
                ["<code>\(key.name)</code>", "<code>\(key.variable)</code>", "\(key.standard)", "\(key.help)"]
            })
    }
}
