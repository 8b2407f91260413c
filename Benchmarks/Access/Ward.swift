// SPDX-License-Identifier: Apache-2.0

import CedarPolicy

/// What one application asks about: nurses on wards, and the patients whom they treat.
struct Ward {
    static let (nurses, patients, wards) = (500, 2_000, 20)

    static let schema = """
        entity Ward;
        entity Nurse in [Ward] = { isActive: Bool, clearances: Set<String> };
        entity Patient in [Ward] = { labels: Set<String>, treating: Set<Nurse> };
        action read, write appliesTo { principal: Nurse, resource: Patient };
        """

    static let policies =
        """
        @id("treating")
        permit(principal is Nurse, action, resource is Patient)
        when { resource.treating.contains(principal) };
        @id("inactive")
        forbid(principal is Nurse, action, resource) unless { principal.isActive };

        """
        + (0..<wards).map { ward in
            """
            @id("ward-\(ward)")
            permit(principal in Ward::"w\(ward)", action == Action::"read", resource in Ward::"w\(ward)");
            """
        }.joined(separator: "\n")
        + labels.map { label in
            """

            @id("label-\(label)")
            forbid(principal is Nurse, action, resource is Patient)
            when { resource.labels.contains("\(label)") } unless { principal.clearances.contains("\(label)") };
            """
        }.joined()

    private static let labels = ["psychiatry", "hiv", "substance"]

    /// As a JSON array of entities.
    let entities: String
    private var dice = Dice(seed: 20_261_126)

    init() {
        var dice = Dice(seed: 20_261_125)
        let wards = (0..<Self.wards).map { Self.entity("Ward", "w\($0)", "", in: nil) }
        let nurses = (0..<Self.nurses).map { number in
            let clearances = Self.labels.filter { _ in dice.chance(300) }
            return Self.entity(
                "Nurse", "n\(number)", "\"isActive\":\(dice.chance(970)),\"clearances\":\(Self.list(clearances))",
                in: number % Self.wards)
        }
        let patients = (0..<Self.patients).map { number in
            let labels = Self.labels.filter { _ in dice.chance(50) }
            let treating = (0..<4).map { _ in "{\"type\":\"Nurse\",\"id\":\"n\(dice.number(Self.nurses))\"}" }
            return Self.entity(
                "Patient", "p\(number)",
                "\"labels\":\(Self.list(labels)),\"treating\":[\(treating.joined(separator: ","))]",
                in: number % Self.wards)
        }
        entities = "[\((wards + nurses + patients).joined(separator: ",\n"))]"
    }

    private static func entity(_ type: String, _ id: String, _ attributes: String, in ward: Int?) -> String {
        let parents = ward.map { "{\"type\":\"Ward\",\"id\":\"w\($0)\"}" } ?? ""
        return "{\"uid\":{\"type\":\"\(type)\",\"id\":\"\(id)\"},\"attrs\":{\(attributes)},\"parents\":[\(parents)]}"
    }

    private static func list(_ texts: [String]) -> String {
        "[\(texts.map { "\"\($0)\"" }.joined(separator: ","))]"
    }
}

extension Ward {
    /// Whether a nurse may read or write a patient's chart.
    struct Question {
        let nurse: String
        let action: String
        let patient: String

        /// As AuthZEN has it.
        var json: String {
            """
            {"subject":{"type":"Nurse","id":"\(nurse)"},"action":{"name":"\(action)"},\
            "resource":{"type":"Patient","id":"\(patient)"}}
            """
        }

        /// As the engine has it.
        var request: Request {
            func uid(_ type: String, _ id: String) -> EntityUID {
                guard let type = TypeName(Text(type)) else { preconditionFailure("no type \(type)") }
                return EntityUID(type: type, id: Text(id))
            }
            return Request(
                principal: uid("Nurse", nurse), action: uid("Action", action), resource: uid("Patient", patient),
                context: [:])
        }
    }

    mutating func question() -> Question {
        // Most ask about patients of their own ward: nurse and patient of one remainder are on one.
        let patient = dice.number(Self.patients)
        let nurse = dice.chance(700) ? patient % Self.nurses : dice.number(Self.nurses)
        return Question(
            nurse: "n\(nurse)", action: dice.chance(800) ? "read" : "write", patient: "p\(patient)")
    }
}
