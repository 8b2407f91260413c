// SPDX-License-Identifier: Apache-2.0

/// What went wrong in a way that another module, a page or a command has to answer for.
///
/// The code decides the exit status and the HTTP status; the message tells the reader what to do. Neither ever
/// holds patient data, a secret, or text that came from outside unchecked.
package struct Fault: Error, Sendable, CustomStringConvertible {
    /// What kind of failure this is.
    package enum Code: String, Sendable, CaseIterable {
        /// The request or the arguments make no sense.
        case invalidInput = "invalid-input"
        /// More was sent than is read.
        case tooLarge = "too-large"
        /// There is no such thing, or the asker may not know that there is.
        case notFound = "not-found"
        /// Who is asking is not known yet.
        case notSignedIn = "not-signed-in"
        /// Who is asking may not do this.
        case refused
        /// The state changed in between; reading again and retrying makes sense.
        case conflict
        /// Too many attempts; waiting helps.
        case throttled
        /// Something that is needed cannot be reached or read now.
        case unavailable
        /// There is no space left for evidence or data.
        case storageFull = "storage-full"
        /// The data was written by a newer version of the program.
        case newerFormat = "newer-format"
        /// The evidence log or the sealed data is not what was written.
        case damaged
        /// A defect in the program.
        case `internal`
    }

    /// What kind of failure this is.
    package let code: Code
    /// One sentence for the person who has to act, and what to do next.
    package let message: String
    /// The failure underneath, for the operator's log.
    package let cause: (any Error)?
    /// Places of the console where the reader can go on in spite of it, the best one first.
    package let ways: [Way]

    /// A place of the console where somebody who met a failure can go on.
    package struct Way: Sendable, Hashable {
        /// What the link says: a verb and its object.
        package let title: String
        /// Where it leads, inside this site.
        package let path: String

        /// A way to `path`.
        package init(_ title: String, to path: String) {
            self.title = title
            self.path = path
        }
    }

    /// A failure of kind `code` with a `message` for the reader.
    package init(_ code: Code, _ message: String, cause: (any Error)? = nil, ways: [Way] = []) {
        self.code = code
        self.message = message
        self.cause = cause
        self.ways = ways
    }

    package var description: String {
        guard let cause else { return "\(code.rawValue): \(message)" }
        return "\(code.rawValue): \(message) (\(cause))"
    }

    /// The status with which a command ends: 1 failed, 2 usage, 4 refused, 5 newer format, 6 evidence damaged.
    package var exitStatus: Int32 {
        switch code {
        case .invalidInput, .tooLarge: 2
        case .notSignedIn, .refused, .throttled: 4
        case .newerFormat: 5
        case .damaged: 6
        case .notFound, .conflict, .unavailable, .storageFull, .internal: 1
        }
    }

    /// The status of the HTTP answer (RFC 9110; 507 from RFC 4918).
    package var httpStatus: Int {
        switch code {
        case .invalidInput: 400
        case .notSignedIn: 401
        case .refused: 403
        case .notFound: 404
        case .conflict: 409
        case .tooLarge: 413
        case .throttled: 429
        case .internal: 500
        case .unavailable, .newerFormat, .damaged: 503
        case .storageFull: 507
        }
    }
}
