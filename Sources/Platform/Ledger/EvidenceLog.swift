// SPDX-License-Identifier: Apache-2.0

import Crypto
package import Kernel
package import Logging
import ServiceLifecycle
package import Store
import Synchronization
package import TransparencyLog

/// The evidence log of the house: what happened, in an order that nobody can change quietly.
///
/// An act and its leaf commit in one transaction (`Transaction.record`); the sequencer gives committed leaves their
/// places and publishes signed checkpoints over them.
package final class EvidenceLog: Service {
    let store: Database
    let tiles: any TileStore
    let signer: Ed25519Signer
    let origin: String
    let logger: Logger
    /// The space that is kept for evidence, where there is one.
    package let reserve: (any EvidenceReserve)?
    private let newest = Mutex<PublishedCheckpoint?>(nil)

    /// How often the sequencer looks for new leaves.
    private static let interval = Duration.milliseconds(500)
    /// How often it looks whether the reserve is there.
    private static let lookInterval = Duration.seconds(5)

    /// The log of `institution`.
    ///
    /// - Parameters:
    ///   - signingKey: the 32 bytes of the Ed25519 key that signs checkpoints.
    ///   - reserve: space on the disk of the store, made here where it is missing.
    /// - Throws: `Fault.damaged` when the newest checkpoint does not fit the store.
    package init(
        store: Database, tiles: any TileStore, signingKey: [UInt8], institution: Identifier<Institution>,
        reserve: (any EvidenceReserve)? = nil, logger: Logger
    ) async throws {
        self.store = store
        self.tiles = tiles
        self.logger = logger
        self.reserve = reserve
        origin = Self.origin(of: institution)
        let key = try Curve25519.Signing.PrivateKey(rawRepresentation: signingKey)
        signer = try Ed25519Signer(name: KeyName(origin), key: key)
        try await publishVerifierKey()
        let published = try await readCheckpoint()
        newest.withLock { $0 = published }
        try await checkAgainstStore(published)
        await restoreReserve()
    }

    /// The origin line of the log of `institution`.
    package static func origin(of institution: Identifier<Institution>) -> String {
        "salus.invalid/\(institution)"
    }

    /// The public key that verifies the checkpoints, in its text form.
    package var verifierKey: String {
        signer.verifier.vkey
    }

    private func publishVerifierKey() async throws {
        let line = Array((signer.verifier.vkey + "\n").utf8)
        while true {
            if let known = try await tiles.bytes(verifierKeyName) {
                guard known == line else {
                    throw Fault(.damaged, "The log's public key is not that of this installation.")
                }
                return
            }
            // Processes that start together take turns: two that write one file would leave neither's.
            guard let lock = try await store.tryLock(name: "ledger") else {
                try await Task.sleep(for: .milliseconds(20))
                continue
            }
            do {
                try await tiles.replace(verifierKeyName, line, expecting: nil)
            } catch let fault as Fault where fault.code == .conflict {
                // Another process was first; the next turn compares.
            } catch {
                await lock.release()
                throw error
            }
            await lock.release()
        }
    }

    /// A rolled-back store must not go on as if nothing had happened: leaves that were published would be missing.
    private func checkAgainstStore(_ published: PublishedCheckpoint?) async throws {
        let state = try await store.read { tx in try LogState.read(tx) }
        let publishedSize = published?.checkpoint.size ?? 0
        guard publishedSize <= state.frontier.size else {
            throw Fault(
                .damaged,
                """
                The log was published with \(publishedSize) leaves, but the store knows only \(state.frontier.size): \
                the store was set back to an earlier state. Restore the newer one, or ask for help.
                """)
        }
        guard publishedSize == state.frontier.size, let published, published.checkpoint.root != state.frontier.root
        else { return }
        throw Fault(.damaged, "The newest checkpoint of the log does not match what the store remembers.")
    }

    /// The newest checkpoint, or nil before the first.
    package func checkpoint() async throws -> PublishedCheckpoint? {
        let known = newest.withLock { $0 }
        // Another process may have published a newer one meanwhile.
        guard let bytes = try await tiles.bytes(checkpointName), bytes != known?.bytes else { return known }
        let published = try await readCheckpoint()
        newest.withLock { $0 = published }
        return published
    }

    func readCheckpoint() async throws -> PublishedCheckpoint? {
        guard let bytes = try await tiles.bytes(checkpointName) else { return nil }
        return try PublishedCheckpoint(bytes, verifier: signer.verifier, origin: origin)
    }

    func remember(_ checkpoint: PublishedCheckpoint) {
        newest.withLock { $0 = checkpoint }
    }

    /// Sequences until shutdown, and once more at its end so that a clean stop leaves nothing pending.
    package func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            var failure: String?
            var looked = ContinuousClock.now
            while !Task.isCancelled {
                failure = await settleOrReport(known: failure)
                if ContinuousClock.now - looked >= Self.lookInterval {
                    await restoreReserve()
                    looked = .now
                }
                try? await Task.sleep(for: Self.interval)
            }
        }
        _ = await Task.detached { [self] in await settleOrReport(known: nil) }.value
    }

    /// Settles, and reports a failure once rather than at every turn. Returns it.
    private func settleOrReport(known: String?) async -> String? {
        do {
            try await settle()
            return nil
        } catch {
            let failure = "\(error)"
            if failure != known {
                logger.error(
                    "The log could not be sequenced; acts stay recorded and wait", metadata: ["error": "\(failure)"])
            }
            return failure
        }
    }
}

/// A checkpoint with the bytes as they were published.
package struct PublishedCheckpoint: Sendable {
    /// The signed note.
    package let bytes: [UInt8]
    /// What it says.
    package let checkpoint: Checkpoint
    /// The note, for proofs.
    package let note: SignedNote

    /// Reads a checkpoint that `verifier` signed.
    ///
    /// - Throws: `Fault.damaged` when it is none, or not of this log.
    package init(_ bytes: [UInt8], verifier: VerifierKey, origin: String) throws {
        do {
            note = try SignedNote(bytes: bytes)
            checkpoint = try VerifiedCheckpoint(note, verifiers: [verifier]).checkpoint
        } catch {
            throw Fault(.damaged, "The checkpoint of the log is not signed by this installation.", cause: error)
        }
        guard checkpoint.origin.utf8.elementsEqual(origin.utf8) else {
            throw Fault(.damaged, "The checkpoint belongs to another log.")
        }
        self.bytes = bytes
    }
}
