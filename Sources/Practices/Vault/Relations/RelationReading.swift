// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import FHIRBundle
import Kernel
import Keyring
import Store
import Web

/// Reads charts for what rules may ask about a patient. Remembers where references led, also from one chart to the next.
struct RelationReading {
    private let records: RecordStore
    private let tx: any ReadTransaction
    private let time: LocalTime
    private var staff: StaffReferences
    private var sheet = RelationSheet()

    init(_ records: RecordStore, in tx: any ReadTransaction) {
        (self.records, self.tx) = (records, tx)
        time = records.house.localTime
        staff = StaffReferences(records, in: tx)
    }

    /// What the current records of a patient say.
    mutating func sheet(of patient: Identifier<Patient>) throws -> RelationSheet {
        sheet = RelationSheet()
        let rows = try tx.rows(
            "SELECT \(SealedRow.columns) FROM vault_records WHERE patient = ? AND current = 1 ORDER BY id",
            [.bytes(patient.bytes)])
        for row in rows {
            guard let row = try? SealedRow(row), let key = try? records.house.keyring.dataKey(row.key, in: tx),
                let record = try? ChartRecord(try SealedRecord(row: row, key: key).open())
            else {
                sheet.unopened += 1
                continue
            }
            try read(record)
        }
        return sheet
    }

    private mutating func read(_ record: ChartRecord) throws {
        let (root, stored) = (record.root, record.stored)
        let classes = ProtectedCodes.classes(of: root)
        if !classes.isEmpty { sheet.protected.append(.init(id: stored.id, type: stored.type, classes: classes)) }
        let inside = ProtectedCodes.classes(inside: root)
        if !inside.isEmpty { sheet.containing.append(.init(id: stored.id, type: stored.type, classes: inside)) }
        switch stored.type {
        case "Encounter": try readEncounter(root)
        case "CareTeam": try readTeam(root)
        case "Patient":
            for doctor in root.all("generalPractitioner") { try add(doctor, .generalPractitioner, .always, in: root) }
        default: break
        }
    }

    private mutating func add(
        _ reference: JSONNode?, _ kind: CareRelation.Kind, _ period: CarePeriod, in resource: JSONNode
    ) throws {
        guard let reference else { return }
        for name in try staff.identifiers(reference, in: resource) {
            sheet.care.insert(.init(practitioner: name, kind: kind, period: period))
        }
    }
}

extension RelationReading {
    private static let current = ["arrived", "in-progress", "onleave", "triaged"]

    private mutating func readEncounter(_ encounter: JSONNode) throws {
        let status = encounter["status"]?.string ?? ""
        guard !["cancelled", "entered-in-error"].contains(status),
            var period = CarePeriod(encounter["period"], in: time)
        else { return }
        let isCurrent = Self.current.contains(status)
        if !isCurrent, period.until == nil {
            // A visit that is over, or never began, cares for nobody for ever: its start is all that is known of it.
            guard let start = period.from else { return }
            period.until = time.beginning(ofDay: time.dayNumber(start) + 1)
        }
        for participant in encounter.all("participant") {
            guard let own = participant["period"].map({ CarePeriod($0, in: time) }) ?? period else { continue }
            try add(participant["individual"], .encounter, own, in: encounter)
        }
        if isCurrent { try readStay(encounter, period) }
    }

    /// The place of a visit that goes on: its active locations, else the service, else who provides it.
    private mutating func readStay(_ encounter: JSONNode, _ period: CarePeriod) throws {
        var isFound = false
        for place in encounter.all("location") where ["active", ""].contains(place["status"]?.string ?? "") {
            guard let own = CarePeriod(place["period"], in: time),
                let name = try staff.name(place["location"], "Location", in: encounter)
            else { continue }
            sheet.stays.insert(.init(department: name, period: own.within(period)))
            isFound = true
        }
        if isFound { return }
        let service = encounter["serviceType"].flatMap { CodeableConcept($0).display }
        guard let name = try service ?? staff.name(encounter["serviceProvider"], "Organization", in: encounter)
        else { return }
        sheet.stays.insert(.init(department: name, period: period))
    }

    private mutating func readTeam(_ team: JSONNode) throws {
        let status = team["status"]?.string ?? "active"
        guard !["entered-in-error", "proposed"].contains(status),
            let period = CarePeriod(team["period"], in: time)
        else { return }
        for participant in team.all("participant") {
            guard let own = participant["period"].map({ CarePeriod($0, in: time) }) ?? period else { continue }
            // Of a team that does not work any more, a member whose end nobody wrote down is no relation.
            guard status == "active" || own.until != nil else { continue }
            try add(participant["member"], .careTeam, own, in: team)
        }
    }
}

extension JSONNode {
    /// The elements of a list, also of one that was written as a single element.
    fileprivate func all(_ name: String) -> [JSONNode] {
        guard let node = self[name] else { return [] }
        return node.kind == .array ? node.elements.map { $0 } : [node]
    }
}
