// SPDX-License-Identifier: Apache-2.0

import GRDB
import Kernel

/// Commits many callers' writes with one sync of the disk: each in a savepoint of its own, all in one transaction.
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
        while !jobs.isEmpty { jobs = attempt(jobs) }
    }

    /// A damaged store takes no more writes, because each could spread the damage; only care is tried, because a
    /// chart that is still readable may only be shown once its reading is on record.
    private func refusing(_ jobs: [any StoreJob]) -> [any StoreJob] {
        guard let damage = engine.damage else { return jobs }
        for job in jobs where !job.isCare { job.finish(damage) }
        return jobs.filter(\.isCare)
    }

    /// Runs `jobs` in one transaction and returns those that have to run again.
    private func attempt(_ jobs: [any StoreJob]) -> [any StoreJob] {
        var failures: [(any Error)?] = []
        do {
            try begin()
            for (index, job) in jobs.enumerated() {
                failures.append(try runOne(job, alone: jobs.count == 1))
                if !database.isInsideTransaction { return answerCulprit(index, failures[index], jobs) }
            }
            try statement("COMMIT")
        } catch {
            abandon()
            let fault = engine.noted(error)
            for job in jobs { job.finish(fault) }
            return []
        }
        for (job, failure) in zip(jobs, failures) { job.finish(failure) }
        return []
    }

    private func answerCulprit(_ index: Int, _ failure: (any Error)?, _ jobs: [any StoreJob]) -> [any StoreJob] {
        jobs[index].finish(failure ?? Fault(.internal, "a transaction ended inside its closure"))
        return Array(jobs[..<index] + jobs[(index + 1)...])
    }

    private func begin() throws {
        if database.isInsideTransaction { try statement("ROLLBACK") }
        try statement("BEGIN IMMEDIATE")
    }

    /// The failure of the job's closure, whose writes are undone then. Throws when the whole batch is lost.
    private func runOne(_ job: any StoreJob, alone: Bool) throws -> (any Error)? {
        if !alone { try statement("SAVEPOINT one") }
        let transaction = engine.transaction(database)
        do {
            try transaction.run(job.run)
        } catch {
            if let damage = engine.noted(transaction) { throw damage }
            guard database.isInsideTransaction else { return error }
            try statement(alone ? "ROLLBACK" : "ROLLBACK TO one")
            if !alone { try statement("RELEASE one") }
            return error
        }
        if !alone { try statement("RELEASE one") }
        return nil
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
        try database.cachedStatement(sql: sql).execute()
    }
}
