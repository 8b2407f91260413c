// SPDX-License-Identifier: Apache-2.0

import CBzip2
import Foundation

/// Other people's files, which are kept beside the repository.
enum Corpora {
    /// A corpus' files in the order of their names; nil, with a line that cannot be overlooked, when it is not there.
    static func files(_ name: String) -> [URL]? {
        for root in roots {
            let folder = root.appending(path: name)
            if let files = try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) {
                return files.sorted { $0.lastPathComponent < $1.lastPathComponent }
            }
        }
        print("SKIPPED: the corpus \(name) is not there; set SALUS_CORPORA to the folder that holds it")
        return nil
    }

    private static var roots: [URL] {
        if let path = ProcessInfo.processInfo.environment["SALUS_CORPORA"] { return [URL(filePath: path)] }
        var folder = URL(filePath: #filePath)
        var roots: [URL] = []
        while folder.pathComponents.count > 1 {
            folder.deleteLastPathComponent()
            roots.append(folder.appending(path: "shared/corpora"))
        }
        return roots
    }
}

/// Why a bzip2 file cannot be unpacked: the code of the library.
struct Bzip2Failure: Error {
    let code: Int32
}

/// Unpacks a bzip2 file of one stream; the room is doubled until it suffices, up to 256 MiB.
func unpackBzip2(_ packed: [UInt8]) throws -> [UInt8] {
    var packed = packed.map { CChar(bitPattern: $0) }
    var room = max(1 << 16, packed.count * 16)
    while room <= 256 << 20 {
        var unpacked = [CChar](repeating: 0, count: room)
        var length = UInt32(room)
        let code = unsafe BZ2_bzBuffToBuffDecompress(&unpacked, &length, &packed, UInt32(packed.count), 0, 0)
        if code == BZ_OK { return unpacked.prefix(Int(length)).map { UInt8(bitPattern: $0) } }
        guard code == BZ_OUTBUFF_FULL else { throw Bzip2Failure(code: code) }
        room *= 2
    }
    throw Bzip2Failure(code: BZ_OUTBUFF_FULL)
}
