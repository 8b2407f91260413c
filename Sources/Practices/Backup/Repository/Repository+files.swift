// SPDX-License-Identifier: Apache-2.0

import ResticFormat

extension Repository {
    /// How many files are read at a time: more than one, because a distant place answers late.
    private static let underway = 4

    /// Reads files that stand alone, several at a time.
    ///
    /// - Parameters:
    ///   - parse: makes something of the content of one.
    ///   - take: is given one after another in the order of `ids`, or why it could not be read. Files that are gone by then
    ///     are left out.
    /// - Throws: `PlaceError`, and what `take` throws.
    func each<Value: Sendable>(
        _ kind: FileKind, _ ids: [ObjectID],
        _ parse: @escaping @Sendable ([UInt8]) throws(FormatError) -> Value,
        _ take: (ObjectID, Result<Value, FormatError>) throws -> Void
    ) async throws {
        for start in stride(from: 0, to: ids.count, by: Self.underway) {
            let some = ids[start..<min(start + Self.underway, ids.count)]
            try await withThrowingTaskGroup(of: (ObjectID, Result<Value, FormatError>?).self) { group in
                for id in some { group.addTask { (id, try await read(id, kind, parse)) } }
                var values: [ObjectID: Result<Value, FormatError>] = [:]
                while let (id, value) = try await group.next() { values[id] = value }
                for id in some { if let value = values[id] { try take(id, value) } }
            }
        }
    }

    private func read<Value: Sendable>(
        _ id: ObjectID, _ kind: FileKind, _ parse: @Sendable ([UInt8]) throws(FormatError) -> Value
    ) async throws -> Result<Value, FormatError>? {
        do {
            guard let content = try await load(id, kind) else { return nil }
            return .success(try parse(content))
        } catch let error as FormatError {
            return .failure(error)
        }
    }
}
