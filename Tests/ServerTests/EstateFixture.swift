// SPDX-License-Identifier: Apache-2.0

import Kernel
import Logging
import Store
import TestSupport

@testable import Server

/// A whole house in a temporary folder, opened as the program opens it.
enum EstateFixture {
    /// - Parameters:
    ///   - demoDays: how many days of the synthetic clinic's past are told first; nil for a clinic of its own.
    static func withEstate<T>(
        clock: any TimeSource = SystemClock(), demoDays: Int? = nil, _ body: (Estate) async throws -> T
    ) async throws -> T {
        try await TemporaryFolder.with { folder in
            var flags = ["data": "\(folder)/data", "key-file": "\(folder)/keys/key"]
            if let demoDays { (flags["demo"], flags["demo-days"]) = ("true", "\(demoDays)") }
            let settings = try Settings(flags: flags, config: nil, environment: [:])
            var logger = Logger(label: "test")
            logger.logLevel = .critical
            if demoDays != nil { try await DemoLoader(settings: settings, logger: logger).loadIfNew() }
            let estate = try await Estate.open(settings, logger: logger, clock: clock)
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
