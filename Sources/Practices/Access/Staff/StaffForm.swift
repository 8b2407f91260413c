// SPDX-License-Identifier: Apache-2.0

import Kernel
import Web

/// What somebody filled in about a member of staff, and what is wrong with it.
struct StaffForm: Sendable {
    let act: String
    let typed: [String: String]
    private(set) var errors: [String: String] = [:]
    /// The change that was meant; nil when something is wrong.
    private(set) var change: StaffDesk.Change?

    /// The number that is to be given.
    var newNumber: PractitionerNumber? {
        if case .addNumber(let number) = change { number } else { nil }
    }

    /// Longer shifts are a mistake in the date.
    private static let longestShift = Duration.days(31)

    /// An empty form.
    init() {
        (act, typed) = ("", [:])
    }

    /// Reads a form that was sent.
    init(_ form: Fields, _ time: LocalTime) {
        act = form["act"] ?? ""
        typed = Dictionary(form.all.map { ($0.name, Self.trimmed($0.value)) }) { first, _ in first }
        switch act {
        case "department": readDepartment()
        case "add-number": readNumber { .addNumber($0) }
        case "remove-number": readNumber { .removeNumber($0) }
        case "add-shift": readShift(time)
        case "remove-shift":
            change = typed["from"].flatMap { Int64($0) }.map { .removeShift(from: Instant(microseconds: $0)) }
        default: break
        }
    }

    /// Says why the number cannot be given.
    mutating func refuse(number why: String) {
        errors["number"] = why
        change = nil
    }

    private mutating func readDepartment() {
        change = Self.department(typed["department"] ?? "")
        if change == nil { errors["department"] = Self.departmentHint }
    }

    /// The change to a department with this name, or to none; nil for what is no name.
    static func department(_ name: String) -> StaffDesk.Change? {
        guard name.utf8.count <= 200, name.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { return nil }
        return .department(name.isEmpty ? nil : name)
    }

    static let departmentHint = "A department has a name of at most 200 letters, in one line."

    private mutating func readNumber(_ make: (PractitionerNumber) -> StaffDesk.Change) {
        guard let number = PractitionerNumber(typed["number"] ?? "") else {
            errors["number"] = "This is no number of a practitioner. \(PractitionerNumber.hint)"
            return
        }
        change = make(number)
    }

    private mutating func readShift(_ time: LocalTime) {
        let from = time.instant(typed["from"] ?? "")
        let until = time.instant(typed["until"] ?? "")
        if from == nil { errors["from"] = "Write day and time, such as 2026-11-23 07:00." }
        if until == nil { errors["until"] = "Write day and time, such as 2026-11-23 15:30." }
        guard let from, let until else { return }
        guard from < until, until.since(from) <= Self.longestShift else {
            errors["until"] = "A shift ends after it begins, and within 31 days."
            return
        }
        change = .addShift(StaffMember.Shift(from: from, until: until))
    }

    private static func trimmed(_ text: String) -> String {
        String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
