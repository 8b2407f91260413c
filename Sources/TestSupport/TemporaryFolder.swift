// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A folder for the length of one test.
package enum TemporaryFolder {
    /// Makes a folder of mode 0700, calls `body` with its path, and removes it with all that is in it.
    package static func with<Value>(
        isolation: isolated (any Actor)? = #isolation, _ body: (String) async throws -> Value
    ) async throws -> Value {
        let path = try make(mode: 0o700)
        defer { remove(path) }
        return try await body(path)
    }

    static func make(mode: Int) throws -> String {
        let path = NSTemporaryDirectory() + "salus-test-" + UUID().uuidString.lowercased()
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: mode])
        return path
    }

    private static func remove(_ path: String) {
        // What remains after a failed test is in the system's temporary folder anyway.
        try? FileManager.default.removeItem(atPath: path)
    }
}
