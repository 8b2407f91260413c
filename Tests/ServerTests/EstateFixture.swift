// SPDX-License-Identifier: Apache-2.0

import Kernel
import Logging
import TestSupport

@testable import Server

/// A whole house in a temporary folder, opened as the program opens it.
enum EstateFixture {
    static func withEstate<T>(_ body: (Estate) async throws -> T) async throws -> T {
        try await TemporaryFolder.with { folder in
            let settings = try Settings(
                flags: ["data": "\(folder)/data", "key-file": "\(folder)/keys/key"], config: nil, environment: [:])
            var logger = Logger(label: "test")
            logger.logLevel = .critical
            let estate = try await Estate.open(settings, logger: logger)
            do {
                let value = try await body(estate)
                await estate.close()
                return value
            } catch {
                await estate.close()
                throw error
            }
        }
    }
}
