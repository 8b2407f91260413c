// SPDX-License-Identifier: Apache-2.0

import Codecs
import Kernel
import Web

extension IncomingRequest {
    /// The `Authorization: Bearer` token, where there is one (RFC 6750, section 2.1).
    var bearer: String? {
        header("authorization").flatMap { $0.hasPrefix("Bearer ") ? String($0.dropFirst(7)) : nil }
    }

    /// By which the asking program knows its request, to be given back; nil for one that no header can hold.
    var requestID: String? {
        header("x-request-id").flatMap { id in id.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } ? id : nil }
    }
}

extension Visitor {
    /// Whether we know who it is.
    var isKnown: Bool {
        if case .anonymous = self { false } else { true }
    }
}

extension OutgoingResponse {
    /// What went wrong, for a program: `{"error": code, "message": …, "reference": …}`.
    init(program fault: Fault, reference: String) {
        var headers = [("content-type", "application/json"), ("cache-control", "no-store")]
        if fault.code == .notSignedIn { headers.append(("www-authenticate", "Bearer")) }
        if fault.code == .throttled { headers.append(("retry-after", "1")) }
        let value = CanonicalValue.object([
            .init("error", .string(fault.code.rawValue)), .init("message", .string(fault.message)),
            .init("reference", .string(reference)),
        ])
        self.init(status: fault.httpStatus, headers: headers, body: (try? value.encode()) ?? [])
    }
}
