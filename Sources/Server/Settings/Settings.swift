// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Logging
import Store
import Web

/// One key of the configuration: its name in the file, its environment variable, its default.
struct SettingKey: Sendable {
    /// The key in the configuration file, and the flag without its dashes.
    let name: String
    /// What it holds when nobody says otherwise, in words.
    let standard: String
    /// What it is for.
    let help: String

    /// The environment variable: `SALUS_KEY_FILE`.
    var variable: String {
        "SALUS_" + name.uppercased().replacing("-", with: "_")
    }

    static let data = SettingKey(
        name: "data", standard: "./data", help: "The folder in which Salus keeps its data.")
    static let database = SettingKey(
        name: "database", standard: "the embedded store in the data folder",
        help: "A PostgreSQL database: postgres://user@host/name.")
    static let keyFile = SettingKey(
        name: "key-file", standard: "a systemd credential, else a file in the machine's state folder",
        help: "The key that opens the store at an unattended start. Keep it outside the data folder.")
    static let listen = SettingKey(
        name: "listen", standard: "127.0.0.1:8443", help: "Where the console listens: HOST:PORT.")
    static let demo = SettingKey(
        name: "demo", standard: "false", help: "Fill a new store with the synthetic clinic.")
    static let demoDays = SettingKey(
        name: "demo-days", standard: "365", help: "How many days of invented past the synthetic clinic has, 0 to 365.")
    static let institution = SettingKey(
        name: "institution", standard: "Our institution", help: "The name of the clinic, as its people call it.")
    static let names = SettingKey(
        name: "names", standard: "localhost and the machine's own name",
        help: "Further DNS names of the console, separated by commas.")
    static let certificate = SettingKey(
        name: "certificate", standard: "one of the institution's own authority",
        help: "The console's certificate and those of its issuers, in a PEM file. Renewed files need no restart.")
    static let certificateKey = SettingKey(
        name: "certificate-key", standard: "none", help: "The key of that certificate, in a PEM file of its own.")
    static let timeZone = SettingKey(
        name: "time-zone", standard: "the machine's own",
        help: "The time zone in which pages say when, as the IANA database names it, such as Europe/Berlin.")
    static let metricsToken = SettingKey(
        name: "metrics-token", standard: "none: /metrics is closed", help: "The bearer token for /metrics.")
    static let logLevel = SettingKey(
        name: "log-level", standard: "info", help: "How much the operator's log says: debug, info, warning, error.")

    /// All of them, in the order of the documentation.
    static let all = [
        data, database, keyFile, listen, demo, demoDays, institution, names, certificate, certificateKey, timeZone,
        metricsToken, logLevel,
    ]
}

/// The configuration of this run: flags win over `SALUS_*`, and these over the configuration files.
struct Settings: Sendable {
    let data: String
    let location: StoreLocation
    let keyFile: String?
    let listen: ListenAddress
    let demo: Bool
    /// How many days of the synthetic clinic's past are told.
    let demoDays: Int
    let institution: String?
    let names: [String]
    let certificate: CertificateFiles?
    let localTime: LocalTime
    let metricsToken: String?
    let logLevel: String
    /// The environment that was looked at, for the credential folder.
    let environment: [String: String]

    /// Resolves the configuration.
    ///
    /// - Parameter flags: what was said on the command line, by key name.
    /// - Throws: `Fault.invalidInput` for a value or a file that makes no sense, naming it.
    init(flags: [String: String], config: String?, environment: [String: String]) throws {
        var layers = [flags, Self.variables(environment)]
        for path in [config ?? environment["SALUS_CONFIG"], "/etc/salus/salus.yaml"] {
            if let path, let file = try SettingsFile.read(path, mustExist: path == config) { layers.append(file) }
        }
        let folder = layers.firstValue(SettingKey.data.name) ?? SettingKey.data.standard
        // Everything would lie in the root folder of the machine.
        guard !folder.isEmpty else {
            throw Fault(.invalidInput, "The data folder has no name. Name one: --data /var/lib/salus")
        }
        if let file = try SettingsFile.read("\(folder)/salus.yaml", mustExist: false) { layers.append(file) }
        data = folder
        if let url = layers.firstValue(SettingKey.database.name) {
            location = .postgres(url: url)
        } else {
            location = .sqlite(path: "\(folder)/salus.db")
        }
        keyFile = layers.firstValue(SettingKey.keyFile.name)
        let address = layers.firstValue(SettingKey.listen.name) ?? SettingKey.listen.standard
        guard let listen = ListenAddress(address) else {
            throw Fault(.invalidInput, "The address to listen at is not HOST:PORT: \(address)")
        }
        self.listen = listen
        demo = try Self.truth(layers.firstValue(SettingKey.demo.name) ?? "false", SettingKey.demo)
        guard let days = Int(layers.firstValue(SettingKey.demoDays.name) ?? "365"), (0...365).contains(days) else {
            throw Fault(.invalidInput, "The synthetic clinic has 0 to 365 days of past: demo-days")
        }
        demoDays = days
        institution = layers.firstValue(SettingKey.institution.name)
        names = (layers.firstValue(SettingKey.names.name) ?? "").split(separator: ",")
            .map { String($0.filter { $0 != " " }) }
        certificate = try Self.certificate(
            layers.firstValue(SettingKey.certificate.name), layers.firstValue(SettingKey.certificateKey.name))
        localTime = try Self.localTime(layers.firstValue(SettingKey.timeZone.name))
        metricsToken = layers.firstValue(SettingKey.metricsToken.name)
        logLevel = layers.firstValue(SettingKey.logLevel.name) ?? SettingKey.logLevel.standard
        guard Logger.Level(rawValue: logLevel) != nil else {
            throw Fault(
                .invalidInput, "There is no log level \(logLevel). Choose debug, info, warning or error: log-level")
        }
        self.environment = environment
    }

    /// Where people reach the console: by the first of its names, at `port`. Where the system chooses the port only the
    /// running program knows it, and the usual one stands for it.
    func address(port: Int) -> String {
        let port = port == 0 ? 8443 : port
        let name = names.first { !$0.isEmpty } ?? "localhost"
        return port == 443 ? "https://\(name)" : "https://\(name):\(port)"
    }

    /// The folder of the evidence log's files.
    var ledgerFolder: String { "\(data)/ledger" }

    private static func variables(_ environment: [String: String]) -> [String: String] {
        var values: [String: String] = [:]
        for key in SettingKey.all {
            if let value = environment[key.variable], !value.isEmpty { values[key.name] = value }
        }
        return values
    }

    private static func certificate(_ certificate: String?, _ key: String?) throws -> CertificateFiles? {
        switch (certificate, key) {
        case (nil, nil): return nil
        case (let certificate?, let key?): return CertificateFiles(certificate: certificate, key: key)
        default:
            throw Fault(
                .invalidInput, "A certificate and its key belong together: name both, certificate and certificate-key.")
        }
    }

    private static func localTime(_ name: String?) throws -> LocalTime {
        guard let name else { return .machine }
        guard let time = LocalTime(named: name) else {
            throw Fault(
                .invalidInput,
                "There is no time zone \(name). Name one of the IANA database, such as Europe/Berlin or America/Chicago."
            )
        }
        return time
    }

    private static func truth(_ text: String, _ key: SettingKey) throws -> Bool {
        switch text.lowercased() {
        case "1", "true", "yes", "on": true
        case "0", "false", "no", "off": false
        default: throw Fault(.invalidInput, "The setting \(key.name) must be true or false.")
        }
    }
}

extension [[String: String]] {
    /// The value of `key` in the first layer that has one.
    fileprivate func firstValue(_ key: String) -> String? {
        lazy.compactMap { $0[key] }.first
    }
}
