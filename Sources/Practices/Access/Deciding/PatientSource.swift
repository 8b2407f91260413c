// SPDX-License-Identifier: Apache-2.0

package import Kernel
import Synchronization

/// Where the rules learn about patients: the practice that keeps records moves in after the rules do, and is named
/// here then.
package final class PatientSource: Sendable {
    private let register = Mutex<(any PatientRegister)?>(nil)

    /// A source that knows no patients yet.
    package init() {}

    /// Names the register; of the second one on nothing is taken.
    package func connect(_ register: (any PatientRegister)?) {
        self.register.withLock { if $0 == nil { $0 = register } }
    }

    /// What the records say of a patient; nil when there is no such patient. Where nobody keeps records every
    /// patient is one of whom nothing is known.
    func relations(of patient: Identifier<Patient>) async throws -> PatientRelations? {
        guard let current else { return PatientRelations(patient: patient) }
        return try await current.relations(of: patient)
    }

    /// The register; nil where nobody keeps records.
    var current: (any PatientRegister)? {
        register.withLock { $0 }
    }
}

extension PatientSource {
    /// The pseudonym under which the log speaks of a patient.
    ///
    /// - Throws: `Fault.notFound` when there is no such patient.
    func subject(of patient: Identifier<Patient>) async throws -> [UInt8] {
        guard let subject = try await current?.subject(of: patient) else { throw Self.nobody }
        return subject
    }

    /// What the records say of a patient.
    ///
    /// - Throws: `Fault.notFound` when there is no such patient.
    func known(_ patient: Identifier<Patient>) async throws -> PatientRelations {
        guard current != nil, let relations = try await relations(of: patient) else { throw Self.nobody }
        return relations
    }

    private static let nobody = Fault(.notFound, "There is no such patient here. Search again: /access/patients")
}
