// SPDX-License-Identifier: Apache-2.0

/// What a schema has to say about policies (Cedar reference, "Policy validation").
public struct ValidationResult: Sendable, Equatable {
    /// What is wrong: such a policy may be impossible to evaluate. In the order of the policies, then of the text.
    public internal(set) var errors: [ValidationError] = []
    /// What is allowed, but surely not meant. In the order of the policies, then of the text.
    public internal(set) var warnings: [ValidationWarning] = []

    /// Whether no policy can go wrong for a request and data that fit the schema, but for whole numbers and times that
    /// become too large and for entities without data.
    public var isValid: Bool {
        errors.isEmpty
    }
}

/// Something wrong in a policy.
public struct ValidationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The policy's or template's id.
    public let policy: Text
    /// Where in its text.
    public let position: Position
    /// What it is.
    public let reason: Reason
    /// The first kind of request for which it is wrong; nil when it is wrong whatever is asked.
    public let environment: RequestEnvironment?

    /// One plain line: the policy, the place, the reason, and for which requests.
    public var description: String {
        "policy `\(policy)`, \(position): \(reason)" + (environment.map { " (for \($0))" } ?? "")
    }
}

/// Something odd in a policy.
public struct ValidationWarning: Sendable, Hashable, CustomStringConvertible {
    /// The policy's or template's id.
    public let policy: Text
    /// Where in its text.
    public let position: Position
    /// What it is.
    public let reason: Reason

    /// One plain line: the policy, the place, the reason.
    public var description: String {
        "policy `\(policy)`, \(position): \(reason)"
    }

    /// The oddities that are noticed.
    public enum Reason: Sendable, Hashable, CustomStringConvertible {
        /// It is false for every request that the schema allows.
        case neverApplies
        /// A text or name has characters that turn the direction of writing, so that it is not what it looks like.
        case turnedWriting

        /// The reason in plain words.
        public var description: String {
            switch self {
            case .neverApplies: "the policy applies to no request that the schema allows"
            case .turnedWriting:
                "an invisible character changes the direction of writing here: this text may not be what it looks like"
            }
        }
    }
}

/// How much work validation may be before it gives up.
public struct ValidationLimits: Sendable, Equatable {
    /// Parts of expressions and of types looked at, over all policies and all kinds of requests.
    public let steps: Int

    /// Limits of one's own.
    public init(steps: Int = 50_000_000) {
        self.steps = max(steps, 0)
    }

    /// 50 million steps: some ten seconds.
    public static let standard = ValidationLimits()
}
