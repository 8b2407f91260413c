// SPDX-License-Identifier: Apache-2.0

/// Something optional that is known to be there, because the policy asked before
/// (Cedar reference, "Policy validation": optional attributes and tags).
struct Capability: Hashable, Sendable {
    /// The shape of the expression that has it.
    let subject: Int
    let name: Name

    enum Name: Hashable, Sendable {
        case attribute(Text)
        /// The shape of the expression that names the tag.
        case tag(Int)
    }

    static func attribute(_ name: Text, of subject: Int) -> Capability {
        Capability(subject: subject, name: .attribute(name))
    }

    static func tag(_ tag: Term, of subject: Term) -> Capability {
        Capability(subject: subject.shape, name: .tag(tag.shape))
    }
}

/// What the type checker found out about an expression.
struct Finding {
    /// Its type; nil when an error leaves it open.
    var type: StaticType?
    /// What is known to be there when the expression is true.
    var capabilities: Set<Capability> = []
    /// Whether something in it is wrong.
    var isFaulty = false

    init(_ type: StaticType, _ capabilities: Set<Capability> = []) {
        self.type = type
        self.capabilities = capabilities
    }

    /// Something is wrong, though the type may be known all the same.
    static func faulty(_ type: StaticType? = nil) -> Finding {
        var finding = Finding(.boolean)
        finding.type = type
        finding.isFaulty = true
        return finding
    }

    /// What holds when it rests on others, of which one may be faulty: then nothing is known to be there.
    func resting(on others: Finding...) -> Finding {
        others.contains { $0.isFaulty } ? .faulty(type) : self
    }
}
