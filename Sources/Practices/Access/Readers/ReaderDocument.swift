// SPDX-License-Identifier: Apache-2.0

import Codecs
import Kernel

/// Who can see a patient's records, as a file. It does not say whose: that stands where the file is kept.
struct ReaderDocument {
    let search: ReaderSearch

    /// A table in CSV (RFC 4180) with everybody who was asked about, times in UTC.
    var csv: [UInt8] {
        CommaSeparated.document(
            [
                "person", "sign-in name", "name", "roles", "account", "reads the chart", "rules", "in an emergency",
                "asked",
            ],
            search.people.map { reader in
                let person = reader.member.summary
                return [
                    person.id.description, person.login, person.name, person.roles.joined(separator: " "),
                    person.isEnabled ? "open" : "closed", reader.canRead ? "yes" : "no",
                    reader.rules.joined(separator: " "), reader.opensInEmergency ? "could open it" : "",
                    search.asked.rfc3339,
                ]
            })
    }
}
