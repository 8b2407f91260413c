// SPDX-License-Identifier: Apache-2.0

import Codecs

/// Gathers the entries of one document after the other.
struct EntryReader {
    let limits: BundleLimits
    private(set) var entries: [BundleEntry] = []
    private var groups = 1

    init(limits: BundleLimits) {
        self.limits = limits
    }

    /// Takes a resource, or all entries of a Bundle.
    mutating func read(_ root: JSONNode) throws(BundleError) {
        guard root["resourceType"]?.means("Bundle") ?? false else {
            // Group 0 holds all resources that come without a Bundle.
            return try append(resource: root, entry: nil, requests: false, group: 0)
        }
        let type = BundleType(of: root)
        guard type.isSupported else { throw .unsupportedType(type) }
        defer { groups += 1 }
        var fullURLs: Set<[UInt8]> = []
        guard let list = root["entry"] else { return }
        guard list.kind == .array else { throw .entry(next, .malformedEntry) }
        for entry in list.elements {
            try append(entry, requests: type.hasRequests)
            if let url = entries.last?.fullURL, !fullURLs.insert(Array(url.utf8)).inserted {
                throw .entry(entries.count, .duplicateFullURL)
            }
        }
    }

    private var next: Int {
        entries.count + 1
    }

    private mutating func append(_ entry: JSONNode, requests: Bool) throws(BundleError) {
        guard let resource = entry["resource"] else { throw .entry(next, .missingResource) }
        guard !(resource["resourceType"]?.means("Bundle") ?? false) else { throw .entry(next, .nestedBundle) }
        try append(resource: resource, entry: entry, requests: requests, group: groups)
    }

    private mutating func append(
        resource: JSONNode, entry: JSONNode?, requests: Bool, group: Int
    ) throws(BundleError) {
        guard entries.count < limits.entries else { throw .tooManyEntries(limit: limits.entries) }
        let number = next
        guard resource.byteRange.count <= limits.resourceBytes else {
            throw .entry(number, .tooLarge(limit: limits.resourceBytes))
        }
        guard let type = resource["resourceType"]?.string, FHIRText.isTypeName(type) else {
            throw .entry(number, .notAResource)
        }
        let request = requests ? entry?["request"] : nil
        entries.append(
            BundleEntry(
                number: number, group: group, resourceType: type, id: try id(of: resource),
                fullURL: try text(entry?["fullUrl"]), method: requests ? try method(of: request) : nil,
                url: try text(request?["url"]), ifNoneExist: try text(request?["ifNoneExist"]),
                resource: resource.byteRange, node: resource))
    }

    private func id(of resource: JSONNode) throws(BundleError) -> String? {
        guard let node = resource["id"] else { return nil }
        guard let id = node.string, FHIRText.isID(id) else { throw .entry(next, .malformedID) }
        return id
    }

    private func text(_ node: JSONNode?) throws(BundleError) -> String? {
        guard let node else { return nil }
        guard let text = node.string else { throw .entry(next, .malformedEntry) }
        return text
    }

    private func method(of request: JSONNode?) throws(BundleError) -> BundleEntry.Method {
        guard let name = request?["method"]?.string else { throw .entry(next, .missingMethod) }
        guard let method = BundleEntry.Method(rawValue: name) else { throw .entry(next, .unsupportedMethod) }
        return method
    }
}
