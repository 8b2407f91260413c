// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport
import Foundation

/// Files to back up, the same each time that they are made.
struct DataSets {
    let folder: String

    /// One file of 768 MiB that cannot be compressed.
    func noise() throws -> String {
        let path = try emptyFolder("noise")
        try write(path + "/noise.bin", mebibytes: 768, seed: 1)
        return path
    }

    /// 20,000 text files in 200 folders: most of some kilobytes, few of a hundred; about 198 MB.
    func smallFiles() throws -> String {
        let path = try emptyFolder("small")
        var dice = Noise(seed: 2)
        let words = (0..<4_000).map { _ in
            String(
                (0..<(2 + Int(dice.next() % 9))).map { _ in Character(Unicode.Scalar(97 + UInt8(dice.next() % 26))) })
        }
        for folder in 0..<200 {
            let place = "\(path)/ward \(folder)"
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
            for file in 0..<100 {
                // The product of three even draws is spread about as lengths of documents are.
                let shares = (0..<3).map { _ in Double(dice.next() % 1_000) / 1_000 }
                let length = 512 + Int(shares.reduce(80_000) { $0 * $1 })
                var text: [UInt8] = []
                while text.count < length { text += Array(words[Int(dice.next() % 4_000)].utf8) + [0x20] }
                try Data(text).write(to: URL(fileURLWithPath: "\(place)/letter \(file).txt"))
            }
        }
        return path
    }

    /// The image of a disk: 768 MiB, a third of it holes, the rest noise.
    func image() throws -> String {
        let path = try emptyFolder("image")
        let file = path + "/disk.img"
        try write(file, mebibytes: 768, seed: 3)
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: file))
        defer { try? handle.close() }
        // A boot sector ends with these two bytes.
        try handle.seek(toOffset: 510)
        try handle.write(contentsOf: Data([0x55, 0xAA]))
        let zeros = Data(count: 8 << 20)
        for place in stride(from: 16, to: 768, by: 24) {
            try handle.seek(toOffset: UInt64(place) << 20)
            try handle.write(contentsOf: zeros)
        }
        return path
    }

    /// Writes so many pages of the image anew, anywhere.
    func changePages(_ count: Int) throws {
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: folder + "/image/disk.img"))
        defer { try? handle.close() }
        var dice = Noise(seed: 4)
        for _ in 0..<count {
            try handle.seek(toOffset: (1 + dice.next() % (768 * 256 - 1)) * 4_096)
            try handle.write(contentsOf: dice.bytes(4_096))
        }
    }

    /// Very many empty files in one folder.
    func largeFolder(entries count: Int) throws -> String {
        let path = try emptyFolder("large")
        for number in 0..<count
        where !FileManager.default.createFile(atPath: "\(path)/image-\(number).dcm", contents: nil) {
            throw BenchmarkError("\(path) takes no more files")
        }
        return path
    }

    private func emptyFolder(_ name: String) throws -> String {
        let path = "\(folder)/\(name)"
        try? FileManager.default.removeItem(atPath: path)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    private func write(_ path: String, mebibytes count: Int, seed: UInt64) throws {
        guard FileManager.default.createFile(atPath: path, contents: nil) else {
            throw BenchmarkError("\(path) is not writable")
        }
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        defer { try? handle.close() }
        var dice = Noise(seed: seed)
        for _ in 0..<count { try handle.write(contentsOf: dice.bytes(1 << 20)) }
    }
}

/// Noise that comes again with the same seed (xorshift64*).
struct Noise {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    }

    mutating func next() -> UInt64 {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return state &* 0x2545_F491_4F6C_DD1D
    }

    mutating func bytes(_ count: Int) -> Data {
        var words: [UInt64] = []
        words.reserveCapacity(count / 8)
        for _ in 0..<count / 8 { words.append(next()) }
        // SAFETY: the bytes of whole numbers are always defined.
        return unsafe words.withUnsafeBytes { unsafe Data($0) }
    }
}
