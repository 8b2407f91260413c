// SPDX-License-Identifier: Apache-2.0

import Kernel

/// Whether a transaction reads or writes, and how it begins.
enum TransactionMode: Sendable {
    case reading
    case writing

    var begin: String {
        switch self {
        case .reading: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        case .writing: "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE"
        }
    }
}

/// How one attempt at a transaction ended.
enum TransactionOutcome: Sendable {
    case done
    case failed(any Error)
    /// It left nothing behind and may run again; the fault is for when it may not.
    case again(PostgresTrouble, Fault)
}

extension PostgresConnection {
    /// Runs `body` in a transaction once.
    func attempt(
        _ mode: TransactionMode, _ catalog: StatementCatalog, _ order: IdentifierOrder, _ clock: any TimeSource,
        _ body: (any Transaction) throws -> Void
    ) -> TransactionOutcome {
        forgetTrouble()
        let transaction = GuardedTransaction(self, catalog, order, clock: clock)
        do {
            try command(mode.begin)
            try transaction.run(body)
        } catch {
            let outcome = outcome(error)
            if isAlive { rollBack() }
            return outcome
        }
        return commit(mode)
    }

    private func commit(_ mode: TransactionMode) -> TransactionOutcome {
        do throws(Fault) {
            try command("COMMIT")
            return .done
        } catch {
            // What a closure has read is its own; nothing had to be kept.
            if mode == .reading { return .done }
            if case .lost = trouble {
                return .failed(
                    Fault(
                        .unavailable,
                        "the connection to the database server broke during a commit; look whether the change is there"
                    ))
            }
            return outcome(error)
        }
    }

    private func outcome(_ error: any Error) -> TransactionOutcome {
        switch trouble {
        case .none, .final: .failed(error)
        case .some(let trouble):
            .again(trouble, error as? Fault ?? PostgresError(state: "40001", message: "").fault)
        }
    }

    private func rollBack() {
        let trouble = trouble
        // Fails only when the connection does; then the server rolls back by itself.
        try? command("ROLLBACK")
        restore(trouble)
    }
}
