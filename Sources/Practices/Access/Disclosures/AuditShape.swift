// SPDX-License-Identifier: Apache-2.0

import Codecs

/// What kind of AuditEvent an entry is, and what IHE BALP asks of that kind.
enum AuditShape {
    /// One record was read: PatientRead.
    case read(String)
    /// A page of the chart was read, which asks for many records: PatientQuery.
    case query(String)
    /// Anything else.
    case other

    init(_ interaction: Disclosure.Interaction?) {
        switch interaction {
        case .record(let record): self = .read(record)
        case .chart(let section): self = .query(section)
        case nil: self = .other
        }
    }

    /// The last part of the profile's name.
    var profile: String? {
        switch self {
        case .read: "PatientRead"
        case .query: "PatientQuery"
        case .other: nil
        }
    }

    /// Reading, or executing.
    var action: String {
        switch self {
        case .read: "R"
        case .query, .other: "E"
        }
    }

    /// The interaction; of what is none, the kind of fact.
    func subtype(of kind: String) -> CanonicalValue {
        switch self {
        case .read: coding("http://hl7.org/fhir/restful-interaction", "read", "read")
        case .query: coding("http://hl7.org/fhir/restful-interaction", "search", "search")
        case .other: ["system": .string("\(AuditEvents.base)/fact"), "code": .string(kind)]
        }
    }

    /// A participant that is no person.
    struct Machine {
        let code: String
        let display: String
        let isServer: Bool
    }

    /// The client, then the server. What is read comes from the server; a question comes from the client. So the
    /// profiles take another one for the source.
    var machines: [Machine] {
        switch self {
        case .read: [.destination(isServer: false), .source(isServer: true)]
        case .query: [.source(isServer: false), .destination(isServer: true)]
        case .other: []
        }
    }
}

extension AuditShape.Machine {
    fileprivate static func source(isServer: Bool) -> Self {
        Self(code: "110153", display: "Source Role ID", isServer: isServer)
    }

    fileprivate static func destination(isServer: Bool) -> Self {
        Self(code: "110152", display: "Destination Role ID", isServer: isServer)
    }
}
