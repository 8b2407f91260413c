// SPDX-License-Identifier: Apache-2.0

import Codecs
import FHIRBundle

extension BundleFile {
    /// A file that is written down in a test.
    static func parse(_ text: String) throws(BundleError) -> BundleFile {
        try parse(Array(text.utf8))
    }

    /// A collection of these resources, each under `urn:uuid:<its place, from 0>`.
    static func collection(_ resources: [String]) throws(BundleError) -> BundleFile {
        let entries = resources.enumerated().map {
            "{\"fullUrl\":\"urn:uuid:\($0.offset)\",\"resource\":\($0.element)}"
        }
        return try parse(
            "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[\(entries.joined(separator: ","))]}")
    }
}
