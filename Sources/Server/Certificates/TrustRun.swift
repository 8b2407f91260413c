// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Kernel

/// What was done in one store.
enum TrustOutcome {
    case done(String)
    case already(String)
    /// It could not be done, and what to do about that.
    case impossible(String)
}

/// A place in which a machine keeps the authorities that it trusts.
protocol TrustStore {
    /// What people call it.
    var name: String { get }
    /// What would be done, for a try.
    var plan: String { get }
    func trust(_ authority: AuthorityFile) throws -> TrustOutcome
    func untrust(_ authority: AuthorityFile) throws -> TrustOutcome
}

/// Goes through the stores of this machine and its user, and says of each what was done.
struct TrustRun {
    let authority: AuthorityFile
    let isDry: Bool

    /// Does `act` in every store.
    ///
    /// - Throws: `ExitCode` 3 when a store could not be changed.
    func report(_ act: (any TrustStore) throws -> TrustOutcome) throws {
        var isPartly = false
        for store in try stores() {
            if isDry {
                Terminal.line("\(store.name): would look at \(store.plan)")
                continue
            }
            switch try act(store) {
            case .done(let text), .already(let text): Terminal.line("\(store.name): \(text)")
            case .impossible(let text):
                Terminal.line("\(store.name): NOT CHANGED: \(text)")
                isPartly = true
            }
        }
        if isPartly { throw ExitCode(3) }
    }

    private func stores() throws -> [any TrustStore] {
        let user = try InvokingUser.find()
        return [SystemTrustStore()]
            + NSSDatabases.of(user).map { NSSTrustStore(folder: $0.folder, name: $0.name, user: user) }
    }
}
