// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
package import Kernel
import Store
import Synchronization

/// The applications as their last requests found them, and their rules, ready for decisions as long as their version
/// is the one in the store.
///
/// Each request reads the row of its application when its token is looked up, so that no answer is older than the
/// request. What lies here only saves reading and compiling the same texts again.
package final class ApplicationShelf: Sendable {
    private struct Place {
        /// Of what several requests read at once, the newest.
        var application: Application
        var store: (version: Int64, task: Task<PolicyStore, any Error>)?
    }

    private let places = Mutex<[Identifier<Application>: Place]>([:])

    /// Keeps what a request read about an application, unless something newer lies here.
    func note(_ application: Application) {
        places.withLock { places in
            guard let known = places[application.id] else {
                places[application.id] = Place(application: application)
                return
            }
            guard known.application.revision <= application.revision else { return }
            places[application.id]?.application = application
        }
    }

    /// The application of a request, at least as new as its token was looked up.
    func application(_ id: Identifier<Application>) -> Application? {
        places.withLock { $0[id]?.application }
    }

    /// The application's own rules; of those who ask at once one reads them for all.
    ///
    /// - Throws: `Fault` when they cannot be read any more.
    func rules(of application: Application, from desk: ApplicationDesk) async throws -> PolicyStore {
        let task = places.withLock { places in
            var place = places[application.id] ?? Place(application: application)
            if let store = place.store, store.version >= application.version { return store.task }
            let task = Task { try await Self.read(application, from: desk) }
            place.store = (application.version, task)
            places[application.id] = place
            return task
        }
        do {
            return try await task.value
        } catch {
            places.withLock { places in
                if places[application.id]?.store?.task == task { places[application.id]?.store = nil }
            }
            throw error
        }
    }

    private static func read(_ application: Application, from desk: ApplicationDesk) async throws -> PolicyStore {
        guard let texts = try await desk.texts(of: application) else {
            throw Fault(.unavailable, "This application has no rules. Load them with `salus access applications set`.")
        }
        do throws(PolicyTextError) {
            return try PolicyStore(texts)
        } catch {
            // They were checked before they were taken in.
            throw Fault(.unavailable, "The rules of this application cannot be read any more.", cause: error)
        }
    }
}

extension RuleAuthorizer {
    package func admit(
        bearer: String?, to action: Action, on resource: Kernel.EntityReference
    ) async throws -> Admission {
        let hash = bearer.flatMap { ApplicationToken($0)?.hash }
        let (known, decision) = try await store.read { [shelf] tx in
            // The row is found by the hash of the whole token: whoever holds another one learns nothing of this one, and
            // whether it is switched on is looked at after that.
            let known = try hash.flatMap { try tx.application(tokenHash: $0) }
            let application = known.flatMap { $0.isEnabled ? $0 : nil }
            guard let principal = EntityUID(application?.reference ?? .anonymous), let object = EntityUID(resource)
            else { throw Fault(.internal, "The rules know nothing of \(resource.type).") }
            let question = Question(
                principal: principal, action: action, resource: object,
                circumstances: try Scene(tx).circumstances(nil), known: [])
            return (known, try shelf.current(in: tx).decide(question, action: action))
        }
        guard let known else { return Admission(application: nil, decision: decision) }
        guard known.isEnabled else { return Admission(application: nil, decision: decision, isSwitchedOff: true) }
        applications.note(known)
        return Admission(application: known.reference, decision: decision)
    }
}
