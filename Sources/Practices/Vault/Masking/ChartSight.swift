// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import FHIRBundle
import Kernel
import Store

/// What somebody who was let through to a chart may see of it.
package struct ChartSight: Sendable {
    /// The rules that let the reader through; they stand in the log.
    let rules: [String]
    /// The rules that show the reader records of a protected class; they stand in the log with the readings of such.
    private let classRules: [ProtectedClass: [String]]
    /// The elements that the reader does not get.
    let masking: Masking
    /// The protected classes whose records are not there for the reader.
    let hidden: Set<ProtectedClass>
    /// What the reader would see besides after opening the chart in an emergency; nil when that shows no more.
    let inEmergency: SightInEmergency?
    /// Until when an emergency of the reader's is why they see what they see; nil where they would without one.
    let emergencyUntil: Instant?

    /// Everything.
    static let full = ChartSight(rules: [], masks: [], hidden: [])

    init(
        rules: [String], masks: [String], hidden: Set<ProtectedClass>, classRules: [ProtectedClass: [String]] = [:],
        inEmergency: SightInEmergency? = nil, emergencyUntil: Instant? = nil
    ) {
        self.rules = rules
        self.inEmergency = inEmergency
        self.emergencyUntil = emergencyUntil
        self.classRules = classRules
        self.hidden = hidden
        masking = Masking(masks)
        self.masks = masks
    }

    private let masks: [String]

    /// The rules by which somebody reads records of these classes, each once.
    func rules(for classes: Set<ProtectedClass>) -> [String] {
        var rules = self.rules
        for rule in classes.sorted().flatMap({ classRules[$0] ?? [] })
        where !rules.contains(where: { $0.utf8.elementsEqual(rule.utf8) }) {
            rules.append(rule)
        }
        return rules
    }

    /// The elements of a record of this type that the reader does not get.
    ///
    /// - Parameter touchesHidden: whether the record contains or refers to one that is not there for the reader.
    func masking(of type: String, touchesHidden: Bool) -> Masking {
        var more: [String] = []
        // Who the patient is, and allergies, are always shown, but not what their labels would tell.
        if !hidden.isEmpty, ProtectedCodes.exempt.contains(where: { $0.utf8.elementsEqual(type.utf8) }) {
            more += ProtectedCodes.exempt.map { "\($0).meta.security" }
        }
        if touchesHidden { more += Concealment.texts(of: type) }
        return more.isEmpty ? masking : Masking(masks + more)
    }

    /// Asks the authorizer for all that it has to say about a reader of a chart.
    ///
    /// - Parameter decision: the answer about reading the chart, where the front has asked already.
    /// - Throws: `Fault.refused` when the reader may not open the chart at all.
    static func decide(
        _ house: House, _ principal: EntityReference, on patient: Identifier<Patient>, assurance: Assurance?,
        decision: Decision? = nil
    ) async throws -> ChartSight {
        let resource = EntityReference(type: "patient", id: patient.description)
        func ask(_ action: Action) async throws -> Decision {
            try await house.authorizer.decide(
                AccessRequest(principal: principal, action: action, resource: resource, assurance: assurance))
        }
        let opening: Decision
        if let decision { opening = decision } else { opening = try await ask(VaultActions.readChart) }
        guard opening.isAllowed else { throw Fault(.refused, opening.explanation) }
        var masks = opening.masks
        var hidden: Set<ProtectedClass> = []
        var classRules: [ProtectedClass: [String]] = [:]
        var opened: Set<ProtectedClass> = []
        var masksLess = opening.opensByBreakGlass
        var emergencyUntil = opening.emergencyUntil
        for protected in ProtectedClass.allCases {
            let decision = try await ask(protected.action)
            emergencyUntil = emergencyUntil ?? decision.emergencyUntil
            if decision.isAllowed {
                masks += decision.masks
                classRules[protected] = decision.rules
                masksLess = masksLess || decision.opensByBreakGlass
            } else {
                hidden.insert(protected)
                if decision.opensByBreakGlass { opened.insert(protected) }
            }
        }
        return ChartSight(
            rules: opening.rules, masks: masks, hidden: hidden, classRules: classRules,
            inEmergency: SightInEmergency(of: patient, classes: opened, masksLess: masksLess),
            emergencyUntil: emergencyUntil)
    }

    /// What a reader is told under every single record, whether or not it says anything of such records.
    var recordRemarks: [String] {
        guard !hidden.isEmpty else { return remarks }
        return remarks + [
            "Neither are such records inside this one, its summary in words, and notes that could repeat them."
        ]
    }

    /// What a reader is told at the end of every chart, whether or not there are such records.
    var remarks: [String] {
        var remarks: [String] = []
        if !hidden.isEmpty {
            let list = ProtectedClass.list(hidden)
            remarks.append("Records of \(list) treatment are not part of this view.")
        }
        let types = masking.hiddenTypes.map(PlainWords.type)
        if !types.isEmpty {
            remarks.append("Records of these kinds are hidden from your role: \(types.joined(separator: ", ")).")
        }
        if !masking.isEmpty { remarks.append("Some of what the records say is hidden from your role.") }
        return remarks
    }
}

extension ProtectedClass {
    /// Some of the classes in words, as in `HIV and substance use`.
    static func list(_ classes: Set<ProtectedClass>) -> String {
        let names = allCases.filter(classes.contains).map(\.words)
        return names.count < 2
            ? names.joined() : names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "")
    }

    private var words: String {
        switch self {
        case .psychotherapy: "psychotherapy"
        case .hiv: "HIV"
        case .substanceUse: "substance use"
        }
    }
}
