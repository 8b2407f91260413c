// SPDX-License-Identifier: Apache-2.0

import Codecs
import Kernel
import Web

extension IncomingRequest {
    /// The `Authorization: Bearer` token, where there is one (RFC 6750, section 2.1).
    var bearer: String? {
        header("authorization").flatMap { $0.hasPrefix("Bearer ") ? String($0.dropFirst(7)) : nil }
    }
}

extension OutgoingResponse {
    /// What went wrong, for a program: `{"error": code, "message": …, "reference": …}`.
    init(program fault: Fault, to incoming: IncomingRequest, reference: String) {
        var headers = [("content-type", "application/json"), ("cache-control", "no-store")]
        if fault.code == .notSignedIn { headers.append(("www-authenticate", "Bearer")) }
        if let id = incoming.header("x-request-id"), id.utf8.count <= 200 { headers.append(("x-request-id", id)) }
        let value = CanonicalValue.object([
            .init("error", .string(fault.code.rawValue)), .init("message", .string(fault.message)),
            .init("reference", .string(reference)),
        ])
        self.init(status: fault.httpStatus, headers: headers, body: (try? value.encode()) ?? [])
    }
}
