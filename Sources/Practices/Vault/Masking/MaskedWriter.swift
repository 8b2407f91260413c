// SPDX-License-Identifier: Apache-2.0

import Codecs
import FHIRBundle

/// Writes a resource anew, without what is masked. An object or array of which nothing is left is left out itself,
/// because FHIR has no empty ones.
struct MaskedWriter {
    typealias Paths = [ArraySlice<[UInt8]>]

    private let masking: Masking
    private let isHidden: ((String) -> Bool)?
    private(set) var output: [UInt8] = []

    init(masking: Masking, isHidden: ((String) -> Bool)?) {
        (self.masking, self.isHidden) = (masking, isHidden)
    }

    /// Appends a value under the paths that reach into it; false, and nothing appended, when nothing of it is left.
    mutating func write(_ node: JSONNode, _ paths: Paths, top: Bool = false) -> Bool {
        switch node.kind {
        case .object: return write(object: node, paths, top: top)
        case .array: return write(array: node, paths)
        case .string where masking.cutsDates:
            guard let text = node.utf8, let cut = DateCutting.cut(text) else { break }
            append(string: cut)
            return true
        case .string, .number, .boolean, .null: break
        }
        output += node.sourceBytes
        return true
    }

    private mutating func write(array: JSONNode, _ paths: Paths) -> Bool {
        let start = output.count
        var isFirst = true
        var wasEmpty = true
        output.append(UInt8(ascii: "["))
        for element in array.elements {
            wasEmpty = false
            let end = output.count
            if !isFirst { output.append(UInt8(ascii: ",")) }
            if write(element, paths) { isFirst = false } else { output.removeSubrange(end...) }
        }
        output.append(UInt8(ascii: "]"))
        return keep(from: start, isFirst && !wasEmpty)
    }

    private mutating func write(object: JSONNode, _ paths: Paths, top: Bool) -> Bool {
        var paths = paths + masking.everywhere
        let type = object["resourceType"]?.utf8
        if let type {
            if masking.hides(type: String(decoding: type, as: UTF8.self)) { return false }
            paths += masking.paths(of: type)
        }
        let reference = ReferenceMasking(object, masking)
        if let text = reference?.text, isHidden?(text) ?? false { return false }
        let start = output.count
        var isFirst = true
        var wasEmpty = true
        output.append(UInt8(ascii: "{"))
        for (name, value) in object.members {
            wasEmpty = false
            let member = Array(name.utf8)
            if type != nil, !masking.isEmpty, member == Self.narrative, value.kind == .object { continue }
            if reference?.hides(name) ?? false { continue }
            let inner = paths.filter { $0.first.map { Masking.names($0, member) } ?? false }
            if inner.contains(where: { $0.count == 1 }) { continue }
            let end = output.count
            if !isFirst { output.append(UInt8(ascii: ",")) }
            append(string: member)
            output.append(UInt8(ascii: ":"))
            if write(value, inner.map { $0.dropFirst() }) { isFirst = false } else { output.removeSubrange(end...) }
        }
        output.append(UInt8(ascii: "}"))
        return keep(from: start, isFirst && !wasEmpty && !top)
    }

    /// Takes back what was written since `start` when it has become empty.
    private mutating func keep(from start: Int, _ isEmptied: Bool) -> Bool {
        if isEmptied { output.removeSubrange(start...) }
        return !isEmptied
    }

    private mutating func append(string text: [UInt8]) {
        // A string is always written; it has no depth and no duplicate.
        output += (try? CanonicalValue.string(String(decoding: text, as: UTF8.self)).encode()) ?? Array("\"\"".utf8)
    }

    private static let narrative = Array("text".utf8)
}

/// A Reference element repeats the name, and sometimes a number, of what it leads to.
private struct ReferenceMasking {
    /// The text of the reference.
    let text: String?
    private let hidden: [String]

    /// Nil for an object that is no Reference.
    init?(_ object: JSONNode, _ masking: Masking) {
        text = object["reference"]?.string
        let isLogical = object["identifier"]?.kind == .object && object["resourceType"] == nil
        guard text != nil || isLogical else { return nil }
        if masking.isEmpty {
            hidden = []
            return
        }
        var type = object["type"]?.string
        var isSearch = false
        switch text.map({ Reference($0).target }) {
        case .resource(let name, _): type = name
        case .conditional(let name, _): (type, isSearch) = (name, true)
        case .urn, .contained, .other, nil: break
        }
        var hidden: [String] = []
        if masking.touches("name", ofUnknown: type) { hidden += ["display", "_display"] }
        if masking.touches("identifier", ofUnknown: type) {
            hidden += isSearch ? ["identifier", "reference"] : ["identifier"]
        }
        self.hidden = hidden
    }

    func hides(_ member: String) -> Bool {
        hidden.contains { $0.utf8.elementsEqual(member.utf8) }
    }
}
