// SPDX-License-Identifier: Apache-2.0

import Codecs
import Crypto
import Kernel

/// Which part of a search's results is wanted (AuthZEN Authorization API 1.0, section "Pagination").
///
/// The token holds after which result to go on, the limit, and a digest of the question, because a token goes on with
/// its own question only. It is no secret and opens nothing: each page is searched anew.
struct ResultPage: Sendable {
    /// How many results at most; nil for all.
    private let limit: Int?
    private let after: String?
    private let digest: [UInt8]

    /// What a message asks for; nil when it does not speak of pages, and is answered whole.
    ///
    /// - Parameter scope: what a token belongs to besides the question: who asks, and where.
    /// - Throws: `Fault.invalidInput` for a token that is none or of another question.
    init?(_ root: JSONNode, scope: String) throws {
        guard let page = try root.object("page") else { return nil }
        let wanted = try Self.limit(page)
        digest = Self.digest(root, scope)
        guard let node = page["token"] else {
            (limit, after) = (wanted, nil)
            return
        }
        guard let text = node.string, let token = Token(text) else {
            throw Fault(.invalidInput, "`page.token` must be a `next_token` of Salus.")
        }
        guard token.digest == digest, wanted == nil || wanted == token.limit else {
            throw Fault(.invalidInput, "`page.token` belongs to another question: repeat everything of the first one.")
        }
        // A first page of no results counts them; the next one holds them.
        limit = token.limit == 0 && wanted == nil ? nil : token.limit
        after = token.after
    }

    /// The wanted results, and what is said about the page.
    func take(_ all: [String]) -> (results: ArraySlice<String>, page: CanonicalValue) {
        let rest = all.drop { result in
            after.map { !$0.utf8.lexicographicallyPrecedes(result.utf8) } ?? false
        }
        let results = limit.map { rest.prefix($0) } ?? rest
        let isLast = results.endIndex == rest.endIndex
        let next = isLast ? "" : Token(after: results.last ?? after, limit: limit ?? 0, digest: digest).text
        return (
            results,
            [
                "count": .integer(Int64(results.count)), "next_token": .string(next),
                "total": .integer(Int64(all.count)),
            ]
        )
    }

    private static func limit(_ page: JSONNode) throws -> Int? {
        guard let node = page["limit"] else { return nil }
        guard let limit = node.integer, limit >= 0 else {
            throw Fault(.invalidInput, "`page.limit` must be a whole number, not below 0.")
        }
        return Int(clamping: limit)
    }

    /// Equal for equal questions, however their JSON is written.
    private static func digest(_ root: JSONNode, _ scope: String) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: Array("\(scope)\n".utf8))
        for name in ["subject", "action", "resource", "context"] {
            hash.update(data: Array("\(name)\n".utf8))
            if let node = root[name] { hash.update(node) }
        }
        return Array(hash.finalize().prefix(16))
    }
}

/// `next_token`.
private struct Token {
    let after: String?
    let limit: Int
    let digest: [UInt8]

    init(after: String?, limit: Int, digest: [UInt8]) {
        self.after = after
        self.limit = limit
        self.digest = digest
    }

    init?(_ text: String) {
        guard let bytes = Base64.decode(text, as: .urlSafe), let value = try? CanonicalValue.decode(bytes),
            let limit = value["l"]?.integerValue, limit >= 0, let digest = value["q"]?.stringValue.flatMap(Hex.decode)
        else { return nil }
        after = value["a"]?.stringValue
        self.limit = Int(clamping: limit)
        self.digest = digest
    }

    var text: String {
        let members = [
            CanonicalMember("l", .integer(min(Int64(limit), CanonicalValue.largestInteger))),
            .init("q", .string(Hex.encode(digest))),
        ]
        let value = CanonicalValue.object(members + (after.map { [.init("a", .string($0))] } ?? []))
        return Base64.encode((try? value.encode()) ?? [], as: .urlSafe)
    }
}

extension SHA256 {
    /// Takes a value in, members in the order of their names. Depth is that of the document, which is bounded.
    fileprivate mutating func update(_ node: JSONNode) {
        switch node.kind {
        case .object:
            update(data: Array("{".utf8))
            let members = node.members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
            for (name, value) in members {
                update(text: Array(name.utf8))
                update(value)
            }
            update(data: Array("}".utf8))
        case .array:
            update(data: Array("[".utf8))
            for element in node.elements { update(element) }
            update(data: Array("]".utf8))
        case .string: update(text: node.utf8 ?? [])
        case .number, .boolean, .null: update(data: [UInt8(ascii: " ")] + node.sourceBytes)
        }
    }

    private mutating func update(text: [UInt8]) {
        update(data: Array("\"\(text.count):".utf8) + text)
    }
}
