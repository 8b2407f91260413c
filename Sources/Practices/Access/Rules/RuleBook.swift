// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Kernel

/// Rules that were read: the policies, and what their annotations say to people.
package struct RuleBook: Sendable {
    /// Which version of the clinic's rules it is; 0 for those that are part of the program.
    package let version: Int64
    /// The policies, named by their `@id`.
    let policies: PolicySet
    /// The same made ready for many quick decisions, with the actions of the house.
    let compiled: CompiledAuthorizer
    /// The same by id.
    private let byId: [Text: Policy]

    /// Reads a text of policies; each must have an `@id` of its own, because the log names rules by it.
    ///
    /// - Throws: `Fault.invalidInput` with the first thing that is wrong and where.
    package init(parsing text: [UInt8], version: Int64 = 0) throws {
        let parsed: PolicySet
        do {
            parsed = try PolicySet(parsing: text)
        } catch {
            throw Fault(.invalidInput, "These are no Cedar policies: \(error).")
        }
        guard parsed.templates.isEmpty else {
            throw Fault(.invalidInput, "Rules of the house have no templates: name the person, role or patient.")
        }
        var named: [Policy] = []
        var byId: [Text: Policy] = [:]
        for var policy in parsed.policies {
            guard let id = policy.annotation("id"), RuleBook.isProper(id) else {
                throw Fault(
                    .invalidInput,
                    "The rule at \(policy.position) needs an @id of lower-case letters, digits and hyphens.")
            }
            policy.id = id
            guard byId.updateValue(policy, forKey: id) == nil else {
                throw Fault(.invalidInput, "Two rules have the @id \(id), the second one at \(policy.position).")
            }
            named.append(policy)
        }
        self.version = version
        policies = try PolicySet(named)
        compiled = try CompiledAuthorizer(policies, HouseSchema.actions())
        self.byId = byId
    }

    /// The rules that are part of the program.
    package static func builtIn() throws -> RuleBook {
        try readBuiltIn.get()
    }

    /// Read once: every page about rules asks for them.
    private static let readBuiltIn = Result { try RuleBook(parsing: BuiltInRules.policies) }

    /// The rule of that id.
    subscript(_ id: Text) -> Policy? {
        byId[id]
    }

    /// What a rule says, in the clinic's words; its id where it has no title.
    package func title(_ id: String) -> String {
        byId[Text(id)]?.annotation("title")?.string ?? id
    }

    /// Element paths that are left out of what the rules show. Of several that allow, the view of one counts as a whole,
    /// that which hides least: put together, two views would show what neither of them shows, findings under a name.
    func masks(_ rules: [Text]) -> [String] {
        let lists = rules.map { rule in
            Set((byId[rule]?.annotation("mask")?.string ?? "").split(separator: ",").map(Self.trimmed))
                .filter { !$0.isEmpty }.sorted()
        }
        return lists.min { ($0.count, $0.joined()) < ($1.count, $1.joined()) } ?? []
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }

    /// Whether the log may name a rule so.
    static func isProper(_ id: Text) -> Bool {
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        return (1...60).contains(id.utf8.count)
            && id.utf8.allSatisfy { letters ~= $0 || digits ~= $0 || $0 == UInt8(ascii: "-") }
    }
}

extension Policy {
    /// The value of an annotation.
    func annotation(_ name: Text) -> Text? {
        annotations.first { $0.name == name }?.value
    }
}
