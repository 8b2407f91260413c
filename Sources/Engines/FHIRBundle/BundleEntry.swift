// SPDX-License-Identifier: Apache-2.0

public import Codecs

/// One resource of a file.
public struct BundleEntry: Sendable {
    /// Its place in the file, counted from 1.
    public let number: Int
    /// Which Bundle of the file it belongs to, counted from 0; resources without a Bundle all share one.
    public let group: Int
    /// The resource's type, `Observation`.
    public let resourceType: String
    /// The resource's logical id, if it has one.
    public let id: String?
    /// What references inside the Bundle call it.
    public let fullURL: String?
    /// How a transaction or batch brings it in; nil in other files.
    public let method: Method?
    /// The address of the request, `Patient` or `Patient/7`.
    public let url: String?
    /// A search: create only if it finds nothing.
    public let ifNoneExist: String?
    /// Where the resource's JSON stands in the file, byte for byte.
    public let resource: Range<Int>
    /// The resource itself.
    public let node: JSONNode

    /// Requests that bring a resource in.
    public enum Method: String, Sendable {
        /// Create.
        case post = "POST"
        /// Create or replace under its id.
        case put = "PUT"
    }
}

extension BundleEntry {
    /// What tells the record apart from others of its type: the id, else the fullUrl, else nothing.
    public var recordKey: String? {
        id ?? fullURL
    }

    /// `Type/id`, the way other resources refer to it.
    var relativeReference: String? {
        id.map { "\(resourceType)/\($0)" }
    }
}
