// SPDX-License-Identifier: Apache-2.0

import Codecs
import NIOHTTP1
import ResticFormat

/// A repository in a bucket of an S3 server, laid out as in a folder.
///
/// An object appears whole or not at all, and the server holds it against its SHA-256 before it says that it has it.
struct S3Place: RemotePlace {
    let name: String
    private let exchange: HTTPExchange
    private let signature: AWSSignature
    /// `https://host`
    private let base: String
    private let authority: String
    /// The bucket in the path, unless it is part of the server's name.
    private let bucketPath: String
    private let prefix: String

    private static let fileLimit = 512 << 20
    /// A page of a list has a thousand names at most.
    private static let pageLimit = 4 << 20

    /// - Parameters:
    ///   - region: nil for what the server's name says, or else `us-east-1`.
    ///   - isNamed: whether the bucket is part of the server's name; nil for what the server is known to want.
    init(_ address: S3Address, _ credentials: S3Credentials, region: String?, isNamed: Bool?, _ exchange: HTTPExchange)
    {
        self.exchange = exchange
        signature = AWSSignature(credentials: credentials, region: region ?? address.region ?? "us-east-1")
        authority =
            isNamed ?? address.wantsNamedBucket
            ? "\(address.bucket).\(address.server.authority)" : address.server.authority
        bucketPath = isNamed ?? address.wantsNamedBucket ? "" : "/\(address.bucket)"
        base = "\(address.server.isSecure ? "https" : "http")://\(authority)"
        prefix = address.prefix.isEmpty ? "" : address.prefix + "/"
        name = "s3:\(address.server.text)/\(address.bucket)/\(address.prefix)"
    }

    func prepare() async throws {
        let answer = try await send(.HEAD, "")
        // Who may not look at a bucket may well write into it.
        guard ![200, 403].contains(answer.status) else { return }
        guard answer.status == 404 else { throw refusal("look at the bucket", answer) }
        let made = try await send(.PUT, "", body: Array(bucketSettings.utf8))
        guard made.status == 200 else { throw refusal("make the bucket", made) }
    }

    private var bucketSettings: String {
        guard !signature.region.utf8.elementsEqual("us-east-1".utf8) else { return "" }
        let region = signature.region.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
        return #"<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LocationConstraint>"#
            + region + "</LocationConstraint></CreateBucketConfiguration>"
    }

    func list(_ kind: FileKind) async throws -> [(id: ObjectID, length: Int)] {
        guard kind != .config else { return [] }
        var found: [(id: ObjectID, length: Int)] = []
        var token: String?
        repeat {
            var query = [("list-type", "2"), ("prefix", "\(prefix)\(kind.rawValue)/")]
            if let token { query.append(("continuation-token", token)) }
            let answer = try await send(.GET, "", query, limit: Self.pageLimit)
            if answer.status == 404 { return [] }
            guard answer.status == 200 else { throw refusal("list \(kind.rawValue)", answer) }
            let page = try S3Listing.read(answer.body)
            found += page.entries.compactMap { entry in
                // Only what stands where it is looked for.
                guard let id = ObjectID(hex: entry.key.suffix(ObjectID.byteCount * 2)),
                    key(of: RepositoryFile(kind, id)).utf8.elementsEqual(entry.key)
                else { return nil }
                return (id, entry.length)
            }
            token = page.next
        } while token != nil
        return found
    }

    func length(of file: RepositoryFile) async throws -> Int? {
        let answer = try await send(.HEAD, key(of: file))
        if answer.status == 404 { return nil }
        guard answer.status == 200 else { throw refusal("look at \(file)", answer) }
        guard let length = answer.namedLength else { throw PlaceError.garbled("\(file) has no length") }
        return length
    }

    func read(_ file: RepositoryFile, _ range: Range<Int>?) async throws -> [UInt8]? {
        if let range, range.isEmpty {
            // There is no way to ask for no bytes.
            guard let length = try await length(of: file) else { return nil }
            guard range.upperBound <= length else { throw PlaceError.shortRead("\(file)") }
            return []
        }
        let part = range.map { [("range", "bytes=\($0.lowerBound)-\($0.upperBound - 1)")] } ?? []
        let answer = try await send(.GET, key(of: file), headers: part, limit: Self.fileLimit)
        switch (answer.status, range) {
        case (404, _): return nil
        case (200, nil): return answer.body
        case (206, .some(let range)) where answer.body.count == range.count: return answer.body
        case (200, .some(let range)) where answer.body.count >= range.upperBound: return Array(answer.body[range])
        case (200, _), (206, _), (416, _): throw PlaceError.shortRead("\(file)")
        default: throw refusal("read \(file)", answer)
        }
    }

    func send(_ file: RepositoryFile, _ bytes: [UInt8]) async throws {
        // A bucket whose objects are locked takes none without such a sum.
        let sum = Base64.encode(ObjectID(hashing: bytes).bytes)
        let answer = try await send(
            .PUT, key(of: file), headers: [("x-amz-checksum-sha256", sum)], body: bytes)
        guard answer.status == 200 else { throw refusal("write \(file)", answer) }
    }

    func remove(_ file: RepositoryFile) async throws {
        let answer = try await send(.DELETE, key(of: file))
        guard [200, 204, 404].contains(answer.status) else { throw refusal("delete \(file)", answer) }
    }

    /// In a bucket that locks what is new (Object Lock in mode COMPLIANCE) nobody deletes before its time. That time has to be
    /// long: new snapshots need packs that are as old as the repository. Who may not delete may still overwrite, so a
    /// refusal tells nothing.
    func canDelete() async throws -> Bool? {
        let lock = try await send(.GET, "", [("object-lock", "")])
        if lock.status == 200, let days = S3Listing.lockedDays(lock.body), days >= 3_650 { return false }
        let nobody = ObjectID(hashing: (0..<32).map { _ in UInt8.random(in: 0...255) })
        switch try await send(.DELETE, key(of: RepositoryFile(.snapshots, nobody))).status {
        case 200, 204, 404: return true
        default: return nil
        }
    }

    private func key(of file: RepositoryFile) -> String {
        guard let id = file.id?.hex else { return "\(prefix)config" }
        return file.kind == .data ? "\(prefix)data/\(id.prefix(2))/\(id)" : "\(prefix)\(file.kind.rawValue)/\(id)"
    }

    private func send(
        _ method: HTTPMethod, _ key: String, _ query: [(String, String)] = [], headers more: [(String, String)] = [],
        body: [UInt8]? = nil, limit: Int = 64 << 10
    ) async throws -> HTTPExchange.Answer {
        let path =
            key.isEmpty && !bucketPath.isEmpty ? bucketPath : "\(bucketPath)/\(AWSSignature.escaped(key, keeping: "/"))"
        let date = String(
            RFC3339.format(LocalClock.now().seconds * 1_000_000, fraction: .none).filter { $0 != "-" && $0 != ":" })
        let hash = ObjectID(hashing: body ?? []).hex
        var headers = [("host", authority), ("x-amz-content-sha256", hash), ("x-amz-date", date)] + more
        if let token = signature.credentials.token { headers.append(("x-amz-security-token", token)) }
        let request = AWSSignature.Request(
            method: method.rawValue, path: path, query: query, headers: headers, bodyHash: hash)
        headers.append(("authorization", signature.authorization(request, date: date)))
        let address = base + path + (query.isEmpty ? "" : "?" + AWSSignature.query(query))
        return try await exchange.send(method, address, headers, body, limit: limit)
    }

    private func refusal(_ act: String, _ answer: HTTPExchange.Answer) -> PlaceError {
        .refused(PlaceRefusal(act, status: answer.status, code: S3Listing.errorCode(answer.body)))
    }
}

extension S3Address {
    private static let amazon = ".amazonaws.com"

    /// The region that the name of a server of Amazon holds: `s3.eu-central-1.amazonaws.com`.
    var region: String? {
        guard server.authority.hasSuffix(Self.amazon) else { return nil }
        let parts = server.authority.dropLast(Self.amazon.count).split(separator: ".")
        return parts.count >= 2 && parts.first == "s3" ? parts.last.map(String.init) : nil
    }

    /// Amazon has the bucket in the server's name; a certificate does not cover a bucket with dots.
    var wantsNamedBucket: Bool { server.authority.hasSuffix(Self.amazon) && !bucket.contains(".") }
}
