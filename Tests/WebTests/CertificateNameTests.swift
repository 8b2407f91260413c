// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Web

@Suite struct CertificateNameTests {
    @Test(arguments: [
        ("salus.clinic.example", "salus.clinic.example", true),
        ("*.clinic.example", "salus.clinic.example", true),
        ("*.clinic.example", "a.b.clinic.example", false),
        ("*.clinic.example", "clinic.example", false),
        ("*.clinic.example", ".clinic.example", false),
        ("*", "salus", false),
        ("salus.clinic.example", "salus", false),
        ("s*.clinic.example", "salus.clinic.example", false),
    ])
    func anAsteriskStandsForOneLabel(held: String, name: String, expected: Bool) {
        #expect(CertificateFiles.covers(held, name) == expected)
    }
}
