// SPDX-License-Identifier: Apache-2.0

import Kernel
import Keyring
import Store

/// Whose key seals a record.
struct RecordOwner {
    /// Nil for the institution.
    let patient: Identifier<Patient>?
    let key: OpenKey

    var subject: [UInt8]? {
        patient == nil ? nil : key.ownerPseudonym
    }
}

/// The newest version of a record that is in the store.
struct StoredVersion {
    let id: [UInt8]
    let version: Int64
    let patient: Identifier<Patient>?
    let key: Identifier<DataKey>
    let digest: [UInt8]

    static func find(_ lookup: [UInt8], in tx: any ReadTransaction) throws -> StoredVersion? {
        guard
            let row = try tx.row(
                """
                SELECT id, version, patient, key_id, digest FROM vault_records WHERE lookup = ? AND current = 1
                """, [.bytes(lookup)])
        else { return nil }
        guard let key = Identifier<DataKey>(bytes: try row.bytes(3)) else {
            throw Fault(.damaged, "A row of the records names a key that is none.")
        }
        return StoredVersion(
            id: try row.bytes(0), version: try row.integer(1),
            patient: try row.optionalBytes(2).flatMap { Identifier<Patient>(bytes: $0) }, key: key,
            digest: try row.bytes(4))
    }
}
