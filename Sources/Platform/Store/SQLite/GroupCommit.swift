// SPDX-License-Identifier: Apache-2.0

import GRDB
import Kernel

/// Commits many callers' writes with one sync of the disk, all in one transaction.
///
/// Most of them succeed, so they first run one after the other without savepoints, which cost as much as the writes
/// themselves. When one of them fails after it has written something, the transaction is given up and they run again,
/// each in a savepoint of its own.
///
/// INVARIANT: nobody is answered before the commit, not even those whose closure failed, because what they saw
/// may have been written by a neighbour who is not committed either.
struct GroupCommit {
    let database: GRDB.Database
    let engine: SQLiteEngine

    /// Runs and answers `jobs`.
    ///
    /// SQLite gives up a whole transaction for some failures of one statement, such as a full disk. The one who
    /// failed is answered then, and the others run again without it.
    func run(_ jobs: [any StoreJob]) {
        var jobs = refusing(jobs)
        var apart = false
        while !jobs.isEmpty {
            switch attempt(jobs, apart: apart) {
            case .answered: return
            case .again(let rest, let isApart): (jobs, apart) = (rest, isApart)
            }
        }
    }

    private enum Outcome {
        case answered
        /// These have to run again, each in a savepoint or not.
        case again([any StoreJob], apart: Bool)
    }

    /// A damaged store takes no more writes, because each could spread the damage; only care is tried, because a
    /// chart that is still readable may only be shown once its reading is on record.
    private func refusing(_ jobs: [any StoreJob]) -> [any StoreJob] {
        guard let damage = engine.damage else { return jobs }
        for job in jobs where !job.isCare { job.finish(damage) }
        return jobs.filter(\.isCare)
    }

    /// Runs `jobs` in one transaction.
    private func attempt(_ jobs: [any StoreJob], apart: Bool) -> Outcome {
        var failures: [(any Error)?] = []
        do {
            try begin()
            for (index, job) in jobs.enumerated() {
                let (failure, left) = try runOne(job, apart: apart)
                if engine.damage != nil, failure != nil { return answerDamage(index, failure, jobs) }
                if !database.isInsideTransaction { return answerCulprit(index, failure, jobs, apart) }
                if left, jobs.count > 1 {
                    try statement("ROLLBACK")
                    return .again(jobs, apart: true)
                }
                failures.append(failure)
            }
            // A job that is alone and failed may have written something.
            try statement(jobs.count == 1 && failures.contains { $0 != nil } ? "ROLLBACK" : "COMMIT")
        } catch {
            abandon()
            let fault = engine.noted(error)
            for job in jobs { job.finish(fault) }
            return .answered
        }
        for (job, failure) in zip(jobs, failures) { job.finish(failure) }
        return .answered
    }

    private func answerCulprit(
        _ index: Int, _ failure: (any Error)?, _ jobs: [any StoreJob], _ apart: Bool
    ) -> Outcome {
        jobs[index].finish(failure ?? Fault(.internal, "a transaction ended inside its closure"))
        return .again(Array(jobs[..<index] + jobs[(index + 1)...]), apart: apart)
    }

    /// Damage that one job came upon is its answer; whoever shared the transaction begins anew, as far as writing goes
    /// on in a damaged store.
    private func answerDamage(_ index: Int, _ failure: (any Error)?, _ jobs: [any StoreJob]) -> Outcome {
        abandon()
        jobs[index].finish(failure)
        return .again(refusing(Array(jobs[..<index] + jobs[(index + 1)...])), apart: true)
    }

    private func begin() throws {
        if database.isInsideTransaction { try statement("ROLLBACK") }
        try statement("BEGIN IMMEDIATE")
    }

    /// The failure of the job's closure, and whether what it wrote before it failed is still there. Throws when the
    /// whole batch is lost.
    private func runOne(_ job: any StoreJob, apart: Bool) throws -> (failure: (any Error)?, left: Bool) {
        if apart { try statement("SAVEPOINT one") }
        let transaction = engine.transaction(database)
        do {
            try transaction.run(job.run)
        } catch {
            if let damage = engine.noted(transaction) { return (damage, true) }
            guard apart, database.isInsideTransaction else { return (error, transaction.hasWritten) }
            try statement("ROLLBACK TO one")
            try statement("RELEASE one")
            return (error, false)
        }
        if apart { try statement("RELEASE one") }
        return (nil, false)
    }

    /// Runs `body` in a transaction that it shares with nobody.
    func alone(_ body: (any Transaction) throws -> Void) throws {
        do {
            if let damage = engine.damage { throw damage }
            try begin()
            let transaction = engine.transaction(database)
            defer { engine.noted(transaction) }
            try transaction.run(body)
            try statement("COMMIT")
        } catch {
            abandon()
            throw engine.noted(error)
        }
    }

    private func abandon() {
        guard database.isInsideTransaction else { return }
        // What fails here has failed before and is answered with that; `begin` tries once more.
        try? statement("ROLLBACK")
    }

    private func statement(_ sql: String) throws {
        let statement = try BoundStatement(try database.cachedStatement(sql: sql), [])
        defer { statement.reset() }
        while try statement.step() {}
    }
}
