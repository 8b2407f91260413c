// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Glibc
import Kernel
import Ledger
import TransparencyLog
import Web

/// What machines ask: health, metrics, assets, and the public form of the log.
struct OperatorRoutes: Sendable {
    let estate: Estate
    let meter: Meter

    func add(to site: inout Site) {
        let open = ConsoleActions.open
        site.get("/healthz", open) { _ in .text("ok\n") }
        site.get("/readyz", open) { _ in try await ready() }
        site.get("/metrics", open) { request in try await metrics(request) }
        site.get("/assets/{name}", open) { request in try asset(request) }
        site.get("/favicon.ico", open) { _ in .seeOther(Asset.favicon.path) }
        site.get("/ledger/checkpoint", open) { _ in try await published(checkpointName) }
        site.get("/ledger/vkey", open) { _ in try await published(verifierKeyName) }
        site.get("/ledger/tile/entries/{...tile}", ConsoleActions.readLog) { request in
            try await tile("tile/entries/\(try request.parameter("tile"))", isOpen: false)
        }
        site.get("/ledger/tile/{level}/{...tile}", open) { request in
            try await tile("tile/\(try request.parameter("level"))/\(try request.parameter("tile"))", isOpen: true)
        }
    }

    /// Ready means: the store answers and the log fits it.
    private func ready() async throws -> Answer {
        _ = try await estate.house.ledger.checkpoint()
        _ = try await estate.house.ledger.pendingCount()
        return .text("ready\n")
    }

    private func metrics(_ request: PageRequest) async throws -> Answer {
        guard let token = estate.settings.metricsToken, let given = request.bearer,
            constantTimeEqual(Array(token.utf8), Array(given.utf8))
        else { throw Fault(.notFound, "There is no such page.") }
        let log = estate.house.ledger
        let size = try await log.checkpoint()?.checkpoint.size ?? 0
        var lines = meter.prometheus()
        lines += [
            "# HELP salus_log_leaves Leaves that the newest checkpoint covers.", "# TYPE salus_log_leaves gauge",
            "salus_log_leaves \(size)",
            "# HELP salus_log_pending Leaves that wait for their place.", "# TYPE salus_log_pending gauge",
            "salus_log_pending \(try await log.pendingCount())",
            "# HELP salus_resident_bytes Resident memory.", "# TYPE salus_resident_bytes gauge",
            "salus_resident_bytes \(Machine.residentBytes())",
        ]
        return Answer(
            body: .bytes(
                Array((lines.joined(separator: "\n") + "\n").utf8), mediaType: "text/plain; version=0.0.4"))
    }

    private func asset(_ request: PageRequest) throws -> Answer {
        guard let asset = Asset.named(try request.parameter("name")) else {
            throw Fault(.notFound, "There is no such page.")
        }
        return Answer(
            headers: [("cache-control", "public, max-age=31536000, immutable")],
            body: .bytes(asset.bytes, mediaType: asset.mediaType))
    }

    private func published(_ name: String) async throws -> Answer {
        guard let bytes = try await estate.settings.tiles(estate.house.store).bytes(name) else {
            throw Fault(.notFound, "The log has no checkpoint yet.")
        }
        return Answer(
            headers: [("cache-control", "no-cache")], body: .bytes(bytes, mediaType: "text/plain; charset=utf-8"))
    }

    /// A tile of hashes, open to everyone, or one of entries, for those who may read the log.
    ///
    /// What was asked for is judged by what the path means, not by how it is spelt: `%65ntries` means entries too.
    private func tile(_ name: String, isOpen: Bool) async throws -> Answer {
        guard let path = try? TilePath(name), (path.content == .entries) != isOpen,
            let bytes = try await estate.settings.tiles(estate.house.store).bytes(path.description)
        else { throw Fault(.notFound, "The log has no such tile.") }
        return Answer(
            headers: [("cache-control", isOpen ? "public, max-age=31536000, immutable" : "no-store")],
            body: .bytes(bytes, mediaType: "application/octet-stream"))
    }
}

/// What the machine says of this process.
enum Machine {
    /// Resident memory in bytes, 0 where the system does not tell.
    static func residentBytes() -> Int64 {
        guard let file = unsafe fopen("/proc/self/statm", "r") else { return 0 }
        defer { unsafe fclose(file) }
        var buffer = [CChar](repeating: 0, count: 128)
        guard unsafe fgets(&buffer, 128, file) != nil else { return 0 }
        let text = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let fields = text.split(separator: " ")
        return (fields.count > 1 ? Int64(fields[1]) ?? 0 : 0) * Int64(sysconf(Int32(_SC_PAGESIZE)))
    }
}
