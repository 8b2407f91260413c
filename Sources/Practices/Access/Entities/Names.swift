// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Kernel

/// The types of the schema; one that is no name of the language would be a defect that every test meets.
enum CedarType {
    static let person = name("Person")
    static let patient = name("Patient")
    static let role = name("Role")
    static let department = name("Department")
    static let institution = name("Institution")
    static let action = name("Action")
    static let `operator` = name("Operator")
    static let draft = name("RuleDraft")
    static let staffEntry = name("StaffEntry")

    /// The type of Cedar for each type of the house.
    static let byHouseType: [String: TypeName] = [
        "person": person, "patient": patient, "institution": institution, "operator": `operator`,
        "system": name("System"), "anonymous": name("Visitor"), "application": name("Application"),
        "break-glass": name("BreakGlass"), "rule-draft": draft,
        "staff-entry": staffEntry,
    ]

    private static func name(_ text: Text) -> TypeName {
        // The texts are those above; a test decides by each of them.
        guard let name = TypeName(text) else { preconditionFailure("\(text) is no type") }
        return name
    }
}

extension EntityUID {
    /// The entity of Cedar that something of the house is; nil for what rules know nothing of.
    init?(_ reference: Kernel.EntityReference) {
        guard let type = CedarType.byHouseType[reference.type] else { return nil }
        self.init(type: type, id: Text(reference.id))
    }

    static func role(_ id: String) -> EntityUID { EntityUID(type: CedarType.role, id: Text(id)) }
    static func department(_ name: String) -> EntityUID { EntityUID(type: CedarType.department, id: Text(name)) }
    static func action(_ id: String) -> EntityUID { EntityUID(type: CedarType.action, id: Text(id)) }
    static func person(_ id: Identifier<Kernel.Person>) -> EntityUID {
        EntityUID(type: CedarType.person, id: Text(id.description))
    }
    static func patient(_ id: Identifier<Kernel.Patient>) -> EntityUID {
        EntityUID(type: CedarType.patient, id: Text(id.description))
    }
}

extension Value {
    /// A moment, to the millisecond before it.
    init(_ instant: Instant) {
        self = .datetime(Datetime(milliseconds: instant.microseconds.flooredMilliseconds))
    }
}

extension Int64 {
    /// Of microseconds, the whole milliseconds; rounded down also before 1970.
    var flooredMilliseconds: Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: 1_000)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
