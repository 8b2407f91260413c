// SPDX-License-Identifier: Apache-2.0

import Codecs
import Kernel
import Keyring

/// What a chart says about who cares for the patient, where the patient is, and which of its records are protected.
///
/// Holds periods and no "now": the same sheet gives other answers when a visit has ended.
struct RelationSheet: Sendable, Equatable {
    /// Who cares for the patient, and when.
    var care: Set<Care> = []
    /// Where the patient is as long as the visit goes on.
    var stays: Set<Stay> = []
    /// The records of protected classes.
    var protected: [ProtectedRecord] = []
    /// The records that are of no class themselves, because they are shown to everybody who opens the chart, with the
    /// classes of what lies inside them.
    var containing: [ProtectedRecord] = []
    /// How many records do not open, so that nobody can say of which class they are. Never kept: a chart with damage is
    /// looked through anew each time, so that a record that was restored counts at once.
    var unopened = 0

    /// Somebody who cares for the patient.
    struct Care: Sendable, Hashable {
        /// `system|value`.
        let practitioner: String
        let kind: CareRelation.Kind
        let period: CarePeriod
    }

    /// A visit that is going on.
    struct Stay: Sendable, Hashable {
        let department: String
        let period: CarePeriod

        fileprivate var order: (Int64, String) { (period.from?.microseconds ?? .min, department) }
    }

    /// A record of protected classes.
    struct ProtectedRecord: Sendable, Equatable {
        let id: Identifier<Record>
        let type: String
        let classes: Set<ProtectedClass>
    }

    /// The classes that its records of these types have; nil are all types.
    func classes(in types: [String]?) -> Set<ProtectedClass> {
        (protected + containing).reduce(into: []) { classes, record in
            guard types?.contains(where: { $0.utf8.elementsEqual(record.type.utf8) }) ?? true else { return }
            classes.formUnion(record.classes)
        }
    }

    /// The relations as of `now`.
    func relations(of patient: Identifier<Patient>, at now: Instant) -> PatientRelations {
        let care = care.map {
            CareRelation(practitioner: $0.practitioner, kind: $0.kind, from: $0.period.from, until: $0.period.until)
        }
        // Where two visits go on at once, the newer one is the better guess.
        let current = stays.filter { $0.period.contains(now) }
            .max { $0.order < $1.order }
        return PatientRelations(
            patient: patient, care: care.sorted { $0.order < $1.order }, department: current?.department,
            protected: classes(in: nil))
    }
}

extension CareRelation {
    fileprivate var order: (Int64, Int64, String, String) {
        (from?.microseconds ?? .min, until?.microseconds ?? .max, practitioner, kind.rawValue)
    }
}

extension RelationSheet {
    private static func context(_ patient: Identifier<Patient>) -> SealingContext {
        SealingContext(kind: "patient-relations", id: patient.bytes)
    }

    /// The sheet under the cards' key.
    func seal(_ key: OpenKey, for patient: Identifier<Patient>) throws -> [UInt8] {
        do {
            return try key.seal(try encoded.encode(), Self.context(patient))
        } catch let error as CanonicalError {
            throw Fault(.internal, "A patient's relations could not be written.", cause: error)
        }
    }

    /// Opens a sheet; nil for one that was changed, belongs to another patient or was written by another version.
    init?(opening sealed: [UInt8], _ key: OpenKey, of patient: Identifier<Patient>) {
        guard let bytes = try? key.open(sealed, Self.context(patient)),
            let value = try? CanonicalValue.decode(bytes), value["v"] == .integer(2),
            let care = value["care"]?.arrayValue?.map(Care.init(decoding:)), !care.contains(nil),
            let stays = value["stays"]?.arrayValue?.map(Stay.init(decoding:)), !stays.contains(nil),
            let protected = value["protected"]?.arrayValue?.map(ProtectedRecord.init(decoding:)),
            !protected.contains(nil),
            let containing = value["containing"]?.arrayValue?.map(ProtectedRecord.init(decoding:)),
            !containing.contains(nil)
        else { return nil }
        self.care = Set(care.compactMap { $0 })
        self.stays = Set(stays.compactMap { $0 })
        self.protected = protected.compactMap { $0 }
        self.containing = containing.compactMap { $0 }
    }

    private var encoded: CanonicalValue {
        [
            "v": .integer(2),
            "care": .array(
                care.map { .array([.string($0.practitioner), .string($0.kind.rawValue)] + $0.period.encoded) }),
            "stays": .array(stays.map { .array([.string($0.department)] + $0.period.encoded) }),
            "protected": .array(protected.map(\.encoded)), "containing": .array(containing.map(\.encoded)),
        ]
    }
}

extension CarePeriod {
    // As text, because whole numbers of canonical JSON end in the year 2255.
    fileprivate var encoded: [CanonicalValue] {
        [.string(from.map { "\($0.microseconds)" } ?? ""), .string(until.map { "\($0.microseconds)" } ?? "")]
    }

    fileprivate init?(decoding from: CanonicalValue?, _ until: CanonicalValue?) {
        guard let start = from?.stringValue, let end = until?.stringValue, start.isEmpty || Int64(start) != nil,
            end.isEmpty || Int64(end) != nil
        else { return nil }
        self.init(
            from: Int64(start).map { Instant(microseconds: $0) }, until: Int64(end).map { Instant(microseconds: $0) })
    }
}

extension RelationSheet.Care {
    fileprivate init?(decoding value: CanonicalValue) {
        guard let practitioner = value[0]?.stringValue,
            let kind = value[1]?.stringValue.flatMap(CareRelation.Kind.init(rawValue:)),
            let period = CarePeriod(decoding: value[2], value[3])
        else { return nil }
        self.init(practitioner: practitioner, kind: kind, period: period)
    }
}

extension RelationSheet.Stay {
    fileprivate init?(decoding value: CanonicalValue) {
        guard let department = value[0]?.stringValue, let period = CarePeriod(decoding: value[1], value[2])
        else { return nil }
        self.init(department: department, period: period)
    }
}

extension RelationSheet.ProtectedRecord {
    fileprivate var encoded: CanonicalValue {
        let classes = classes.sorted().map { CanonicalValue.string($0.rawValue) }
        return .array([.string(id.description), .string(type), .array(classes)])
    }

    fileprivate init?(decoding value: CanonicalValue) {
        guard let id = value[0]?.stringValue.flatMap({ Identifier<Record>($0) }), let type = value[1]?.stringValue,
            let names = value[2]?.arrayValue
        else { return nil }
        let classes = names.compactMap { $0.stringValue.flatMap(ProtectedClass.init(rawValue:)) }
        // A class that this version does not know would be lost.
        guard classes.count == names.count else { return nil }
        self.init(id: id, type: type, classes: Set(classes))
    }
}
