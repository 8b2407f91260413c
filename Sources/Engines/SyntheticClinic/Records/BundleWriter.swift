// SPDX-License-Identifier: Apache-2.0

/// Collects the resources of one FHIR R4 transaction bundle.
///
/// Every entry is a PUT under the id that its resource carries: loading a bundle twice changes nothing.
struct BundleWriter {
    private var entries: [JSON] = []
    private var ids: SplitMix64

    init(ids: SplitMix64) {
        self.ids = ids
    }

    /// Adds a resource and returns the reference by which others in this bundle name it.
    @discardableResult
    mutating func add(
        _ type: String, id: String? = nil, security: Coding? = nil, _ members: [(String, JSON)]
    ) -> JSON {
        let id = id ?? ids.uuid()
        let resource: [(String, JSON)] = [
            ("resourceType", .text(type)), ("id", .text(id)),
            ("meta", BundleWriter.meta(security)),
        ]
        let request: JSON = ["method": "PUT", "url": .text("\(type)/\(id)")]
        entries.append([
            "fullUrl": .text("urn:uuid:" + id), "resource": .object(resource + members), "request": request,
        ])
        return reference(toUUID: id)
    }

    /// The bundle in UTF-8.
    var bytes: [UInt8] {
        let bundle: JSON = [
            "resourceType": "Bundle", "meta": BundleWriter.meta(nil), "type": "transaction", "entry": .array(entries),
        ]
        return bundle.bytes
    }

    /// What marks every resource as invented.
    private static func meta(_ security: Coding?) -> JSON {
        [
            "security": security.map { [$0.json] } ?? .absent,
            "tag": [["system": "https://salus.example/synthetic", "code": "synthetic"]],
        ]
    }
}

/// A reference to a resource of the same bundle.
func reference(toUUID id: String) -> JSON {
    ["reference": .text("urn:uuid:" + id)]
}

/// A reference to a resource of the organization's bundle, which is loaded first.
func reference(to type: String, _ id: String, display: String) -> JSON {
    ["reference": .text("\(type)/\(id)"), "display": .text(display)]
}

/// A FHIR Quantity in UCUM.
func quantity(_ reading: Reading, _ units: Int) -> JSON {
    [
        "value": .number(FixedPoint(units, decimals: reading.measure.decimals)), "unit": .text(reading.measure.unit),
        "system": "http://unitsofmeasure.org", "code": .text(reading.measure.ucum),
    ]
}

/// A calendar date as JSON.
func date(_ dayNumber: Int) -> JSON {
    .text(ClinicDate(dayNumber: dayNumber).description)
}
