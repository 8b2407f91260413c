// SPDX-License-Identifier: Apache-2.0

/// One encounter between a patient and the clinic.
struct Visit {
    enum Kind {
        case checkUp, followUp
        case acute(AcuteProblem)
    }

    let day: Int
    /// Minutes after midnight, and how long it takes.
    let minute: Int
    let duration: Int
    let kind: Kind

    var isAcute: Bool {
        if case .acute = kind { true } else { false }
    }
}

/// Who is busy when: no physician sees two patients at once.
struct AppointmentBook {
    private var taken: Set<[Int]> = []

    /// Quarters of an hour from 8:00 to 11:45 and from 13:00 to 16:30.
    private static let slots = Array(32...47) + Array(52...66)

    /// The first free half hour from a wished slot on, on that day or the working days after it.
    mutating func book(physician: Int, from day: Int, wish: Int) -> (day: Int, minute: Int) {
        var day = ClinicDate.workingDay(from: day)
        while true {
            for offset in AppointmentBook.slots.indices {
                let slot = AppointmentBook.slots[(wish + offset) % AppointmentBook.slots.count]
                if reserve(physician, day, slot) { return (day, slot * 15) }
            }
            day = ClinicDate.workingDay(from: day + 1)
        }
    }

    private mutating func reserve(_ physician: Int, _ day: Int, _ slot: Int) -> Bool {
        let keys = (slot - 1...slot + 1).map { [physician, day, $0] }
        guard !keys.contains(where: taken.contains) else { return false }
        taken.insert([physician, day, slot])
        return true
    }
}
