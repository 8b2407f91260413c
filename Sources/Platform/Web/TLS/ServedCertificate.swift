// SPDX-License-Identifier: Apache-2.0

package import Kernel
import NIOCore
package import NIOSSL
import Synchronization

/// The certificate that new connections are shown, which can become another one while the program runs.
package final class ServedCertificate: Sendable {
    /// What a look at the files found.
    package enum Change: Sendable {
        /// They are as they were.
        case none
        /// They hold another certificate, which new connections now get.
        case renewed(UsableCertificate)
        /// They hold nothing usable, so the certificate from before is kept.
        case refused(Fault)
    }

    private struct State {
        var files: CertificateFiles?
        var names: [String] = []
        var marks: [FileMark?] = []
        var current: UsableCertificate?
        var until: Instant?
        var problem: String?
    }

    private let state = Mutex(State())

    /// No certificate yet.
    package init() {}

    /// When the certificate that is shown ends; nil before one is.
    package var until: Instant? { state.withLock { $0.current?.until ?? $0.until } }

    /// What is wrong with the files at present; nil when they are as they should be, or there are none.
    package var problem: String? { state.withLock { $0.problem } }

    /// The files that the certificate comes from; nil when it is from the institution's own authority.
    package var files: CertificateFiles? { state.withLock { $0.files } }

    /// Notes until when a certificate holds that does not come from files.
    package func use(until: Instant) {
        state.withLock { $0.until = until }
    }

    /// Reads the certificate for the first time.
    ///
    /// - Returns: a configuration that shows to each new connection what the files held when they were last usable.
    /// - Throws: `Fault` that says what is wrong with the files.
    package func use(_ files: CertificateFiles, names: [String], now: Instant) throws -> TLSConfiguration {
        let marks = Self.marks(files)
        let loaded = try files.load(names: names, now: now)
        state.withLock { $0 = State(files: files, names: names, marks: marks, current: loaded) }
        var configuration = TLSPolicy.server(chain: loaded.chain, key: loaded.key)
        configuration.sslContextCallback = { [self] _, promise in promise.succeed(override()) }
        return configuration
    }

    /// Looks at the files, and reads them if they changed since the last look.
    package func refresh(now: Instant, evenIfUnchanged: Bool = false) -> Change {
        let (files, names, before) = state.withLock { ($0.files, $0.names, $0.marks) }
        guard let files else { return .none }
        // Marked before reading: what is written meanwhile is seen at the next look.
        let marks = Self.marks(files)
        guard evenIfUnchanged || marks != before else { return .none }
        do {
            let loaded = try files.load(names: names, now: now)
            return state.withLock { state in
                let isOther = state.current?.fingerprint != loaded.fingerprint
                state.marks = marks
                state.problem = nil
                state.current = loaded
                return isOther ? .renewed(loaded) : .none
            }
        } catch {
            let fault = error as? Fault ?? Fault(.invalidInput, "The certificate cannot be used.", cause: error)
            state.withLock {
                $0.marks = marks
                $0.problem = fault.message
            }
            return .refused(fault)
        }
    }

    private func override() -> NIOSSLContextConfigurationOverride {
        var override = NIOSSLContextConfigurationOverride.noChanges
        if let current = state.withLock({ $0.current }) {
            override.certificateChain = current.chain.map { .certificate($0) }
            override.privateKey = .privateKey(current.key)
        }
        return override
    }

    private static func marks(_ files: CertificateFiles) -> [FileMark?] {
        [FileMark(files.certificate), FileMark(files.key)]
    }
}
