// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import FHIRBundle
import Kernel
import Keyring
import Store

/// Files (`Binary`) follow the records that point at them, and the one that they name themselves (`securityContext`).
extension ChartLens {
    /// The protected classes of a record that is about to be shown in this chart; nil when it is not there for the
    /// reader.
    func classes(opening sealed: SealedRecord, in tx: any ReadTransaction) throws -> Set<ProtectedClass>? {
        let row = sealed.row
        if hides(row.id, type: row.type) { return nil }
        guard row.patient == nil else { return classes(of: row.id) }
        // What belongs to nobody was not looked through with the chart.
        var classes: Set<ProtectedClass> = []
        if let record = try? ChartRecord(try sealed.open()) {
            if hides(record.root) { return nil }
            classes = ProtectedCodes.classes(of: record.root).union(ProtectedCodes.classes(inside: record.root))
        }
        guard row.type.utf8.elementsEqual(FilePointers.type.utf8) else { return classes.subtracting(sight.hidden) }
        guard let lookup = try tx.row("SELECT lookup FROM vault_records WHERE id = ?", [.bytes(row.id.bytes)]),
            let inherited = try self.classes(ofFile: try lookup.bytes(0), owner: nil, in: tx)
        else { return nil }
        return classes.union(inherited)
    }

    /// The protected classes that a file has from others; nil when it is not there for the reader.
    ///
    /// It is there when each record that points at it is, with the pointer in it: so it goes with a record of a hidden
    /// class or a masked type, and with a masked attachment. What belongs to nobody is part of a chart only when a record
    /// of that chart points at it, or when none but records of nobody do, which open in every chart themselves.
    func classes(
        ofFile lookup: [UInt8], owner: Identifier<Patient>?, in tx: any ReadTransaction
    ) throws -> Set<ProtectedClass>? {
        let isReduced = !sight.hidden.isEmpty || !sight.masking.isEmpty
        let isPending = try FilePointerRows.isPending(for: patient, in: tx)
        if isReduced, isPending { return nil }
        var (classes, owners): (Set<ProtectedClass>, Set<Identifier<Patient>?>) = ([], [])
        let sources = try FilePointerRows.sources(of: lookup, in: tx)
        // Of what cannot be followed nobody can say of which class it is.
        var isContextFound = !sources.contains { !$0.isPointing }
        for source in sources {
            guard let row = (try? SealedRow.find(lookup: source.lookup, in: tx)) ?? nil else {
                if source.isPointing, isReduced { return nil }
                continue
            }
            if !source.isPointing { isContextFound = true }
            owners.insert(row.patient)
            guard let key = try? records.house.keyring.dataKey(row.key, in: tx),
                let record = try? ChartRecord(try SealedRecord(row: row, key: key).open())
            else {
                if isReduced { return nil }
                continue
            }
            if isReduced, !shows(record, pointingAt: source.isPointing ? lookup : nil) { return nil }
            classes.formUnion(
                ProtectedCodes.classes(of: record.root).union(ProtectedCodes.classes(inside: record.root)))
        }
        if isReduced, !isContextFound { return nil }
        let isOfNobody = !isPending && owners == [nil]
        guard owner != nil || owners.contains(patient) || isOfNobody else { return nil }
        return classes.subtracting(sight.hidden)
    }

    /// Whether the reader sees a record, and in it that it points at a file.
    private func shows(_ record: ChartRecord, pointingAt file: [UInt8]?) -> Bool {
        guard let shown = try? show(record.stored) else { return false }
        guard let file, shown.isReduced else { return true }
        let reader = FilePointerReader(index: records.index)
        let (before, after) = (
            reader.read(record.root, type: record.stored.type), reader.read(shown.root, type: record.stored.type)
        )
        let isNamed = before.targets.union(before.guesses).contains(file)
        if isNamed { return after.targets.union(after.guesses).contains(file) }
        // Pointed at by a name that only the imported file explained: nothing of the kind may be missing.
        return record.root.values(named: "url").count == shown.root.values(named: "url").count
            && record.root.values(named: "reference").count == shown.root.values(named: "reference").count
    }
}
