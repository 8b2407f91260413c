// SPDX-License-Identifier: Apache-2.0

import Access
import Backup
import Building
import Codecs
import Foundation
import Identity
import Kernel
import Keyring
import Ledger
import Store
import SyntheticClinic
import Vault

/// What is rare enough for a transaction of its own.
extension Storyteller {
    /// Whoever runs the machine.
    private static let machine = EntityReference.operator(uid: 0)

    private func actor(_ person: Int?) -> EntityReference {
        person.flatMap { people[$0] }.map { .person($0) } ?? .system
    }

    mutating func tell(_ kind: YearEvent.Kind, daysAgo: Int) async throws {
        switch kind {
        case .work: break
        case .people(let act): try await tell(act)
        case .imported(let patients): try await importCharts(of: patients)
        case .emergency(let number, let act): try await tell(number, act)
        case .rolesKept(let person, let by):
            guard let person = people[person], let by = people[by] else { return }
            try await access.keepRoles(of: person, by: by)
        case .roleRefused(let person, let role, let by):
            guard let person = people[person], let by = people[by] else { return }
            try await access.refuseRole(role.rawValue, of: person, by: by)
        case .rules(let number, let act): try await tell(number, act)
        case .application(let name, let act): try await tell(name, act)
        case .backup(let act): try await tell(act)
        case .keysRotated: _ = try await house.keyring.rotate(by: Self.machine)
        case .stopped: try await house.store.write { tx in try tx.record(Fact(ServerFacts.stopped, by: .system)) }
        case .started:
            try await house.store.write { tx in
                try tx.record(Fact(ServerFacts.started, by: .system, [.init("version", .string(Version.number))]))
            }
        }
    }

    /// By which act of the house, and by which rule, somebody does something in the console.
    mutating func noteAllowance(_ kind: YearEvent.Kind, at moment: Instant) {
        let (number, action): (Int, String)
        switch kind {
        case .people(.invited(_, let by?)), .people(.reset(_, let by)), .people(.rolesChanged(_, _, let by)),
            .people(.closed(_, let by)):
            (number, action) = (by, "identity.manage-people")
        case .emergency(_, .opened(let by, _, _, _)): (number, action) = (by, "access.break-glass")
        case .emergency(let emergency, .reviewed(let by, _, _)),
            .emergency(let emergency, .followUpClosed(let by, _, _)):
            guard emergencies[emergency] != nil else { return }
            (number, action) = (by, "access.review-emergency")
        case .rolesKept(_, let by), .roleRefused(_, _, let by): (number, action) = (by, "access.review-grants")
        case .rules(_, .proposed(let by, _, _)), .rules(_, .withdrawn(let by)):
            (number, action) = (by, "access.draft-rules")
        case .rules(let draft, .approved(let by)), .rules(let draft, .sentBack(let by, _)):
            guard drafts[draft] != nil else { return }
            (number, action) = (by, "access.approve-rules")
        default: return
        }
        guard let person = people[number], let role = clinic.staff[number].roles.first else { return }
        let rule = action == "access.break-glass" ? "who-may-break-glass" : role.rawValue
        allow(person, action, by: rule, at: moment)
    }

    private mutating func tell(_ act: YearEvent.PeopleAct) async throws {
        switch act {
        case .invited(let number, let by) where people[number] == nil: try await invite(number, by: actor(by))
        case .invited(let number, let by): try await tell(.invitedAgain(by: actor(by)), of: number)
        case .passwordChosen(let number): try await tell(.passwordChosen, of: number)
        case .enrolled(let number): try await tell(.enrolled, of: number)
        case .reset(let number, let by): try await tell(.reset(by: actor(by)), of: number)
        case .usedRecoveryCode(let number): try await tell(.usedRecoveryCode, of: number)
        case .rolesChanged(let number, let roles, let by):
            try await tell(.rolesChanged(roles.map(\.rawValue), by: actor(by)), of: number)
        case .closed(let number, let by):
            try await tell(.closed(by: actor(by)), of: number)
            try await access.catchUp()
        }
        readings.accountsChanged()
    }

    private func tell(_ act: IdentityPractice.SyntheticAct, of number: Int) async throws {
        guard let person = people[number] else { return }
        try await IdentityPractice.addSynthetic(act, of: person, into: house)
    }

    private mutating func invite(_ number: Int, by actor: EntityReference) async throws {
        let person = clinic.staff[number]
        let new = NewPerson(
            login: String(person.email.prefix { $0 != "@" }), name: "\(person.givenName) \(person.familyName)",
            roles: person.roles.map(\.rawValue))
        let id = try await house.store.write { tx in
            try HouseRegister.demandSynthetic(tx)
            return try IdentityPractice.addSynthetic(people: [new], by: actor, isInvited: true, in: tx).first
        }
        guard let id else { return }
        people[number] = id
        // Where they work and by which numbers the records name them, so that the demonstration has care teams.
        let staff = AccessPractice.SyntheticStaff(
            person: id, department: person.department,
            practitioner: person.npi.map { "http://hl7.org/fhir/sid/us-npi|\($0)" })
        try await AccessPractice.addSynthetic(staff: [staff], into: house)
    }

    /// Takes charts in, twenty seconds a file.
    private mutating func importCharts(of numbers: [Int]) async throws {
        if patients.isEmpty {
            try await VaultPractice.importSynthetic(bundles: [clinic.organizationBundle()], into: house)
        }
        for number in numbers {
            clock.advance(to: clock.now().advanced(by: .seconds(20)))
            try await VaultPractice.importSynthetic(
                bundles: [clinic.bundle(for: clinic.patients[number])], into: house)
        }
        let known = try await VaultPractice.patients(in: house).suffix(numbers.count)
        let register = estate.practices.compactMap(\.patients).first
        for (number, patient) in zip(numbers, known) {
            let relations = try await register?.relations(of: patient.patient)
            patients[number] = KnownPatient(
                id: patient.patient, subject: patient.subject, protected: Set(relations?.protected ?? []))
        }
        try await AccessPractice.switchSyntheticCareTeams(in: house)
    }

    private mutating func tell(_ number: Int, _ act: YearEvent.EmergencyAct) async throws {
        if case .opened(let person, let patient, let reason, let words) = act {
            guard let person = people[person], let patient = patients[patient] else { return }
            let id = try await access.openEmergency(on: patient.id, for: person, reason: reason, words: words)
            emergencies[number] = (id, person)
            return
        }
        guard let emergency = emergencies[number] else { return }
        switch act {
        case .opened: break
        case .ended: try await access.endEmergency(emergency.id, of: emergency.person)
        case .timeIsOver: try await access.endEmergenciesWhoseTimeIsOver()
        case .reviewed(let by, let finding, let words):
            guard let by = people[by] else { return }
            try await access.reviewEmergency(emergency.id, finding: finding, words: words, by: by)
        case .followUpClosed(let by, let finding, let words):
            guard let by = people[by] else { return }
            try await access.closeFollowUp(emergency.id, finding: finding, words: words, by: by)
        }
    }

    private mutating func tell(_ number: Int, _ act: YearEvent.RuleAct) async throws {
        if case .proposed(let by, let rule, let note) = act {
            guard let by = people[by] else { return }
            drafts[number] = try await access.proposeRule(rule, note: note, by: by)
            return
        }
        guard let draft = drafts[number] else { return }
        switch act {
        case .proposed: break
        case .approved(let by): if let by = people[by] { try await access.approveRule(draft, by: by) }
        case .sentBack(let by, let words):
            if let by = people[by] { try await access.sendRuleBack(draft, words: words, by: by) }
        case .withdrawn(let by): if let by = people[by] { try await access.withdrawRule(draft, by: by) }
        }
    }

    private func tell(_ name: String, _ act: YearEvent.ApplicationAct) async throws {
        switch act {
        case .added(let by): try await access.addApplication(name, by: actor(by))
        case .tokenChanged(let by): try await access.changeToken(of: name, by: actor(by))
        case .asked(let decisions, let permitted):
            try await access.ask(name, decisions: decisions, permitted: permitted, rule: "care-finds-patients")
        }
    }

    private mutating func tell(_ act: YearEvent.BackupAct) async throws {
        switch act {
        case .setUp(let by):
            let folder = estate.settings.data
            let root = folder.hasPrefix("/") ? folder : "\(FileManager.default.currentDirectoryPath)/\(folder)"
            backups = try await SyntheticBackups(
                house, in: "\(root)/demo", places: BackupStory.repositories, jobs: BackupStory.jobs, by: actor(by))
        case .ran(let job, let night):
            try await backups?.run(
                job,
                SyntheticBackups.Night(
                    files: Int64(night.files ?? 0), bytes: Int64(night.bytes), added: Int64(night.added),
                    unread: Int64(night.unread), length: .milliseconds(night.milliseconds), failure: night.failure))
        case .ranLately(let job, let days, let milliseconds):
            for day in written[job, default: 0]..<days {
                for file in BackupStory.files(ofJob: job, day: day) {
                    try backups?.write(file.name, file.text, for: job)
                }
            }
            written[job] = days
            try await backups?.runReally(job, length: .milliseconds(milliseconds))
        case .thinnedOut: try await backups?.thinOut()
        case .checked(let errors): try await backups?.check(errors: Int64(errors))
        case .drilled(let job, let drill):
            try await backups?.drill(
                job,
                SyntheticBackups.Drill(
                    files: Int64(drill.files), bytes: Int64(drill.bytes), compared: Int64(drill.compared),
                    matching: Int64(drill.matching), length: .milliseconds(drill.milliseconds)))
        }
    }
}
