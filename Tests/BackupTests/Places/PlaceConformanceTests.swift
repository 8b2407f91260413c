// SPDX-License-Identifier: Apache-2.0

import Foundation
import ResticFormat
import TestSupport
import Testing

@testable import Backup

/// What every place does alike, over the servers that people really run.
@Suite(.serialized)
struct PlaceConformanceTests {
    private func file(_ content: [UInt8], _ kind: FileKind = .data) -> RepositoryFile {
        RepositoryFile(kind, ObjectID(hashing: content))
    }

    private func noise(_ count: Int, _ seed: UInt64) -> [UInt8] {
        var state = seed
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }
    }

    @Test(arguments: PlaceKind.allCases)
    func theConfigIsThereOnceItIsWritten(kind: PlaceKind) async throws {
        try await PlaceServers.with(kind) { server in
            let place = server.place
            let before = (try await place.length(of: .config), try await place.read(.config, nil))
            #expect(before.0 == nil && before.1 == nil)
            try await place.prepare()
            try await place.prepare()
            try await place.write(.config, [1, 2, 3])
            try await place.write(.config, [4, 5, 6])
            try await place.write(.config, [7])
            let after = (try await place.length(of: .config), try await place.read(.config, nil))
            #expect(after.0 == 3 && after.1 == [1, 2, 3])
        }
    }

    @Test(arguments: PlaceKind.allCases)
    func listsHoldWhatIsNamedByAnID(kind: PlaceKind) async throws {
        try await PlaceServers.with(kind) { server in
            let place = server.place
            try await place.prepare()
            for each in FileKind.allCases {
                let found = try await place.list(each)
                #expect(found.isEmpty, "\(each)")
            }
            let kinds: [FileKind] = [.keys, .locks, .snapshots, .index, .data]
            for each in kinds {
                try await place.write(file([1, 2], each), [1, 2])
                try await place.write(file([3], each), [3])
            }
            let id = ObjectID(hashing: [9]).hex
            for stray in ["stray", "\(id)-tmp", id.uppercased(), String(id.dropLast())] {
                try await server.plant("keys/\(stray)", [9])
            }
            for each in kinds {
                let found = try await place.list(each).sorted { $0.length < $1.length }
                #expect(found.map(\.id) == [ObjectID(hashing: [3]), ObjectID(hashing: [1, 2])], "\(each)")
                #expect(found.map(\.length) == [1, 2], "\(each)")
            }
        }
    }

    @Test(arguments: PlaceKind.allCases)
    func partsAreReadToTheByte(kind: PlaceKind) async throws {
        try await PlaceServers.with(kind) { server in
            let place = server.place
            try await place.prepare()
            let content = noise(100_000, 1)
            let file = file(content)
            try await place.write(file, content)
            for range in [0..<1, 0..<100_000, 99_999..<100_000, 32_767..<65_537, 1..<2, 5..<5, 100_000..<100_000] {
                let bytes = try await place.read(file, range)
                #expect(bytes == Array(content[range]), "\(range)")
            }
            for range in [0..<100_001, 99_999..<100_001, 100_000..<100_001, 100_001..<100_001, 200_000..<300_000] {
                await #expect(throws: PlaceError.shortRead("\(file)"), "\(range)") {
                    _ = try await place.read(file, range)
                }
            }
        }
    }

    @Test(arguments: PlaceKind.allCases)
    func whatIsMissingIsNil(kind: PlaceKind) async throws {
        try await PlaceServers.with(kind) { server in
            let place = server.place
            try await place.prepare()
            for each in [file([1], .data), file([1], .keys)] {
                let found = (
                    try await place.length(of: each), try await place.read(each, nil),
                    try await place.read(each, 0..<1),
                    try await place.read(each, 0..<0)
                )
                #expect(found.0 == nil && found.1 == nil && found.2 == nil && found.3 == nil)
                try await place.remove(each)
            }
        }
    }

    @Test(arguments: PlaceKind.allCases)
    func whatIsWrittenStaysUntilItIsRemoved(kind: PlaceKind) async throws {
        try await PlaceServers.with(kind) { server in
            let place = server.place
            try await place.prepare()
            let file = file([1, 2, 3], .locks)
            try await place.write(file, [1, 2, 3])
            try await place.write(file, [4, 5, 6])
            let bytes = try await place.read(file, nil)
            #expect(bytes == [1, 2, 3])
            try await place.remove(file)
            try await place.remove(file)
            let (length, left) = (try await place.length(of: file), try await place.list(.locks))
            #expect(length == nil && left.isEmpty)
            try await place.write(file, [1, 2, 3])
            let again = try await place.length(of: file)
            #expect(again == 3)
        }
    }

    @Test(arguments: PlaceKind.remote)
    func whatABrokenConnectionLeftIsReplaced(kind: PlaceKind) async throws {
        try await PlaceServers.with(kind) { server in
            try await server.place.prepare()
            let content = Array("whole".utf8)
            let file = file(content)
            let id = file.id?.hex ?? ""
            // rclone keeps packs in folders of two digits, too.
            try await server.plant("data/\(id.prefix(2))/\(id)", Array("who".utf8))
            let short = try await server.place.length(of: file)
            #expect(short == 3)
            try await server.place.write(file, content)
            let bytes = try await server.place.read(file, nil)
            #expect(bytes == content)
        }
    }

    @Test(arguments: PlaceKind.allCases)
    func aLargeFileArrivesWhole(kind: PlaceKind) async throws {
        try await PlaceServers.with(kind) { server in
            let place = server.place
            try await place.prepare()
            let content = noise(20 << 20, 2)
            let file = file(content)
            try await place.write(file, content)
            let (length, bytes) = (try await place.length(of: file), try await place.read(file, nil))
            #expect(length == content.count && bytes == content)
            let part = try await place.read(file, 10 << 20..<12 << 20)
            #expect(part == Array(content[10 << 20..<12 << 20]))
        }
    }

    @Test(arguments: PlaceKind.allCases)
    func manyAtOnceDoNotDisturbOneAnother(kind: PlaceKind) async throws {
        try await PlaceServers.with(kind) { server in
            let place = server.place
            try await place.prepare()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<40 {
                    let content = noise(10_000 + number * 7_000, UInt64(number))
                    let file = file(content)
                    group.addTask {
                        try await place.write(file, content)
                        let bytes = try await place.read(file, nil)
                        #expect(bytes == content)
                        let part = try await place.read(file, 9_000..<10_000)
                        #expect(part == Array(content[9_000..<10_000]))
                        if number.isMultiple(of: 2) { try await place.remove(file) }
                    }
                }
                try await group.waitForAll()
            }
            let left = try await place.list(.data)
            #expect(left.count == 20)
        }
    }

    @Test(arguments: PlaceKind.allCases)
    func aFileGrowsUntilItHasItsName(kind: PlaceKind) async throws {
        try await PlaceServers.with(kind) { server in
            let place = server.place
            try await place.prepare()
            let (kept, dropped) = (try await place.begin(.data), try await place.begin(.data))
            try kept.append([1, 2])
            try dropped.append([9])
            try kept.append([3])
            let written = try kept.written()
            #expect(written == [1, 2, 3])
            let file = file([1, 2, 3])
            let before = try await place.list(.data)
            #expect(before.isEmpty)
            if let id = file.id { try await kept.finish(as: id) }
            dropped.discard()
            let (list, bytes) = (try await place.list(.data), try await place.read(file, nil))
            #expect(list.map(\.id) == [file.id] && bytes == [1, 2, 3])
            if let folder = server.folder {
                let names = FileManager.default.enumerator(atPath: folder)?.allObjects as? [String] ?? []
                #expect(!names.contains { $0.contains("tmp") })
            }
        }
    }

    @Test(arguments: PlaceKind.allCases)
    func aListMayBeLong(kind: PlaceKind) async throws {
        try await PlaceServers.with(kind) { server in
            let place = server.place
            try await place.prepare()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<1_203 {
                    if number >= 16 { try await group.next() }
                    let content = Array("\(number)".utf8)
                    let file = file(content, .index)
                    group.addTask { try await place.write(file, content) }
                }
                try await group.waitForAll()
            }
            let found = try await place.list(.index)
            #expect(found.count == 1_203 && Set(found.map(\.id)).count == 1_203)
        }
    }

    @Test(arguments: PlaceKind.allCases)
    func aRepositoryLivesThere(kind: PlaceKind) async throws {
        try await PlaceServers.with(kind) { server in
            let made = try await Repository.create(at: server.place, password: [1], who: .current)
            await #expect(throws: PlaceError.repositoryExists(server.place.name)) {
                _ = try await Repository.create(at: server.place, password: [1], who: .current)
            }
            let opened = try await Repository.open(at: server.place, password: [1])
            #expect(opened.config.id == made.config.id)
        }
    }
}
