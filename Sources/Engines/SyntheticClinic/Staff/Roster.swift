// SPDX-License-Identifier: Apache-2.0

/// The clinic's staff: always the same people, so that a manual can call them by name.
enum Roster {
    static func people(seed: UInt64, today: ClinicDate) -> [Person] {
        posts.enumerated().map { index, post in
            var random = SplitMix64(seed: seed, stream: .staff, index: index)
            let start = ClinicDate.workingDay(from: today.dayNumber - post.daysEmployed - random.draw(0...20))
            return Person(
                index: index, id: random.uuid(), givenName: post.given, familyName: post.family,
                email: "\(mailboxName(post.given)).\(mailboxName(post.family))@demo-clinic.example",
                jobTitle: post.title, roles: post.roles,
                npi: post.department.map { _ in providerNumber(index) }, department: post.department,
                startDate: ClinicDate(dayNumber: start), endDate: nil)
        }
    }

    /// Who was there for a part of the last year, or came just now; numbered after `people`.
    static func others(seed: UInt64, today: ClinicDate) -> [Person] {
        guests.enumerated().map { place, guest in
            let index = posts.count + place
            var random = SplitMix64(seed: seed, stream: .staff, index: index)
            func day(_ daysAgo: Int) -> ClinicDate {
                ClinicDate(dayNumber: today.dayNumber - Year.workingDay(daysAgo, before: today))
            }
            return Person(
                index: index, id: random.uuid(), givenName: guest.post.given, familyName: guest.post.family,
                email: "\(mailboxName(guest.post.given)).\(mailboxName(guest.post.family))@demo-clinic.example",
                jobTitle: guest.post.title, roles: guest.post.roles, npi: nil, department: guest.post.department,
                startDate: day(guest.post.daysEmployed), endDate: guest.left.map(day))
        }
    }

    /// A number in the form of an NPI, with its check digit. None that begins with 9 is ever given to anybody.
    private static func providerNumber(_ index: Int) -> String {
        let number = "99999\(1_001 + index)"
        let sum = ("80840" + number).reversed().enumerated().reduce(0) { sum, digit in
            let value = digit.element.wholeNumberValue ?? 0
            guard digit.offset % 2 == 0 else { return sum + value }
            return sum + (value > 4 ? value * 2 - 9 : value * 2)
        }
        return "\(number)\((10 - sum % 10) % 10)"
    }

    private struct Post {
        let given: String
        let family: String
        let title: String
        let roles: [Role]
        let daysEmployed: Int
        /// Of those who treat patients.
        let department: String?

        init(
            _ given: String, _ family: String, _ title: String, _ roles: [Role], _ daysEmployed: Int,
            in department: String? = nil
        ) {
            (self.given, self.family, self.title, self.roles) = (given, family, title, roles)
            self.department = department
            self.daysEmployed = daysEmployed
        }
    }

    /// None of them is in charge of a patient.
    private static let guests: [(post: Post, left: Int?)] = [
        (Post("Oskar", "Feldhausen", "Receptionist", [.frontDesk], 1_210), 214),
        (Post("Ngozi", "Adelakunwe", "Nurse, night duty", [.nurse], 880, in: "Emergency"), 97),
        (Post("Irene", "Falkenrath", "Receptionist", [.frontDesk], 610), 13),
        (Post("Yusuf", "Karahisarli", "Registered nurse", [.nurse], 4, in: "Maternity"), nil),
    ]

    // INVARIANT: physicians and nurses were there before the first recorded visit, 540 days ago.
    // One receptionist arrived in the middle of the history.
    private static let posts = [
        Post("Noor", "Hallvarden", "IT lead", [.administrator], 1_890),
        Post("Amara", "Okonfield", "Medical director", [.physician], 4_410, in: "Internal medicine"),
        Post("Tomasz", "Lindowski", "Family physician", [.physician], 2_700, in: "Emergency"),
        Post("Mei-Lin", "Harrowgate", "Internist", [.physician], 1_540, in: "Internal medicine"),
        Post("Rafael", "Montequilla", "Family physician", [.physician], 980, in: "Maternity"),
        Post("Priya", "Saffronwala", "Paediatrician", [.physician], 2_150, in: "Paediatrics"),
        Post("Joanna", "Quillfeather", "Head nurse", [.nurse], 3_900, in: "Internal medicine"),
        Post("Kofi", "Amberstone", "Registered nurse", [.nurse], 1_320, in: "Emergency"),
        Post("Svetlana", "Riverova", "Registered nurse", [.nurse], 760, in: "Maternity"),
        Post("Daniel", "Thistlewick", "Nurse, diabetes care", [.nurse], 690, in: "Internal medicine"),
        Post("Leila", "Marzipour", "Front desk lead", [.frontDesk], 2_480),
        Post("Bence", "Kalaposi", "Receptionist", [.frontDesk], 95),
        Post("Sofia", "Verdanza", "Privacy and compliance officer", [.privacyOfficer], 1_100),
        Post("Malik", "Stonebridge", "Internal auditor", [.auditor], 640),
    ]
}
