// SPDX-License-Identifier: Apache-2.0

import Codecs
import ResticFormat

/// A repository in a folder of a machine that is reached by ssh, laid out as in a folder of this one.
///
/// A file is written under another name, synced where the server can do that, and renamed.
struct SFTPPlace: RemotePlace {
    let name: String
    private let layout: LocalLayout
    private let line: SFTPLine
    private let bandwidth: Bandwidth

    init(_ name: String, folder: String, _ setup: SFTPChannel.Setup, _ bandwidth: Bandwidth = .unlimited) {
        (self.name, self.bandwidth) = (name, bandwidth)
        layout = LocalLayout(root: Array(folder.utf8))
        line = SFTPLine(setup)
    }

    func prepare() async throws {
        let channel = try await line.channel()
        for end in layout.root.indices where end > 0 && layout.root[end] == UInt8(ascii: "/") {
            // A server may keep the folders above for itself: only the last one counts.
            _ = try await channel.ask(.makeFolder(Array(layout.root[..<end])))
        }
        try await make(layout.root, channel)
        for kind in FileKind.allCases where kind != .config { try await make(layout.folder(kind), channel) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for byte in UInt8.min...UInt8.max {
                if byte >= 16 { try await group.next() }
                group.addTask { try await make(layout.folder(.data) / Array(Hex.encode([byte]).utf8), channel) }
            }
            try await group.waitForAll()
        }
    }

    private func make(_ folder: [UInt8], _ channel: SFTPChannel) async throws {
        let reply = try await channel.ask(.makeFolder(folder))
        guard reply != .status(SFTPReply.ok) else { return }
        // There is no code for what is there already.
        let there = try await channel.attributes(.follow(folder), to: "look at a folder")
        guard let there, there.isFolder else { throw SFTPChannel.refusal(reply, "make a folder") }
    }

    func list(_ kind: FileKind) async throws -> [(id: ObjectID, length: Int)] {
        guard kind != .config else { return [] }
        let channel = try await line.channel()
        guard kind == .data else { return try await files(in: layout.folder(kind), channel) }
        let folders = try await channel.contents(of: layout.folder(.data)).filter {
            $0.name.count == 2 && $0.name != [0x2E, 0x2E]
        }
        return try await withThrowingTaskGroup(of: [(id: ObjectID, length: Int)].self) { group in
            var found: [(id: ObjectID, length: Int)] = []
            for (number, folder) in folders.enumerated() {
                if number >= 8, let next = try await group.next() { found += next }
                group.addTask { try await files(in: layout.folder(.data) / folder.name, channel) }
            }
            for try await next in group { found += next }
            return found
        }
    }

    private func files(in folder: [UInt8], _ channel: SFTPChannel) async throws -> [(id: ObjectID, length: Int)] {
        try await channel.contents(of: folder).compactMap { entry in
            guard entry.attributes.isFile, let id = ObjectID(hex: entry.name) else { return nil }
            guard let length = entry.attributes.length else { throw PlaceError.garbled("a file has no length") }
            return (id, length)
        }
    }

    func length(of file: RepositoryFile) async throws -> Int? {
        let path = layout.path(of: file)
        let found = try await line.channel().attributes(.look(path), to: "look at \(file)")
        guard let found else { return nil }
        guard let length = found.length else { throw PlaceError.garbled("\(file) has no length") }
        return length
    }

    func read(_ file: RepositoryFile, _ range: Range<Int>?) async throws -> [UInt8]? {
        let channel = try await line.channel()
        guard let handle = try await channel.handle(.open(layout.path(of: file)), to: "open \(file)") else {
            return nil
        }
        return try await channel.with(handle) {
            var wanted = range ?? 0..<0
            if wanted.isEmpty {
                let open = try await channel.attributes(.lookAtOpen(handle: handle), to: "look at \(file)")
                guard let length = open?.length, length <= RestPlace.fileLimit else {
                    throw PlaceError.garbled("\(file) has no length, or is too long to be a file of a repository")
                }
                wanted = range ?? 0..<length
                guard wanted.upperBound <= length else { throw PlaceError.shortRead("\(file)") }
            }
            return try await channel.read(handle, wanted, named: "\(file)", bandwidth.download)
        }
    }

    func send(_ file: RepositoryFile, _ bytes: [UInt8]) async throws {
        let channel = try await line.channel()
        let folder = layout.folder(file.kind)
        let path = folder / Array("salus-\(UInt64.random(in: .min ... .max))-tmp".utf8)
        guard let handle = try await channel.handle(.create(path), to: "write \(file)") else {
            throw PlaceError.refused(
                PlaceRefusal(act: "write \(file)", reason: "there is no such folder on the server"))
        }
        do {
            try await channel.with(handle) {
                try await channel.write(handle, bytes, named: "\(file)", bandwidth.upload)
                if channel.offers(SFTPRequest.syncing) {
                    try await channel.require(.sync(handle: handle), to: "sync \(file)")
                }
                // As restic leaves them; a server that knows no permissions does without.
                _ = try await channel.ask(.makeReadOnly(handle: handle))
            }
            try await rename(path, to: file, channel)
        } catch {
            if channel.isOpen { _ = try? await channel.ask(.remove(path)) }
            throw error
        }
        await sync(layout.folder(of: file), channel)
    }

    private func rename(_ path: [UInt8], to file: RepositoryFile, _ channel: SFTPChannel) async throws {
        let target = layout.path(of: file)
        let request =
            channel.offers(SFTPRequest.replacing)
            ? SFTPRequest.replace(path, by: target) : .rename(path, to: target)
        guard try await channel.ask(request) != .status(SFTPReply.ok) else { return }
        // One of the 256 folders may have been lost.
        try await make(layout.folder(of: file), channel)
        try await channel.require(request, to: "rename \(file)")
    }

    /// Makes new names in a folder durable. OpenSSH opens a folder as it opens a file; whoever cannot does without.
    private func sync(_ folder: [UInt8], _ channel: SFTPChannel) async {
        guard channel.offers(SFTPRequest.syncing) else { return }
        guard case .handle(let handle)? = try? await channel.ask(.open(folder)) else { return }
        _ = try? await channel.ask(.sync(handle: handle))
        _ = try? await channel.ask(.close(handle: handle))
    }

    func remove(_ file: RepositoryFile) async throws {
        let reply = try await line.channel().ask(.remove(layout.path(of: file)))
        guard reply == .status(SFTPReply.ok) || reply == .status(SFTPReply.missing) else {
            throw SFTPChannel.refusal(reply, "delete \(file)")
        }
    }
}

/// The connection of the moment: opened when it is first needed, and anew after it broke.
private actor SFTPLine {
    private let setup: SFTPChannel.Setup
    private var opening: Task<SFTPChannel, any Error>?

    init(_ setup: SFTPChannel.Setup) {
        self.setup = setup
    }

    func channel() async throws -> SFTPChannel {
        while let current = opening {
            if let channel = try? await current.value, channel.isOpen { return channel }
            if current == opening { opening = nil }
        }
        let task = Task { [setup] in try await SFTPChannel(setup) }
        opening = task
        return try await task.value
    }
}
