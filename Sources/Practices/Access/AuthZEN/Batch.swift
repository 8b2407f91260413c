// SPDX-License-Identifier: Apache-2.0

import Codecs
import Kernel

/// Several questions in one message (AuthZEN Authorization API 1.0, section "Access Evaluations API").
struct Batch: Sendable {
    /// When to stop (section "Evaluations semantics").
    enum Semantic: String, Sendable {
        case executeAll = "execute_all"
        case denyOnFirstDeny = "deny_on_first_deny"
        case permitOnFirstPermit = "permit_on_first_permit"

        /// Whether nothing more is asked after this answer.
        func ends(after isAllowed: Bool) -> Bool {
            switch self {
            case .executeAll: false
            case .denyOnFirstDeny: !isAllowed
            case .permitOnFirstPermit: isAllowed
            }
        }
    }

    /// More are refused.
    static let largest = 1_000

    /// The questions; one of which something is missing or wrong is a failure of its own.
    let questions: [Result<EvaluationQuestion, any Error>]
    let semantic: Semantic

    /// The questions of a message; nil when it asks one question, as the other address takes it.
    ///
    /// - Throws: `Fault.invalidInput` when the message as a whole is wrong.
    init?(_ root: JSONNode) throws {
        semantic = try Self.semantic(try root.object("options"))
        guard let list = root["evaluations"] else { return nil }
        guard list.kind == .array else { throw Fault(.invalidInput, "`evaluations` must be an array.") }
        let nodes = Array(list.elements)
        guard !nodes.isEmpty else { return nil }
        guard nodes.count <= Self.largest else {
            throw Fault(
                .invalidInput, "`evaluations` has more than \(Self.largest) questions: ask in several requests.")
        }
        let defaults = try PartialQuestion(root)
        questions = nodes.map { node in
            Result {
                guard node.kind == .object else { throw Fault(.invalidInput, "A question must be an object.") }
                return try PartialQuestion(node).filled(from: defaults).complete()
            }
        }
    }

    private static func semantic(_ options: JSONNode?) throws -> Semantic {
        guard let node = options?["evaluations_semantic"] else { return .executeAll }
        guard let text = node.string, let semantic = Semantic(rawValue: text) else {
            throw Fault(
                .invalidInput,
                """
                `options.evaluations_semantic` must be `execute_all`, `deny_on_first_deny` or \
                `permit_on_first_permit`.
                """)
        }
        return semantic
    }
}
