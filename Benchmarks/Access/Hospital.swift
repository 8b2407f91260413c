// SPDX-License-Identifier: Apache-2.0

import CedarPolicy

/// A made-up hospital: 20,000 staff, 200,000 patients, and who treats whom from when until when.
struct Hospital {
    static let staffCount = 20_000
    static let patientCount = 200_000
    /// 2026-11-25T08:00:00Z
    static let now: Int64 = 1_795_593_600_000
    private static let hour: Int64 = 3_600_000

    private(set) var entities: [Entity] = []
    private(set) var edges = 0
    private var dice = Dice(seed: 20_261_125)
    private let names = Names()
    /// Of each patient, some who treat them, so that requests can ask for what is likely.
    private var treating: [[Int]] = []

    init() {
        addHouse()
        for number in 0..<Self.staffCount { addStaff(number) }
        for number in 0..<Self.patientCount { addPatient(number) }
    }

    /// A request, every second one by somebody who treats or treated the patient.
    mutating func request() -> Request {
        let patient = dice.number(Self.patientCount)
        let staff = dice.chance(500) ? dice.pick(treating[patient]) : dice.number(Self.staffCount)
        return request(staff: staff, patient: patient, action: dice.number(HospitalPolicies.actions.count))
    }

    mutating func request(staff: Int, patient: Int, action: Int) -> Request {
        Request(
            principal: names.staff(staff), action: names.uid("Action", HospitalPolicies.actions[action].name),
            resource: names.patient(patient),
            context: [
                "now": .datetime(Datetime(milliseconds: Self.now)), "secondFactor": .bool(dice.chance(900)),
                "purpose": .string(dice.pick(["treatment", "treatment", "round", "consultation"])),
                "address": dice.pick(names.addresses),
            ])
    }

    /// A member of staff with other duties: a change as the directory makes it.
    mutating func changedStaff(_ number: Int) -> Entity {
        staff(number)
    }

    /// A ward in another department than before.
    func movedWard(_ number: Int) -> Entity {
        let department = names.uid("Department", "d\((number + 1) % HospitalPolicies.departments)")
        return Entity(uid: names.uid("Ward", "w\(number)"), parents: [department])
    }

    private mutating func addHouse() {
        entities += ["read", "write", "readSealed", "disclose"].map { Entity(uid: names.uid("Action", $0)) }
        entities += HospitalPolicies.actions.map {
            Entity(uid: names.uid("Action", $0.name), parents: [names.uid("Action", $0.group)])
        }
        entities += HospitalPolicies.roles.map { Entity(uid: names.uid("Role", $0)) }
        for department in 0..<HospitalPolicies.departments {
            entities.append(Entity(uid: names.uid("Department", "d\(department)")))
        }
        for ward in 0..<HospitalPolicies.wards {
            let department = names.uid("Department", "d\(ward % HospitalPolicies.departments)")
            entities.append(Entity(uid: names.uid("Ward", "w\(ward)"), parents: [department]))
        }
        for team in 0..<Names.teams { entities.append(Entity(uid: names.uid("CareTeam", "t\(team)"))) }
    }

    private mutating func addStaff(_ number: Int) {
        entities.append(staff(number))
    }

    private mutating func staff(_ number: Int) -> Entity {
        let wards = (0..<(1 + dice.number(2))).map { _ in names.uid("Ward", "w\(dice.number(HospitalPolicies.wards))") }
        let teams = (0..<dice.number(3)).map { _ in names.uid("CareTeam", "t\(dice.number(Names.teams))") }
        let role = names.uid("Role", dice.pick(HospitalPolicies.roles))
        let clearances = HospitalPolicies.labels.filter { _ in dice.chance(200) }.map { Value.string(Text($0)) }
        var grants: [Text: Value] = [:]
        if dice.chance(20) { grants[names.number(ofPatient: dice.number(Self.patientCount))] = moment(within: 8) }
        return Entity(
            uid: names.staff(number),
            attributes: [
                "login": .string(names.login(number)), "level": .integer(Int64(1 + dice.number(5))),
                "isActive": .bool(dice.chance(970)), "onDutyUntil": moment(within: 12),
                "clearances": .set(Set(clearances)),
            ],
            tags: grants, parents: Set([role] + wards + teams))
    }

    private mutating func addPatient(_ number: Int) {
        let ward = names.uid("Ward", "w\(dice.number(HospitalPolicies.wards))")
        var attributes: [Text: Value] = [
            "number": .string(names.number(ofPatient: number)), "ward": .entity(ward),
            "team": .entity(names.uid("CareTeam", "t\(dice.number(Names.teams))")),
            "labels": .set(Set(HospitalPolicies.labels.filter { _ in dice.chance(30) }.map { .string(Text($0)) })),
            "admitted": moment(within: 24 * 90),
        ]
        if dice.chance(400) { attributes["discharged"] = moment(within: 24 * 30) }
        let staff = (0..<(2 + dice.number(5))).map { _ in dice.number(Self.staffCount) }
        var team: [Text: Value] = [:]
        for member in staff {
            team[names.login(member)] = .record(["from": moment(within: 48), "until": moment(within: 96)])
        }
        edges += team.count
        treating.append(staff)
        entities.append(
            Entity(uid: names.patient(number), attributes: attributes, tags: team, parents: [ward]))
    }

    /// A moment so many hours before or after now.
    private mutating func moment(within hours: Int) -> Value {
        .datetime(Datetime(milliseconds: Self.now + Int64(dice.number(2 * hours) - hours) * Self.hour))
    }
}

/// How things in the hospital are called.
private struct Names {
    static let teams = 2_000
    let addresses: [Value] = ["10.1.2.3", "10.200.0.9", "192.168.1.1"].compactMap { IPAddress($0).map(Value.address) }
    private let types: [String: TypeName]

    init() {
        let names = ["Action", "Role", "Department", "Ward", "CareTeam", "Staff", "Patient"]
        types = Dictionary(uniqueKeysWithValues: names.map { ($0, TypeName(Text($0))) }).compactMapValues { $0 }
    }

    func uid(_ type: String, _ id: String) -> EntityUID {
        guard let type = types[type] else { preconditionFailure("no type \(type)") }
        return EntityUID(type: type, id: Text(id))
    }

    func staff(_ number: Int) -> EntityUID {
        uid("Staff", "s\(number)")
    }

    func patient(_ number: Int) -> EntityUID {
        uid("Patient", "p\(number)")
    }

    func login(_ number: Int) -> Text {
        Text("login\(number)")
    }

    func number(ofPatient number: Int) -> Text {
        Text("4711-\(number)")
    }
}
