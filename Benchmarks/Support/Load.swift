// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What `wrk` measured.
package struct LoadResult: Sendable {
    /// Answers a second.
    package let rate: Double
    /// The latency that half of the requests did not exceed.
    package let p50: Duration
    /// The same for 99 of 100.
    package let p99: Duration
    /// Requests that were answered.
    package let requests: Int
    /// Answers other than 2xx and 3xx, and broken connections.
    package let errors: Int
}

/// Load over HTTPS with keep-alive, made by Debian's `wrk` in a process of its own.
package struct Load {
    private let port: Int
    private let folder: String

    /// Load for the listener at `port` of this machine; scripts go to `folder`.
    package init(port: Int, folder: String) {
        self.port = port
        self.folder = folder
    }

    /// Asks for `paths` in turn, with `cookies` in turn, for some seconds over `connections` connections.
    ///
    /// - Parameter pause: how long a connection rests between requests.
    /// - Throws: `BenchmarkError` when wrk is missing or says nothing.
    package func run(
        paths: [String], cookies: [String], connections: Int, seconds: Double, pause: Duration = .zero
    ) async throws -> LoadResult {
        try await run(Self.gets(paths, cookies, pause: pause), connections, seconds)
    }

    /// Posts the JSON texts `bodies` in turn to `path`, as the application whose bearer token this is.
    ///
    /// - Throws: `BenchmarkError` when wrk is missing or says nothing.
    package func post(
        _ bodies: [String], to path: String, token: String, connections: Int, seconds: Double
    ) async throws -> LoadResult {
        try await run(Self.posts(bodies, path, token), connections, seconds)
    }

    private func run(_ requests: String, _ connections: Int, _ seconds: Double) async throws -> LoadResult {
        let script = "\(folder)/load.lua"
        try (requests + Self.figures).write(toFile: script, atomically: true, encoding: .utf8)
        let arguments = [
            "-t", "1", "-c", "\(connections)", "-d", "\(Int(seconds.rounded(.up)))s", "-s", script,
            "https://127.0.0.1:\(port)/",
        ]
        let output = try await Task.detached { try Command.run("wrk", arguments) }.value
        guard let line = output.split(separator: "\n").last(where: { $0.hasPrefix("figures ") }) else {
            throw BenchmarkError("wrk printed no figures")
        }
        let values = line.split(separator: " ").dropFirst().compactMap { Double($0) }
        guard values.count == 5 else { throw BenchmarkError("wrk printed `\(line)`") }
        return LoadResult(
            rate: values[1] / (values[0] / 1e6), p50: .microseconds(values[2]), p99: .microseconds(values[3]),
            requests: Int(values[1]), errors: Int(values[4]))
    }

    private static func gets(_ paths: [String], _ cookies: [String], pause: Duration) -> String {
        """
        local paths = {\(paths.map { "\"\($0)\"" }.joined(separator: ","))}
        local cookies = {\(cookies.map { "\"\($0)\"" }.joined(separator: ","))}
        local turn = 0
        function request()
            turn = turn + 1
            return wrk.format(
                "GET", paths[turn % #paths + 1], {["cookie"] = cookies[turn % #cookies + 1], ["host"] = "localhost"})
        end
        \(pause == .zero ? "" : "function delay() return \(Int(pause.milliseconds)) end\n")
        """
    }

    /// The requests are made beforehand: what is measured is the answering.
    private static func posts(_ bodies: [String], _ path: String, _ token: String) -> String {
        """
        local headers = {
            ["authorization"] = "Bearer \(token)", ["content-type"] = "application/json", ["host"] = "localhost"}
        local requests = {}
        for _, body in ipairs({\(bodies.map { "[==[\($0)]==]" }.joined(separator: ","))}) do
            requests[#requests + 1] = wrk.format("POST", "\(path)", headers, body)
        end
        local turn = 0
        function request()
            turn = turn + 1
            return requests[turn % #requests + 1]
        end

        """
    }

    private static let figures = """
        function done(summary, latency)
            local e = summary.errors
            io.write(string.format("figures %d %d %d %d %d\\n", summary.duration, summary.requests,
                latency:percentile(50), latency:percentile(99),
                e.connect + e.read + e.write + e.status + e.timeout))
        end

        """
}
