// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kernel
import Yams

/// A configuration file: YAML, one level deep. A key that Salus does not know is an error, because a misspelt
/// setting that is silently ignored is worse than none.
enum SettingsFile {
    /// The values in the file at `path`; nil when it need not exist and does not.
    static func read(_ path: String, mustExist: Bool) throws -> [String: String]? {
        guard FileManager.default.fileExists(atPath: path) else {
            if mustExist { throw Fault(.invalidInput, "The configuration file \(path) does not exist.") }
            return nil
        }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw Fault(.invalidInput, "The configuration file \(path) cannot be read.")
        }
        let node: Node?
        do {
            node = try Yams.compose(yaml: text)
        } catch {
            throw Fault(.invalidInput, "The configuration file \(path) is not YAML: \(error)")
        }
        guard let node else { return [:] }
        guard let mapping = node.mapping else {
            throw Fault(.invalidInput, "The configuration file \(path) must hold `key: value` lines.")
        }
        return try values(of: mapping, path)
    }

    private static func values(of mapping: Node.Mapping, _ path: String) throws -> [String: String] {
        var values: [String: String] = [:]
        for (keyNode, valueNode) in mapping {
            guard let key = keyNode.string, SettingKey.all.contains(where: { $0.name == key }) else {
                throw Fault(
                    .invalidInput,
                    "The configuration file \(path) has a key that Salus does not know: "
                        + (keyNode.string ?? "?"))
            }
            guard let value = valueNode.scalar?.string else {
                throw Fault(.invalidInput, "The setting \(key) in \(path) must be a single value.")
            }
            values[key] = value
        }
        return values
    }
}
