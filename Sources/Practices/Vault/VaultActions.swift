// SPDX-License-Identifier: Apache-2.0

package import Kernel

/// What the authorizer is asked about.
package enum VaultActions {
    /// Finding a patient by name, birth date or number.
    package static let searchPatients = Action("vault.search-patients", "Search for patients")
    /// Opening a patient's chart and each record in it.
    package static let readChart = Action("vault.read-chart", "Read a patient's chart")

    /// Taking records in.
    package static let importRecords = Action("vault.import-records", "Take records in")

    /// An action of the practice that explains the rules; the list of patients leads there.
    static let seeReaders = Action("access.see-readers", "See who can read a chart")

    /// All of them.
    package static let all = [searchPatients, readChart, importRecords] + ProtectedClass.allCases.map(\.action)
}

/// What this practice tells the evidence log.
package enum VaultFacts {
    /// Records of one owner were taken in from one file: `count`, `replaced`, `key`, `root`.
    package static let imported = FactKind("vault.imported.v1", "Records imported")
    /// A file was refused as a whole: `reason`, and `entry` where one entry was the reason.
    package static let importRefused = FactKind("vault.import-refused.v1", "Import refused")
    /// A chart was opened: `section`, the `rules` that allowed it, and the `protected` classes of what was read.
    package static let chartRead = FactKind("vault.chart-read.v1", "Chart read")
    /// One record was read: `record`, `version`, and the `rules` that allowed it.
    package static let recordRead = FactKind("vault.record-read.v1", "Record read")
    /// Patients were searched for: `results`.
    package static let patientsSearched = FactKind("vault.patients-searched.v1", "Patients searched")
    /// A record that lies in the store does not open: `record`.
    package static let recordDamaged = FactKind("vault.record-damaged.v1", "Record does not open")

    /// A patient's name, birth date and numbers lie in the store and do not open.
    package static let cardDamaged = FactKind("vault.card-damaged.v1", "Patient's name does not open")

    /// All of them.
    package static let all = [
        imported, importRefused, chartRead, recordRead, patientsSearched, recordDamaged, cardDamaged,
    ]
}
