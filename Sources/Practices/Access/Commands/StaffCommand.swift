// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Codecs
import Kernel
import Ledger

/// `salus access staff`: what care teams need to know of the people of the clinic.
struct StaffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "staff", abstract: "Departments of people, and the numbers by which records name them.",
        subcommands: [StaffList.self, StaffSet.self, StaffEntries.self])
}

/// `salus access staff list`.
struct StaffList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List everybody with department and numbers.")

    @OptionGroup var house: HouseOptions

    func run() async throws {
        let isJSON = house.json
        try await house.withHouse(for: AccessActions.manageStaff) { open in
            let rules = try RuleAuthorizer.of(open.house)
            let numbers = try await StaffDesk(open.house, rules).numbers()
            let staff = try await rules.census().staff
            guard !isJSON else {
                let values = staff.map { Self.value($0, numbers[$0.summary.id] ?? []) }
                Terminal.json(["staff": .array(values)])
                return
            }
            for member in staff {
                let own = (numbers[member.summary.id] ?? []).map(\.text).joined(separator: " ")
                let columns = [member.summary.login, member.department ?? "-", own.isEmpty ? "-" : own]
                Terminal.line(columns.map(TerminalText.harmless).joined(separator: "\t"))
            }
        }
    }

    private static func value(_ member: StaffMember, _ numbers: [PractitionerNumber]) -> CanonicalValue {
        .object(
            [
                .init("login", .string(member.summary.login)), .init("person", .string(member.summary.id.description)),
                .init("numbers", .array(numbers.map { .string($0.text) })),
            ] + (member.department.map { [.init("department", .string($0))] } ?? []))
    }
}

/// `salus access staff set`.
struct StaffSet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Give a person a department or a number, or take one away.",
        discussion: """
            A number belongs to one person: while somebody else with an open account has it, take it from them first.

            EXIT STATUS: 0 it is so now; 1 the number belongs to somebody else, or anything else.
            """)

    @Argument(help: "The sign-in name.")
    var login: String

    @Option(help: "The department, as the records call it; an empty one for none.")
    var department: String?

    @Option(help: ArgumentHelp("A number to give. \(PractitionerNumber.hint)", valueName: "number"))
    var addNumber: String?

    @Option(help: ArgumentHelp("A number to take away.", valueName: "number"))
    var removeNumber: String?

    @OptionGroup var house: HouseOptions

    func run() async throws {
        let (login, changes) = (login, try changes())
        guard !changes.isEmpty else {
            throw Fault(.invalidInput, "Say what to change: --department, --add-number or --remove-number.")
        }
        try await house.withHouse(for: AccessActions.manageStaff) { open in
            let desk = try await StaffDesk(open.house, try RuleAuthorizer.of(open.house))
            let everyone = try await open.house.directory.everyone()
            guard let person = everyone.first(where: { $0.login.utf8.elementsEqual(login.utf8) }) else {
                throw Fault(.notFound, "Nobody has the sign-in name \(login).")
            }
            for change in changes { try await desk.make(change, for: person.id, by: open.actor) }
            Terminal.line("set: \(person.login)")
        }
    }

    private func changes() throws -> [StaffDesk.Change] {
        var changes: [StaffDesk.Change] = []
        if let department {
            guard let change = StaffForm.department(department) else {
                throw Fault(.invalidInput, StaffForm.departmentHint)
            }
            changes.append(change)
        }
        if let removeNumber { changes.append(.removeNumber(try Self.number(removeNumber))) }
        if let addNumber { changes.append(.addNumber(try Self.number(addNumber))) }
        return changes
    }

    static func number(_ typed: String) throws -> PractitionerNumber {
        guard let number = PractitionerNumber(typed) else {
            throw Fault(.invalidInput, "This is no number of a practitioner. \(PractitionerNumber.hint)")
        }
        return number
    }
}

/// `salus access staff entries`.
struct StaffEntries: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "entries", abstract: "List the entries of the log in which a number was given or taken away.",
        discussion: """
            The log holds a keyed hash in place of each number; only this house can make it. Entries from before Salus \
            wrote the hash are not found.
            """)

    @Argument(help: ArgumentHelp("The number. \(PractitionerNumber.hint)"))
    var number: String

    @OptionGroup var house: HouseOptions

    func run() async throws {
        let (number, isJSON) = (try StaffSet.number(number), house.json)
        try await house.withHouse(for: AccessActions.manageStaff) { open in
            let hash = try await StaffHash(open.house).hash(number)
            let found = try await NumberHistory.entries(hash: hash, open.house)
            guard !isJSON else {
                Terminal.json(["entries": .array(found.map(Self.value))])
                return
            }
            if found.isEmpty { Terminal.line("No entry is about this number.") }
            let everyone = try await open.house.directory.everyone()
            let logins = Dictionary(everyone.map { ($0.id.description, $0.login) }) { first, _ in first }
            for entry in found {
                let actor = logins[entry.actor.id] ?? "\(entry.actor.type) \(entry.actor.id)"
                Terminal.line(
                    [
                        "\(entry.position)", entry.at.rfc3339, entry.change, logins[entry.person] ?? entry.person,
                        "by \(actor)",
                    ].joined(separator: "\t"))
            }
        }
    }

    private static func value(_ entry: NumberHistory) -> CanonicalValue {
        .object([
            .init("actor", .string(entry.actor.id)), .init("at", .string(entry.at.rfc3339)),
            .init("change", .string(entry.change)), .init("entry", .integer(entry.position)),
            .init("person", .string(entry.person)),
        ])
    }
}
