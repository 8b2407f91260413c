// SPDX-License-Identifier: Apache-2.0

import Codecs

/// The types of FHIR R4 Bundles (value set bundle-type).
public enum BundleType: String, Sendable, CaseIterable {
    /// Changes that hold together.
    case transaction
    /// Changes each on its own.
    case batch
    /// Resources gathered for handing on.
    case collection
    /// The answer to a search.
    case searchset
    /// Former versions.
    case history
    /// A signed clinical document.
    case document
    /// A message with its header.
    case message
    /// The answer to a transaction.
    case transactionResponse = "transaction-response"
    /// The answer to a batch.
    case batchResponse = "batch-response"
    /// Missing, or none of these.
    case unknown

    /// Whether its entries are taken in.
    public var isSupported: Bool {
        switch self {
        case .transaction, .batch, .collection, .searchset: true
        default: false
        }
    }

    /// Whether entries must carry a request.
    var hasRequests: Bool {
        self == .transaction || self == .batch
    }

    var refusal: String {
        switch self {
        case .history: "a history Bundle holds former versions, also of deleted records; export a searchset instead"
        case .document, .message: "a \(rawValue) Bundle must be kept whole; import its resources as a collection"
        case .transactionResponse, .batchResponse: "a \(rawValue) Bundle is a server's answer and brings no records"
        default: "the Bundle's type is missing or unknown"
        }
    }

    init(of bundle: JSONNode) {
        self = Self.allCases.first { bundle["type"]?.means($0.rawValue) ?? false } ?? .unknown
    }
}
