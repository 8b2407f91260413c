// SPDX-License-Identifier: Apache-2.0

extension Story {
    /// The quarterly reviews of roles, the last one half done, and the monthly ones of roles that can change others.
    mutating func tellReviews() {
        for day in [276, 187, 102] { tellCampaign(workingDay(day), of: clinic.staff.indices) }
        // A leaver was found by the last one: the account is still open.
        let last = workingDay(3)
        tellCampaign(last, of: 0..<9)
        tell(.roleRefused(person: 16, role: .frontDesk, by: Self.privacyOfficer), last, 885)
        for month in 1...13 {
            let day = workingDay(Year.length - month * 27)
            tell(.rolesKept(person: Self.administrator, by: Self.privacyOfficer), day, 640)
            tell(.rolesKept(person: Self.privacyOfficer, by: Self.administrator), day, 652)
        }
    }

    private mutating func tellCampaign(_ day: Int, of people: Range<Int>) {
        for person in people where hasOpenAccount(person, on: day) {
            let by = person == Self.privacyOfficer ? Self.administrator : Self.privacyOfficer
            tell(.rolesKept(person: person, by: by), day, 815 + person * 3)
        }
    }

    private func hasOpenAccount(_ person: Int, on day: Int) -> Bool {
        let membership = clinic.memberships[person]
        guard let first = membership.invited.first, day < first else { return false }
        return membership.closed.map { day > $0 } ?? true
    }

    /// Three proposals: one in force, one that came back and was withdrawn, one that waits.
    mutating func tellRules() {
        let (lead, officer) = (Self.administrator, Self.privacyOfficer)
        tell(
            .rules(0, .proposed(by: lead, rule: RuleStory.auditor.rule, note: RuleStory.auditor.note)),
            workingDay(238), 610)
        tell(.rules(0, .approved(by: officer)), workingDay(236), 655)
        tell(.rules(1, .proposed(by: lead, rule: RuleStory.desk.rule, note: RuleStory.desk.note)), workingDay(129), 560)
        tell(.rules(1, .sentBack(by: officer, words: RuleStory.answer)), workingDay(127), 700)
        tell(.rules(1, .withdrawn(by: lead)), workingDay(124), 590)
        tell(
            .rules(2, .proposed(by: officer, rule: RuleStory.physicians.rule, note: RuleStory.physicians.note)),
            workingDay(6), 915)
    }

    /// The programs that ask, and how often: one every working day, one that stopped in summer.
    mutating func tellApplications() {
        tell(.application("Appointment book", .added(by: 0)), workingDay(344), 600)
        tell(.application("Laboratory link", .added(by: 0)), workingDay(261), 600)
        tell(.application("Appointment book", .tokenChanged(by: 0)), workingDay(95), 600)
        var random = self.random(.applications)
        for day in stride(from: 340, through: 1, by: -1) where ClinicDate.isWorkingDay(clinic.today.dayNumber - day) {
            let (decisions, refused) = (random.draw(12...40), random.draw(0...2))
            ask("Appointment book", decisions, refused, day, 465)
            if day < 258, day > 148 { ask("Laboratory link", decisions / 3 + 3, refused, day, 720) }
        }
    }

    private mutating func ask(_ name: String, _ decisions: Int, _ refused: Int, _ day: Int, _ minute: Int) {
        tell(.application(name, .asked(decisions: decisions, permitted: decisions - refused)), day, minute)
    }

    /// Keys, upgrades, and a weekend without power.
    mutating func tellMachines() {
        for day in [302, 121] { tell(.keysRotated, workingDay(day), 1_135) }
        let outage = Self.outage(clinic)
        for day in [365, 322, 274, 241, 204, 158, 110, 76, 44, 16] {
            let day = workingDay(day)
            if day != clinic.firstDay { tell(.stopped, day, 1_150) }
            tell(.started, day, day == clinic.firstDay ? 400 : 1_152)
        }
        tell(.stopped, outage.upperBound + 1, 1_435)
        tell(.started, outage.lowerBound - 1, 395)
    }

    /// The days, counted back, on which Salus did not run: the weekend after somebody switched the power off for repairs.
    static func outage(_ clinic: SyntheticClinic) -> ClosedRange<Int> {
        var day = 152
        // 1970-01-01 was a Thursday, so 5 is Saturday.
        while (clinic.today.dayNumber - day + 3) % 7 != 5 { day -= 1 }
        return day - 1...day
    }
}

/// What is written about rules.
enum RuleStory {
    static let auditor = (
        rule: """
        @id("auditor-sees-readers")
        @title("The auditor sees who can read a patient's records")
        permit (principal in Role::"auditor", action == Action::"access.see-readers", resource);
        """,
        note: "The yearly audit asks for it, and so far the auditor has to ask the privacy officer each time."
    )
    static let desk = (
        rule: """
        @id("front-desk-opens-charts")
        @title("The front desk opens charts")
        permit (principal in Role::"front-desk", action == Action::"vault.read-chart", resource is Patient);
        """,
        note: "The front desk wants to see why somebody comes, to plan the rooms."
    )
    static let physicians = (
        rule: """
        @id("physicians-see-disclosures")
        @title("Physicians see who has read records")
        permit (principal in Role::"physician", action == Action::"access.see-disclosures", resource);
        """,
        note: "Patients ask their physician who has seen their records. Let us answer at once."
    )
    static let answer =
        "The front desk needs appointments, not findings. A reason for the visit can stand in the appointment."
}
