// SPDX-License-Identifier: Apache-2.0

import Kernel
import Logging

extension EvidenceLog {
    /// Runs `work`, an act of care and its leaf, and gives up the reserve when there is no space for it.
    ///
    /// For signing in, reading a chart and break-glass only; what can wait asks ``requireRoom()``.
    ///
    /// - Throws: `Fault.storageFull` when even the reserve is used up, and what `work` throws.
    package func makingRoom<Value>(
        isolation: isolated (any Actor)? = #isolation, _ work: () async throws -> Value
    ) async throws -> Value {
        do {
            return try await work()
        } catch let fault as Fault where fault.code == .storageFull {
            guard let reserve else { throw fault }
            await release(reserve)
            // Also when another process gave it up: there is room then.
            return try await work()
        }
    }

    private func release(_ reserve: any EvidenceReserve) async {
        do {
            guard try await reserve.release() else { return }
            logger.critical("No space left: only care goes on, from the reserve", metadata: ["on": "\(reserve.place)"])
        } catch {
            logger.error("The reserve could not be given up", metadata: ["error": "\(error)"])
        }
    }

    /// Refuses what can wait while the reserve is given up, also by another process or before a restart.
    ///
    /// - Throws: `Fault.storageFull`, naming what is full.
    package func requireRoom() async throws {
        guard let reserve else { return }
        switch try await reserve.state() {
        case .held: return
        case .released: throw reserve.full
        case .absent: break
        }
        // Never seen here: whether there is room for it is the question; that it cannot be made at all is another.
        do {
            try await reserve.restore()
        } catch let fault as Fault where fault.code == .storageFull {
            throw fault
        } catch {
            return
        }
    }

    /// Makes the reserve where it is missing and there is room again.
    func restoreReserve() async {
        guard let reserve, let state = try? await reserve.state(), state != .held else { return }
        // At first it is a matter of course; after a full disk it is news.
        let level: Logger.Level = state == .released ? .notice : .debug
        do {
            try await reserve.restore()
            logger.log(level: level, "Space for evidence is reserved", metadata: ["bytes": "\(reserve.size)"])
        } catch {
            logger.debug("No space can be reserved for evidence", metadata: ["error": "\(error)"])
        }
    }
}
