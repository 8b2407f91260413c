// SPDX-License-Identifier: Apache-2.0

import Codecs
import FHIRBundle

/// Writes a resource anew, without what is masked. An object or array of which nothing is left is left out itself,
/// because FHIR has no empty ones.
struct MaskedWriter {
    typealias Paths = [ArraySlice<[UInt8]>]

    private let masking: Masking
    private let concealment: Concealment?
    private(set) var output: [UInt8] = []

    init(masking: Masking, concealment: Concealment?) {
        (self.masking, self.concealment) = (masking, concealment)
    }

    /// Appends a value under the paths that reach into it; false, and nothing appended, when nothing of it is left.
    ///
    /// - Parameter isContained: whether the value is, or lists, what lies in `contained`, which is a resource even when it
    ///   does not say so.
    mutating func write(_ node: JSONNode, _ paths: Paths, top: Bool = false, isContained: Bool = false) -> Bool {
        switch node.kind {
        case .object: return write(object: node, paths, top: top, isContained: isContained)
        case .array: return write(array: node, paths, isContained: isContained)
        case .string where masking.cutsDates:
            guard let text = node.utf8, let cut = DateCutting.cut(text) else { break }
            append(string: cut)
            return true
        case .string, .number, .boolean, .null: break
        }
        output += node.sourceBytes
        return true
    }

    private mutating func write(array: JSONNode, _ paths: Paths, isContained: Bool) -> Bool {
        let start = output.count
        var isFirst = true
        var wasEmpty = true
        output.append(UInt8(ascii: "["))
        for element in array.elements {
            wasEmpty = false
            let end = output.count
            if !isFirst { output.append(UInt8(ascii: ",")) }
            if write(element, paths, isContained: isContained) {
                isFirst = false
            } else {
                output.removeSubrange(end...)
            }
        }
        output.append(UInt8(ascii: "]"))
        return keep(from: start, isFirst && !wasEmpty)
    }

    private mutating func write(object: JSONNode, _ paths: Paths, top: Bool, isContained: Bool) -> Bool {
        var paths = paths + masking.everywhere
        let type = object["resourceType"]?.utf8
        if let type {
            if masking.hides(type: String(decoding: type, as: UTF8.self)) { return false }
            paths += masking.paths(of: type)
        }
        if !top, type != nil || isContained, concealment?.isHidden(object) ?? false { return false }
        let reference = ReferenceMasking(object, masking, concealment)
        if let text = reference?.text, concealment?.leadsToHidden(text) ?? false { return false }
        // An attachment says where a file is.
        if let text = object["url"]?.string, concealment?.leadsToHidden(text) ?? false, !top { return false }
        let start = output.count
        var isFirst = true
        var wasEmpty = true
        output.append(UInt8(ascii: "{"))
        for (name, value) in object.members {
            wasEmpty = false
            let member = Array(name.utf8)
            if isNarrative(value, member, ofResource: type != nil) { continue }
            if reference?.hides(name) ?? false { continue }
            let inner = paths.filter { $0.first.map { Masking.names($0, member) } ?? false }
            if inner.contains(where: { $0.count == 1 }) { continue }
            let end = output.count
            if !isFirst { output.append(UInt8(ascii: ",")) }
            append(string: member)
            output.append(UInt8(ascii: ":"))
            if write(value, inner.map { $0.dropFirst() }, isContained: member == Self.contained) {
                isFirst = false
            } else {
                output.removeSubrange(end...)
            }
        }
        output.append(UInt8(ascii: "}"))
        return keep(from: start, isFirst && !wasEmpty && !top)
    }

    /// Whether a member is a narrative that must go: of a resource, or of a section of one.
    private func isNarrative(_ value: JSONNode, _ member: [UInt8], ofResource: Bool) -> Bool {
        guard !masking.isEmpty || concealment != nil, member == Self.narrative, value.kind == .object else {
            return false
        }
        return ofResource || value["div"] != nil
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
    private static let contained = Array("contained".utf8)
}

/// A Reference element repeats the name, and sometimes a number, of what it leads to.
private struct ReferenceMasking {
    /// The text of the reference.
    let text: String?
    private let hidden: [String]

    /// Nil for an object that is no Reference.
    init?(_ object: JSONNode, _ masking: Masking, _ concealment: Concealment?) {
        text = object["reference"]?.string
        let isLogical = object["identifier"]?.kind == .object && object["resourceType"] == nil
        guard text != nil || isLogical else { return nil }
        let leadsInside = text.flatMap { concealment?.leadsInside($0) } ?? false
        if leadsInside || masking.isEmpty {
            hidden = leadsInside ? ["display", "_display", "identifier"] : []
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
