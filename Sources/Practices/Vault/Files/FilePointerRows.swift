// SPDX-License-Identifier: Apache-2.0

import Kernel
import Store

/// The index of what records say about files, in keyed hashes. Of which class a record is stands nowhere in it.
enum FilePointerRows {
    /// Whose rules a file follows.
    struct Source {
        /// Where that record is found.
        let lookup: [UInt8]
        /// Whether it points at the file, and not the file at it.
        let isPointing: Bool
    }

    /// Puts what the newest version of a record says in place of what earlier ones said.
    static func tell(_ pointers: FilePointers, by teller: [UInt8], isNew: Bool = false, in tx: any Transaction) throws {
        if !isNew { try tx.execute("DELETE FROM vault_pointers WHERE teller = ?", [.bytes(teller)]) }
        for target in pointers.targets.union(pointers.guesses) { try add(target, teller, teller, tx) }
        for context in pointers.contexts { try add(teller, context, teller, tx) }
    }

    private static func add(
        _ target: [UInt8], _ source: [UInt8], _ teller: [UInt8], _ tx: any Transaction
    ) throws {
        try tx.execute(
            "INSERT INTO vault_pointers (target, source, teller) VALUES (?, ?, ?) ON CONFLICT (target, source, teller) DO NOTHING",
            [.bytes(target), .bytes(source), .bytes(teller)])
    }

    /// Whose rules the file follows that is found by `target`.
    static func sources(of target: [UInt8], in tx: any ReadTransaction) throws -> [Source] {
        try tx.rows(
            "SELECT source, teller FROM vault_pointers WHERE target = ? ORDER BY source, teller", [.bytes(target)]
        ).map { Source(lookup: try $0.bytes(0), isPointing: try $0.bytes(1) != target) }
    }

    /// The files at which a record points.
    static func targets(of teller: [UInt8], in tx: any ReadTransaction) throws -> [[UInt8]] {
        try tx.rows(
            "SELECT target FROM vault_pointers WHERE teller = ? AND source = ? ORDER BY target",
            [.bytes(teller), .bytes(teller)]
        ).map { try $0.bytes(0) }
    }

    /// Whether there may be pointers that are not in the index yet: while records of before it are still looked through,
    /// and afterwards for patients with one of them that does not open.
    static func isPending(for patient: Identifier<Patient>, in tx: any ReadTransaction) throws -> Bool {
        try tx.row(
            "SELECT 1 FROM vault_pointers_pending WHERE tried = 0 OR patient = ? LIMIT 1", [.bytes(patient.bytes)])
            != nil
    }

    /// Forgets that a version has to be looked through.
    static func settle(_ record: [UInt8], in tx: any Transaction) throws {
        try tx.execute("DELETE FROM vault_pointers_pending WHERE record = ?", [.bytes(record)])
    }
}
