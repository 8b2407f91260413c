// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Kernel

/// What there is to say about a text of rules before anybody may rely on it.
struct RuleFindings: Sendable {
    /// One sentence about one place.
    struct Finding: Sendable, Hashable {
        /// Whether it keeps the text from being stored.
        let isError: Bool
        /// The line, counted from 1; nil when it is about the text as a whole.
        let line: Int?
        /// What is wrong.
        let sentence: String
    }

    /// The rules, when nothing is wrong.
    let book: RuleBook?
    /// Errors and warnings in the order of the text.
    let all: [Finding]

    /// What keeps the text from being stored.
    var errors: [Finding] { all.filter(\.isError) }

    /// Reads and checks a text.
    ///
    /// By the language's own rules a `forbid` that cannot be evaluated forbids nothing, so nothing gets in that the
    /// schema cannot vouch for.
    ///
    /// - Throws: `Fault.internal` when the schema of the program has a mistake.
    init(checking text: [UInt8], version: Int64 = 0) throws {
        do {
            let parsed = try PolicySet(parsing: text, limits: DraftLimits.syntax)
            let book = try RuleBook(parsing: text, version: version)
            let result = try HouseSchema.schema().validate(book.policies, limits: DraftLimits.validation)
            all =
                (SameError.grouped(result.errors).map(Finding.init) + result.warnings.map(Finding.init)
                + (parsed.policies.isEmpty ? [Finding.nothing] : []))
                .sorted { ($0.line ?? 0, $0.sentence) < ($1.line ?? 0, $1.sentence) }
            self.book = all.contains(where: \.isError) ? nil : book
        } catch let error as SyntaxError {
            book = nil
            all = [Finding(isError: true, line: error.position.line, sentence: "\(error.reason).".asSentence)]
        } catch let fault as Fault where fault.code == .invalidInput {
            book = nil
            all = [Finding(isError: true, line: Self.line(in: text, of: fault.message), sentence: fault.message)]
        }
    }

    /// The line of the rule that a message names by its place.
    private static func line(in text: [UInt8], of message: String) -> Int? {
        guard let policies = try? PolicySet(parsing: text, limits: DraftLimits.syntax).policies else { return nil }
        return policies.map(\.position).first {
            message.contains("at \($0) ") || message.hasSuffix("at \($0).")
        }?.line
    }
}

extension RuleFindings.Finding {
    fileprivate static let nothing = RuleFindings.Finding(
        isError: true, line: nil, sentence: "There is no rule in this text: nobody could do anything.")

    fileprivate init(_ same: SameError) {
        let when = same.environment.map { " This is so for \($0)." } ?? ""
        self.init(
            isError: true, line: same.error.position.line,
            sentence: "The rule \(same.error.policy): \(same.reason).\(when)")
    }

    fileprivate init(_ warning: ValidationWarning) {
        self.init(
            isError: false, line: warning.position.line, sentence: "The rule \(warning.policy): \(warning.reason).")
    }
}

extension String {
    /// The same with a capital first letter.
    fileprivate var asSentence: String {
        prefix(1).uppercased() + dropFirst()
    }
}
