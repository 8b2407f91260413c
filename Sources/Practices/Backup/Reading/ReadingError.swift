// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// Why something in a snapshot could not be shown.
enum ReadingError: Error, Equatable, CustomStringConvertible {
    /// No pack's name begins so.
    case unknownPack(String)
    /// The snapshot has no such path.
    case notFound([UInt8])
    /// What is there has no content.
    case noContent([UInt8], NodeType)
    /// An archive would be written to a terminal.
    case terminal

    var description: String {
        switch self {
        case .unknownPack(let digits): "no pack begins with `\(digits)`"
        case .notFound(let path): "there is no `\(String(decoding: path, as: UTF8.self))` in the snapshot"
        case .noContent(let path, let type):
            "`\(String(decoding: path, as: UTF8.self))` is neither a file nor a folder, but a \(type.rawValue)"
        case .terminal: "a folder becomes an archive, which is nothing for a terminal: add `> FILE` or --target FILE"
        }
    }
}
