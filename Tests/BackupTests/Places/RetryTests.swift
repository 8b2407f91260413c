// SPDX-License-Identifier: Apache-2.0

import Foundation
import ResticFormat
import Synchronization
import TestSupport
import Testing

@testable import Backup

/// What happens when connections break and servers refuse, with a real server behind what breaks.
@Suite(.serialized, .enabled(if: PlaceServers.needs("/usr/bin/rclone"), "rclone is missing"))
struct RetryTests {
    private let content = Array(repeating: UInt8(7), count: 300_000)
    private var file: RepositoryFile { RepositoryFile(.data, ObjectID(hashing: content)) }
    private let backoff = Backoff(
        first: .milliseconds(10), longest: .milliseconds(50), total: .seconds(600), totalAtFirst: .seconds(600))

    private func served(_ options: [String] = [], _ body: (String) async throws -> Void) async throws {
        try await TemporaryFolder.with { try await PlaceServers.withRclone(in: $0, options, body) }
    }

    @Test(arguments: FlakyProxy.Harm.allCases)
    func whatBreaksIsDoneAgain(harm: FlakyProxy.Harm) async throws {
        try await served { address in
            try await RestPlace(PlaceServers.web(address), nil, HTTPExchange()).prepare()
            try await FlakyProxy.with(harm, 3, before: address) { address in
                let notices = Atomic(0)
                let exchange = HTTPExchange(silence: .seconds(5))
                let place = RetryingPlace(RestPlace(try PlaceServers.web(address), nil, exchange), backoff) { _ in
                    notices.add(1, ordering: .relaxed)
                }
                try await place.write(file, content)
                let bytes = try await place.read(file, nil)
                #expect(bytes == content)
                let growing = try await place.begin(.index)
                try growing.append(content)
                try await growing.finish(as: ObjectID(hashing: content))
                let found = try await place.list(.index)
                #expect(found.map(\.length) == [content.count])
                #expect(notices.load(ordering: .relaxed) > 0)
            }
        }
    }

    @Test
    func whatStaysBrokenEnds() async throws {
        let port = try freePort()
        let place = RetryingPlace(
            RestPlace(try PlaceServers.web("http://127.0.0.1:\(port)/"), nil, HTTPExchange()),
            Backoff(first: .milliseconds(10), totalAtFirst: .milliseconds(200))
        ) { _ in }
        let start = ContinuousClock.now
        await #expect(throws: PlaceError.unreachable("Connection refused")) { _ = try await place.list(.keys) }
        #expect(ContinuousClock.now - start < .seconds(300))
    }

    @Test
    func anUnknownNameIsSaid() async throws {
        let place = RestPlace(try PlaceServers.web("http://nowhere.invalid/"), nil, HTTPExchange())
        await #expect(throws: PlaceError.unreachable("nobody knows the name nowhere.invalid")) {
            _ = try await place.length(of: .config)
        }
    }

    @Test
    func definiteAnswersArePassedOnAtOnce() async throws {
        try await served(["--user", "u", "--pass", "p/w"]) { address in
            for (credentials, isGood) in [
                (nil, false), (WebCredentials(user: "u", password: "x"), false),
                (WebCredentials(user: "u", password: "p/w"), true),
            ] as [(WebCredentials?, Bool)] {
                let place = RetryingPlace(
                    RestPlace(try PlaceServers.web(address), credentials, HTTPExchange()), backoff
                ) { Issue.record("\($0)") }
                do {
                    try await place.prepare()
                    #expect(isGood)
                } catch PlaceError.refused(let refusal) {
                    #expect(!isGood && refusal.reason.contains("401"))
                }
            }
        }
    }

    @Test
    func aServerThatTakesAdditionsOnlySaysSo() async throws {
        try await served(["--append-only"]) { address in
            let place = RestPlace(try PlaceServers.web(address), nil, HTTPExchange())
            try await place.prepare()
            let lock = RepositoryFile(.locks, ObjectID(hashing: [1]))
            try await place.write(file, content)
            try await place.write(lock, [1])
            try await place.remove(lock)
            do {
                try await place.remove(file)
                Issue.record("it was deleted")
            } catch PlaceError.refused(let refusal) {
                #expect(refusal.reason.contains("403") && !refusal.isTransient)
            }
            let (length, locks) = (try await place.length(of: file), try await place.list(.locks))
            #expect(length == content.count && locks.isEmpty)
        }
    }

    /// Lists names only; no server of this kind is packaged any more, so Python's serves a folder that way.
    private static let firstVersion = """
        import http.server, io, json, os
        class Handler(http.server.SimpleHTTPRequestHandler):
            def list_directory(self, path):
                text = json.dumps(os.listdir(path)).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                return io.BytesIO(text)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        print(server.server_address[1], flush=True)
        server.serve_forever()
        """

    @Test
    func theFirstVersionOfTheProtocolIsReadToo() async throws {
        try await TemporaryFolder.with { folder in
            let local = LocalPlace(folder)
            try local.prepare()
            for number in 0..<30 as Range<UInt8> {
                let bytes = Array(repeating: number, count: Int(number) + 1)
                try local.write(RepositoryFile(.keys, ObjectID(hashing: bytes)), bytes)
            }
            try Data([1]).write(to: URL(fileURLWithPath: folder + "/keys/stray"))
            let server = try Program.start("/usr/bin/python3", ["-c", Self.firstVersion], in: folder)
            defer { server.discard() }
            let address = "http://127.0.0.1:\(try await server.line(""))"
            let place = RestPlace(try PlaceServers.web(address), nil, HTTPExchange())
            let found = try await place.list(.keys)
            #expect(found.map(\.length).sorted() == Array(1...30))
            // Nor does it know parts: it sends everything.
            let file = RepositoryFile(.keys, ObjectID(hashing: [2, 2, 2]))
            let part = try await place.read(file, 1..<3)
            #expect(part == [2, 2])
            await #expect(throws: PlaceError.shortRead("\(file)")) { _ = try await place.read(file, 1..<4) }
        }
    }

    @Test
    func aCertificateThatNobodyTrustsIsRefusedAtOnce() async throws {
        try await TemporaryFolder.with { folder in
            let (key, certificate) = ("\(folder)/key", "\(folder)/certificate")
            let made = try await Program.run(
                "/usr/bin/openssl",
                ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
                    + [
                        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out",
                        certificate,
                    ])
            #expect(made.status == 0, "\(made.words)")
            try await PlaceServers.withRclone(in: folder, ["--cert", certificate, "--key", key]) { address in
                let stranger = RetryingPlace(
                    RestPlace(try PlaceServers.web(address), nil, HTTPExchange()), backoff
                ) { Issue.record("\($0)") }
                do {
                    try await stranger.prepare()
                    Issue.record("it was trusted")
                } catch PlaceError.untrusted(let reason) {
                    #expect(reason.contains("--cacert"))
                }
                let named = address.replacing("127.0.0.1", with: "localhost")
                await #expect(throws: PlaceError.untrusted("the certificate of the server is for another name")) {
                    try await RestPlace(PlaceServers.web(address), nil, HTTPExchange(trusting: certificate)).prepare()
                }
                let known = RestPlace(try PlaceServers.web(named), nil, HTTPExchange(trusting: certificate))
                try await known.prepare()
                try await known.write(file, content)
                let bytes = try await known.read(file, 1..<3)
                #expect(bytes == [7, 7])
            }
        }
    }

    @Test
    func aServerWithoutTLSIsRefusedAtOnce() async throws {
        try await served { address in
            let secure = address.replacing("http:", with: "https:")
            let place = RetryingPlace(RestPlace(try PlaceServers.web(secure), nil, HTTPExchange()), backoff) {
                Issue.record("\($0)")
            }
            await #expect(throws: PlaceError.untrusted("the server does not speak TLS 1.2 or newer there")) {
                try await place.prepare()
            }
        }
    }

    @Test
    func bytesFlowNoFasterThanTheyMay() async throws {
        try await served { address in
            let exchange = HTTPExchange(Bandwidth(upload: 400, download: 200))
            let place = RestPlace(try PlaceServers.web(address), nil, exchange)
            try await place.prepare()
            let clock = ContinuousClock()
            // 300 kB at 400 KiB a second, and at 200; the first bytes and the last piece do not wait.
            let upload = try await clock.measure { try await place.write(file, content) }
            let download = try await clock.measure { _ = try await place.read(file, nil) }
            #expect(upload > .milliseconds(550) && download > .milliseconds(900))
        }
    }
}
