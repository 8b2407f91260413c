// SPDX-License-Identifier: Apache-2.0

extension Policy: CustomStringConvertible {
    /// The policy as text that reads back as an equal policy; comments are gone.
    public var description: String {
        var lines = annotations.map { "@\($0.name)(\(StringEscapes.quote($0.value)))" }
        lines += [
            "\(effect.rawValue)(", "  principal\(principal.suffix),", "  action\(action.suffix),",
            "  resource\(resource.suffix)", ")",
        ]
        lines += conditions.map { "\($0.kind.rawValue) { \(Printer.write($0.body)) }" }
        return lines.joined(separator: "\n") + ";"
    }
}

extension Expression: CustomStringConvertible {
    /// The expression as text that reads back as an equal one.
    public var description: String {
        Printer.write(self)
    }
}

extension EntityReference: CustomStringConvertible {
    /// As policies write it.
    public var description: String {
        switch self {
        case .entity(let uid): uid.description
        case .slot(let slot): "?\(slot.rawValue)"
        }
    }
}

extension EntityScope {
    fileprivate var suffix: String {
        switch self {
        case .any: ""
        case .equal(let reference): " == \(reference)"
        case .within(let reference): " in \(reference)"
        case .isType(let type): " is \(type.text)"
        case .isTypeWithin(let type, let reference): " is \(type.text) in \(reference)"
        }
    }
}

extension ActionScope {
    fileprivate var suffix: String {
        switch self {
        case .any: ""
        case .equal(let action): " == \(action)"
        case .within(let action): " in \(action)"
        case .withinAny(let actions): " in [\(actions.map(\.description).joined(separator: ", "))]"
        }
    }
}
