// SPDX-License-Identifier: Apache-2.0

extension Story {
    /// The IT lead, who runs accounts; the first of the roster.
    static let administrator = 0
    /// The privacy officer.
    static let privacyOfficer = 12

    /// Who came, who left, who lost a telephone.
    mutating func tellPeople() {
        for (number, membership) in clinic.memberships.enumerated() { tellMembership(number, membership) }
        tellLostTelephones()
        tellSecondRole()
    }

    private mutating func tellMembership(_ number: Int, _ membership: Membership) {
        // Whoever invites the others is there before them.
        let isFirst = number == Self.administrator
        let by = isFirst ? nil : Self.administrator
        for (place, day) in membership.invited.enumerated() {
            tell(.people(.invited(number, by: by)), day, isFirst ? 405 : 420 + number + place)
        }
        if let day = membership.password { tell(.people(.passwordChosen(number)), day, 470 + number) }
        if let day = membership.enrolled { tell(.people(.enrolled(number)), day, isFirst ? 412 : 480 + number) }
        if let day = membership.closed { tell(.people(.closed(number, by: Self.administrator)), day, 545) }
    }

    /// One telephone was lost for good, another left at home; the second time somebody's codes had run low.
    private mutating func tellLostTelephones() {
        for (person, day) in [(7, 221), (10, 64)] {
            let day = workingDay(day)
            tell(.people(.reset(person, by: Self.administrator)), day, 431)
            tell(.people(.enrolled(person)), day, 436)
        }
        for (person, day) in [(3, 290), (6, 173), (3, 118), (13, 29)] {
            tell(.people(.usedRecoveryCode(person)), workingDay(day), 429)
        }
    }

    /// The head nurse stood in for the IT lead, and kept the role for longer than she needed it.
    private mutating func tellSecondRole() {
        let headNurse = 6
        tell(.people(.rolesChanged(headNurse, [.administrator, .nurse], by: 0)), workingDay(301), 610)
        tell(.roleRefused(person: headNurse, role: .administrator, by: Self.privacyOfficer), workingDay(276), 900)
        tell(.people(.rolesChanged(headNurse, [.nurse], by: 0)), workingDay(272), 560)
    }

    /// Charts that were there at the beginning, and those of patients who registered later.
    mutating func tellRecords() {
        let byDay = Dictionary(grouping: clinic.patients.indices) { clinic.registered($0) }
        for (day, patients) in byDay.sorted(by: { $0.key > $1.key }) {
            tell(.imported(patients.sorted()), day, day == clinic.firstDay ? 500 : 425)
        }
    }

    /// Who signed in on each day, whose charts were opened, what was refused.
    mutating func tellWork() {
        for event in clinic.history {
            tell(
                .work(event.kind, person: event.person, patient: event.patient), event.daysAgo, event.minuteOfDay)
        }
    }
}

extension SyntheticClinic {
    /// The day of the year on which everything began.
    var firstDay: Int { Year.workingDay(Year.length, before: today) }

    /// When the charts of a patient were taken in: most at the beginning, each eighth one later.
    func registered(_ patient: Int) -> Int {
        patient % 8 == 3 ? Year.workingDay(330 - patient / 8 * 26, before: today) : firstDay
    }
}
