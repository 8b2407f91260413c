// SPDX-License-Identifier: Apache-2.0

/// The 150 policies of the hospital.
enum HospitalPolicies {
    static let roles = [
        "physician", "nurse", "pharmacist", "therapist", "laboratory", "radiology", "clerk", "billing", "chaplain",
        "student",
    ]
    /// Each with the group it is in.
    static let actions: [(name: String, group: String)] = [
        ("readDemographics", "read"), ("readChart", "read"), ("readLaboratory", "read"), ("readMedication", "read"),
        ("readImaging", "read"), ("readNotes", "read"), ("readPsychotherapy", "readSealed"),
        ("writeChart", "write"), ("orderLaboratory", "write"), ("prescribe", "write"), ("writeNotes", "write"),
        ("discharge", "write"), ("export", "disclose"), ("print", "disclose"),
    ]
    static let labels = ["psychiatry", "hiv", "substance", "minor", "staff", "prominent", "genetics", "violence"]
    static let departments = 20
    static let wards = 100

    /// As one text.
    static var text: String {
        (byRole + byDepartment + byWard + byLabel + breakGlass + everywhere).joined(separator: "\n")
    }

    /// What a role may do on its wards, as the treating person within the time of the treatment, and in its care team.
    private static var byRole: [String] {
        roles.flatMap { role in
            [
                """
                permit(principal in Role::"\(role)", action in Action::"read", resource is Patient)
                when { principal in resource.ward && principal.onDutyUntil > context.now };
                """,
                """
                permit(principal in Role::"\(role)", action in [Action::"read", Action::"write"], resource is Patient)
                when { resource.hasTag(principal.login) }
                when {
                    resource.getTag(principal.login).from <= context.now &&
                    context.now < resource.getTag(principal.login).until
                };
                """,
                """
                permit(principal in Role::"\(role)", action in Action::"write", resource is Patient)
                when { principal in resource.team && principal.level >= \(2 + role.utf8.count % 3) };
                """,
            ]
        }
    }

    /// Consultations within a department.
    private static var byDepartment: [String] {
        (0..<departments).map { department in
            """
            permit(principal in Department::"d\(department)", action in Action::"read", resource in Department::"d\(department)")
            when { principal.level >= 3 && context.purpose == "consultation" }
            unless { resource.labels.containsAny(["psychiatry", "substance"]) };
            """
        }
    }

    /// Rounds on the wards that have them.
    private static var byWard: [String] {
        (0..<58).map { ward in
            """
            permit(principal, action == Action::"readChart", resource in Ward::"w\(ward)")
            when { principal is Staff in Ward::"w\(ward)" && context.purpose == "round" };
            """
        }
    }

    /// Labels close a record for those who are not cleared for them, do not treat, or stand outside the house.
    private static var byLabel: [String] {
        labels.flatMap { label in
            [
                """
                forbid(principal, action in Action::"read", resource)
                when { resource.labels.contains("\(label)") }
                unless { principal.clearances.contains("\(label)") || resource.hasTag(principal.login) };
                """,
                """
                forbid(principal in Role::"student", action, resource)
                when { resource.labels.contains("\(label)") };
                """,
                """
                forbid(principal, action in Action::"disclose", resource)
                when { resource.labels.contains("\(label)") && !context.address.isInRange(ip("10.0.0.0/8")) };
                """,
            ]
        }
    }

    /// Grants in an emergency: for one patient, until a moment, never for a sealed part.
    private static var breakGlass: [String] {
        ["physician", "nurse", "pharmacist"].map { role in
            """
            permit(principal in Role::"\(role)", action in Action::"read", resource is Patient)
            when { principal.hasTag(resource.number) && context.now < principal.getTag(resource.number) };
            """
        }
    }

    private static var everywhere: [String] {
        [
            "forbid(principal, action, resource) unless { principal.isActive };",
            "forbid(principal, action in Action::\"write\", resource) unless { context.secondFactor };",
            "forbid(principal, action == Action::\"prescribe\", resource) unless { principal in Role::\"physician\" };",
            "forbid(principal, action in Action::\"disclose\", resource) when { context.purpose != \"treatment\" };",
            "forbid(principal, action, resource) when { principal.login like \"test-*\" };",
            """
            forbid(principal, action == Action::"readPsychotherapy", resource)
            unless { resource.hasTag(principal.login) && principal in Department::"d3" };
            """,
            """
            permit(principal, action == Action::"readPsychotherapy", resource)
            when { resource.hasTag(principal.login) && context.now < resource.getTag(principal.login).until };
            """,
            """
            permit(principal in Role::"clerk", action == Action::"readDemographics", resource)
            when { context.now.durationSince(resource.admitted) < duration("30d") };
            """,
            """
            permit(principal in Role::"billing", action == Action::"readDemographics", resource)
            when { resource has discharged && context.now.durationSince(resource.discharged) < duration("90d") };
            """,
            "forbid(principal, action == Action::\"export\", resource) unless { principal.level > 3 };",
            """
            permit(principal, action in Action::"disclose", resource)
            when { principal in resource.team && context.secondFactor };
            """,
            "forbid(principal, action in Action::\"write\", resource) when { resource has discharged && resource.discharged < context.now };",
            "forbid(principal, action, resource) when { resource.labels.contains(\"staff\") && principal.login == resource.number };",
            "permit(principal in Role::\"physician\", action == Action::\"discharge\", resource) when { principal in resource.ward };",
            "permit(principal in Role::\"laboratory\", action == Action::\"readLaboratory\", resource) when { principal.onDutyUntil > context.now };",
        ]
    }
}
