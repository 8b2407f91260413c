// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Ledger
import Store

@testable import Access

/// Writes into the log what other practices would.
extension AccessFixture {
    typealias Who = Identifier<Kernel.Person>

    var desk: GrantDesk { GrantDesk(house: house, shelf: rules.shelf) }

    /// Writes a fact, and waits for its place in the log.
    func tell(_ kind: String, by actor: EntityReference = .system, _ data: [CanonicalMember]) async throws {
        try await house.store.write { tx in try tx.record(Fact(FactKind(kind, "Test"), by: actor, data)) }
        try await house.ledger.settle()
    }

    /// A person whom somebody invited.
    func invite(_ name: String, _ roles: StaffRole...) async throws -> Who {
        let id = Who(at: now)
        set(id, name, roles)
        try await tell("identity.person-invited.v1", Self.members(id, roles))
        return id
    }

    /// Gives a person these roles and no others.
    func give(_ roles: StaffRole..., to id: Who, _ name: String) async throws {
        set(id, name, roles)
        try await tell("identity.roles-changed.v1", Self.members(id, roles))
    }

    /// Closes or opens an account, in the directory and in the log.
    func close(_ id: Who, _ name: String, _ roles: StaffRole..., isOpen: Bool = false) async throws {
        set(id, name, roles, isEnabled: isOpen)
        let kind = isOpen ? "identity.person-enabled.v1" : "identity.person-disabled.v1"
        try await tell(kind, [.init("person", .string(id.description))])
    }

    /// Changes the directory alone.
    func set(_ id: Who, _ name: String, _ roles: [StaffRole], isEnabled: Bool = true) {
        people.set(
            PersonSummary(
                id: id, name: name, login: name.lowercased(), roles: roles.map(\.rawValue).sorted(),
                isEnabled: isEnabled, hasSecondFactor: true))
    }

    /// A reading of a chart, or of something else that the log tells with its rules.
    func read(
        by id: Who, rules: [String]?, protected: [String]? = nil, kind: String = "vault.chart-read.v1"
    ) async throws {
        func list(_ name: String, _ values: [String]?) -> [CanonicalMember] {
            values.map { [.init(name, .array($0.map { .string($0) }))] } ?? []
        }
        try await tell(
            kind, by: .person(id),
            list("protected", protected) + list("rules", rules) + [.init("section", .string("summary"))])
    }

    /// How a grant stands now.
    func grant(_ role: StaffRole, of id: Who) async throws -> (state: Grant.State, use: Grant.Use)? {
        let sheet = try await desk.sheet()
        return sheet.grants(of: id).first { $0.role == role.rawValue }.map {
            ($0.state(at: sheet.now), $0.use(at: sheet.now, told: sheet.usesSince))
        }
    }

    private static func members(_ id: Who, _ roles: [StaffRole]) -> [CanonicalMember] {
        [
            .init("person", .string(id.description)),
            .init("roles", .array(roles.map(\.rawValue).sorted().map { .string($0) })),
        ]
    }
}
