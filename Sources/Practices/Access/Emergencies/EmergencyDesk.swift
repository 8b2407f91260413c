// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Keyring
import Ledger
import Store

/// Opens charts in an emergency, ends that, and takes reviews down. Whether somebody may is asked before.
struct EmergencyDesk: Sendable {
    let house: House
    let patients: PatientSource
    /// Seals what people write.
    let key: OpenKey

    /// The desk of `house`; makes its key at the first start, so that the first emergency needs no space for one.
    init(_ house: House, patients: PatientSource) async throws {
        self.house = house
        self.patients = patients
        key = try await house.keyring.sharedKey(owner: "access-emergencies")
    }

    /// Opens a patient's chart for one person. Whoever has it open already keeps what they have: the button was
    /// pressed twice.
    ///
    /// It is care, so it works on a full disk too.
    func open(
        _ patient: Identifier<Patient>, for person: Identifier<Person>, _ reason: Emergency.Reason,
        _ note: EmergencyNote
    ) async throws -> Emergency {
        let subject = try await patients.current?.subject(of: patient)
        return try await house.care { [key] tx in
            let open = try tx.openEmergencies(of: person)
            if let known = open.first(where: { $0.patient == patient }) { return known }
            let daily = try tx.emergencyCount(of: person, since: tx.now.advanced(by: .zero - .hours(24)))
            let emergency = Emergency(
                Identifier(at: tx.now), by: person, on: patient, for: reason, at: tx.now,
                isOneOfMany: EmergencyLimits.areMany(open: Int64(open.count), daily: daily))
            try tx.insert(emergency, sealed: try note.seal(key, as: .opening, of: emergency.id))
            try tx.record(emergency.openedFact(on: subject))
            return emergency
        }
    }

    /// Ends an emergency of the person's own. One that is over stays as it is.
    ///
    /// - Throws: `Fault.notFound` for somebody else's.
    func end(_ id: Identifier<Emergency>, of person: Identifier<Person>) async throws {
        try await house.care { tx in
            let emergency = try tx.emergency(id)
            guard emergency.person == person else { throw Emergency.missing }
            try tx.end(emergency, by: .person, actor: .person(person))
        }
    }

    /// Ends somebody else's emergency. One that is over stays as it is.
    func end(_ id: Identifier<Emergency>, byReviewer reviewer: Identifier<Person>) async throws {
        try await house.store.write { tx in
            try tx.end(try tx.emergency(id), by: .reviewer, reviewer, actor: .person(reviewer))
        }
    }

    /// Takes a review down.
    ///
    /// - Throws: `Fault.refused` for the own emergency, `Fault.conflict` when it is open or judged.
    func review(
        _ id: Identifier<Emergency>, _ finding: Emergency.Finding, _ note: EmergencyNote?,
        by reviewer: Identifier<Person>
    ) async throws {
        try await house.store.write { [key] tx in
            var emergency = try tx.emergency(id)
            let wasOpen = emergency.end == nil
            try emergency.review(finding, by: reviewer, at: tx.now)
            if wasOpen, let end = emergency.end {
                try tx.update(emergency, end: end)
                try tx.record(emergency.endedFact(end, by: .system))
            }
            guard let review = emergency.review else { return }
            try tx.update(emergency, review: review, sealed: try note?.seal(key, as: .review, of: id))
            try tx.record(emergency.reviewedFact(review))
        }
    }

    /// Takes down what came out of a follow-up.
    ///
    /// - Throws: `Fault.refused` for the own emergency, `Fault.conflict` when there is no follow-up to close.
    func closeFollowUp(
        _ id: Identifier<Emergency>, _ finding: Emergency.Finding, _ note: EmergencyNote,
        by reviewer: Identifier<Person>
    ) async throws {
        try await house.store.write { [key] tx in
            var emergency = try tx.emergency(id)
            try emergency.close(finding, by: reviewer, at: tx.now)
            guard let closing = emergency.closing else { return }
            try tx.update(emergency, closing: closing, sealed: try note.seal(key, as: .closing, of: id))
            try tx.record(emergency.followUpClosedFact(closing))
        }
    }

    /// Writes down that those emergencies ended whose time is over. Rules go by the time itself and wait for nothing.
    func endThoseWhoseTimeIsOver() async throws {
        guard try await !house.store.read({ tx in try tx.emergenciesToEnd().isEmpty }) else { return }
        try await house.store.write { tx in
            for emergency in try tx.emergenciesToEnd() { try tx.end(emergency, by: .time, actor: .system) }
        }
    }

    /// The job that does so.
    var job: Job {
        Job("access/emergencies", every: .minutes(1)) { try await endThoseWhoseTimeIsOver() }
    }
}

extension Transaction {
    /// Ends an emergency that is not over, and says so in the log.
    func end(
        _ emergency: Emergency, by cause: Emergency.End.Cause, _ person: Identifier<Person>? = nil,
        actor: EntityReference
    ) throws {
        guard emergency.end == nil else { return }
        var emergency = emergency
        try emergency.end(by: cause, person, at: now)
        guard let end = emergency.end else { return }
        try update(emergency, end: end)
        try record(emergency.endedFact(end, by: end.cause == .time ? .system : actor))
    }
}
