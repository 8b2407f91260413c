// SPDX-License-Identifier: Apache-2.0

import Building
import Foundation
import Kernel
import Store

extension JobSource {
    /// What Salus itself keeps is backed up by the way of its store.
    func resolved(in house: House) -> JobSource {
        guard case .salus = self, case .postgres(let url) = house.store.location else { return self }
        return .postgres(connection: url, name: "salus")
    }

    /// The log of this server; nil for what is none.
    func log(in house: House) -> JobSource? {
        guard case .postgres(let connection, let name) = resolved(in: house) else { return nil }
        return .postgresLog(connection: connection, name: name)
    }

    /// What reads it.
    func snapshotSource(_ house: House) -> any SnapshotSource {
        switch resolved(in: house) {
        case .files(let paths, _): FileSource(paths: paths)
        case .postgres(let connection, let name): PostgresSource(connection: connection, name: name)
        case .postgresLog(let connection, let name): PostgresLogSource(connection: connection, name: name)
        case .sqlite(let path): SQLiteSource(path: path)
        case .salus: StateSource(folder: Self.folder(of: house.store.location))
        }
    }

    /// The folder in which an embedded store lies.
    static func folder(of location: StoreLocation) -> String {
        guard case .sqlite(let path) = location else { return "" }
        let names = Targets.names(of: path, from: FileManager.default.currentDirectoryPath)
        return "/" + PathText.joined(names.dropLast())
    }
}
