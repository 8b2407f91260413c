// SPDX-License-Identifier: Apache-2.0

import Codecs
import NIOHTTP1
import ResticFormat

/// A repository behind a server that speaks restic's REST protocol (restic, "REST Backend").
struct RestPlace: RemotePlace {
    let name: String
    private let exchange: HTTPExchange
    private let base: String
    private let headers: [(String, String)]

    /// The most bytes of a file, and of a list of files, that are taken.
    static let fileLimit = 512 << 20
    static let listLimit = 256 << 20
    private static let secondVersion = "application/vnd.x.restic.rest.v2"

    /// - Parameter credentials: of the environment, for an address that holds none.
    init(_ address: WebAddress, _ credentials: WebCredentials?, _ exchange: HTTPExchange) {
        (base, self.exchange) = (address.text, exchange)
        name = "rest:\(address.text)/"
        var headers = [("Accept", Self.secondVersion)]
        if let who = address.credentials ?? credentials {
            // RFC 7617 section 2.
            headers.append(("Authorization", "Basic " + Base64.encode(Array("\(who.user):\(who.password)".utf8))))
        }
        self.headers = headers
    }

    func prepare() async throws {
        let answer = try await send(.POST, "/?create=true", [])
        guard answer.status == 200 else { throw refusal("make the repository", answer.status) }
    }

    func list(_ kind: FileKind) async throws -> [(id: ObjectID, length: Int)] {
        guard kind != .config else { return [] }
        let answer = try await send(.GET, "/\(kind.rawValue)/", limit: Self.listLimit)
        // rclone says so of errors of its own, too; a folder that it does not have it lists as empty.
        let isRclone = answer.headers.first(name: "Server")?.hasPrefix("rclone/") ?? false
        if answer.status == 404, !isRclone { return [] }
        guard answer.status == 200 else { throw refusal("list \(kind.rawValue)", answer.status) }
        return try await measure(try RestListing.read(answer.body), kind)
    }

    /// Asks for the lengths that a list does not name: in the first version of the protocol all of them.
    private func measure(
        _ files: [RestListing.File], _ kind: FileKind
    ) async throws -> [(id: ObjectID, length: Int)] {
        var found = files.compactMap { file in file.length.map { (id: file.id, length: $0) } }
        try await withThrowingTaskGroup(of: (id: ObjectID, length: Int)?.self) { group in
            for (number, file) in files.filter({ $0.length == nil }).enumerated() {
                if number >= 8, let next = try await group.next(), let next { found.append(next) }
                group.addTask { try await length(of: RepositoryFile(kind, file.id)).map { (file.id, $0) } }
            }
            for try await next in group { if let next { found.append(next) } }
        }
        return found
    }

    func length(of file: RepositoryFile) async throws -> Int? {
        let answer = try await send(.HEAD, path(of: file))
        if answer.status == 404 { return nil }
        guard answer.status == 200 else { throw refusal("look at \(file)", answer.status) }
        guard let length = answer.namedLength else { throw PlaceError.garbled("\(file) has no length") }
        return length
    }

    func read(_ file: RepositoryFile, _ range: Range<Int>?) async throws -> [UInt8]? {
        guard let range else {
            let answer = try await send(.GET, path(of: file), limit: Self.fileLimit)
            if answer.status == 404 { return nil }
            guard answer.status == 200 else { throw refusal("read \(file)", answer.status) }
            return answer.body
        }
        guard !range.isEmpty else {
            // There is no way to ask for no bytes.
            guard let length = try await length(of: file) else { return nil }
            guard range.upperBound <= length else { throw PlaceError.shortRead("\(file)") }
            return []
        }
        let part = ("Range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)")
        let answer = try await send(.GET, path(of: file), [part], limit: Self.fileLimit)
        switch answer.status {
        case 404: return nil
        case 206 where answer.body.count == range.count: return answer.body
        // A server may send everything instead (RFC 9110 section 14.2).
        case 200 where answer.body.count >= range.upperBound: return Array(answer.body[range])
        case 200, 206, 416: throw PlaceError.shortRead("\(file)")
        default: throw refusal("read \(file)", answer.status)
        }
    }

    func send(_ file: RepositoryFile, _ bytes: [UInt8]) async throws {
        let type = ("Content-Type", "application/octet-stream")
        let answer = try await send(.POST, path(of: file), [type], bytes)
        guard answer.status == 200 else { throw refusal("write \(file)", answer.status) }
    }

    func remove(_ file: RepositoryFile) async throws {
        let answer = try await send(.DELETE, path(of: file))
        guard [200, 204, 404].contains(answer.status) else { throw refusal("delete \(file)", answer.status) }
    }

    /// A server that only appends refuses to delete a snapshot before it looks whether there is one.
    func canDelete() async throws -> Bool? {
        let nobody = RepositoryFile(.snapshots, ObjectID(hashing: (0..<32).map { _ in UInt8.random(in: 0...255) }))
        switch try await send(.DELETE, path(of: nobody)).status {
        case 200, 204, 404: return true
        case 403, 405: return false
        default: return nil
        }
    }

    private func path(of file: RepositoryFile) -> String {
        file.id.map { "/\(file.kind.rawValue)/\($0)" } ?? "/config"
    }

    private func send(
        _ method: HTTPMethod, _ path: String, _ more: [(String, String)] = [], _ body: [UInt8]? = nil,
        limit: Int = 64 << 10
    ) async throws -> HTTPExchange.Answer {
        try await exchange.send(method, base + path, headers + more, body, limit: limit)
    }

    private func refusal(_ act: String, _ status: Int) -> PlaceError {
        .refused(PlaceRefusal(act, status: status))
    }
}

extension PlaceRefusal {
    /// What a status of HTTP (RFC 9110 section 15) means to whoever has to do something about it.
    ///
    /// - Parameter code: the server's own word for it, where it has one.
    init(_ act: String, status: Int, code: String? = nil) {
        let reason =
            switch status {
            case 401: "the server wants another user name or password"
            case 403: "the server forbids it to this user, or takes additions only"
            case 404: "the server has nothing there"
            case 413: "the server finds it too large"
            case 429, 503: "the server is busy"
            case 507: "the server has no space left"
            case 300...399: "the server points to another address: give that one"
            default: "the server failed"
            }
        self.init(
            act: act, reason: "\(reason) (status \(status)\(code.map { ", \($0)" } ?? ""))",
            isTransient: [408, 429].contains(status) || status >= 500 && status != 501 && status != 507,
            isFull: status == 507)
    }
}

/// The lists of files that a REST server sends.
enum RestListing {
    struct File: Equatable {
        let id: ObjectID
        /// Nil in the first version of the protocol.
        let length: Int?
    }

    /// Names, or names with sizes; what is not named by an id is left out.
    ///
    /// - Throws: `PlaceError.garbled`.
    static func read(_ json: [UInt8]) throws(PlaceError) -> [File] {
        let limits = JSONLimits(bytes: RestPlace.listLimit, depth: 4)
        guard let root = try? JSONDocument.parse(json, limits: limits).root, root.kind == .array || root.isNull else {
            throw .garbled("a list of files is no list")
        }
        var files: [File] = []
        for element in root.elements {
            if let name = element.utf8 {
                if let id = ObjectID(hex: name) { files.append(File(id: id, length: nil)) }
                continue
            }
            guard let name = element["name"]?.utf8 else { throw .garbled("a file in a list has no name") }
            guard let id = ObjectID(hex: name) else { continue }
            guard let size = element["size"]?.integer, size >= 0 else { throw .garbled("a file in a list has no size") }
            files.append(File(id: id, length: Int(size)))
        }
        return files
    }
}
