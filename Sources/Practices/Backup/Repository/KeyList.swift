// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// The key files of a repository: each opens it with a password of its own.
struct KeyList: Sendable {
    struct Entry: Sendable {
        let id: ObjectID
        let key: KeyFile
    }

    /// From the oldest to the newest.
    let keys: [Entry]
    /// What could not be read: each line names a file.
    let flaws: [String]

    /// - Throws: `PlaceError`.
    static func load(_ repository: Repository) async throws -> KeyList {
        var (entries, flaws): ([Entry], [String]) = ([], [])
        for (id, length) in try await repository.place.list(.keys) {
            do {
                guard length <= Repository.fileLimit,
                    let bytes = try await repository.place.read(RepositoryFile(.keys, id), nil)
                else { continue }
                guard ObjectID(hashing: bytes) == id else { throw FormatError.wrongHash(.key) }
                entries.append(Entry(id: id, key: try KeyFile.parse(bytes)))
            } catch let error as FormatError {
                flaws.append("key \(id.short): \(error)")
            }
        }
        entries.sort { one, other in
            one.key.created.isSameMoment(as: other.key.created)
                ? one.id < other.id : one.key.created.isBefore(other.key.created)
        }
        return KeyList(keys: entries, flaws: flaws.sorted())
    }
}

extension Repository {
    /// Adds a key file for another password, and opens the repository with it before anybody relies on it.
    ///
    /// - Throws: `KeyError.tooMany`: a key that is not tried opens nothing.
    func addKey(password: [UInt8], who: Whoami) async throws -> ObjectID {
        guard try await place.list(.keys).count < Self.keyLimit else { throw KeyError.tooMany }
        let id = try await Self.addKey(key, to: place, password: password, who: who)
        do {
            guard let bytes = try await place.read(RepositoryFile(.keys, id), nil), ObjectID(hashing: bytes) == id
            else { throw KeyError.notReadable }
            _ = try KeyFile.parse(bytes).open(password: password, by: .processors)
            return id
        } catch {
            try? await place.remove(RepositoryFile(.keys, id))
            throw error
        }
    }

    /// Takes a key file away. Who has copied it, and knows its password, can still open what is in the repository.
    ///
    /// - Throws: `KeyError`.
    func removeKey(_ digits: String) async throws -> ObjectID {
        let found = try await place.list(.keys).map(\.id).filter { $0.hasPrefix(digits) }
        guard let id = found.first, !digits.isEmpty else { throw KeyError.unknown(digits) }
        guard found.count == 1 else { throw KeyError.several(digits) }
        guard id != keyID else { throw KeyError.inUse }
        try await place.remove([RepositoryFile(.keys, id)])
        return id
    }
}

/// Why keys stay as they are.
enum KeyError: Error, Equatable, CustomStringConvertible {
    case unknown(String)
    case several(String)
    /// It opened the repository just now.
    case inUse
    /// As many as are tried when a repository is opened.
    case tooMany
    /// What was written does not read back.
    case notReadable

    var description: String {
        switch self {
        case .unknown(let text): "no key begins with `\(text)`"
        case .several(let text): "several keys begin with `\(text)`: give more of its id"
        case .inUse: "this key opened the repository: use the password of another one to remove it"
        case .tooMany: "there are \(Repository.keyLimit) keys already: remove one first"
        case .notReadable:
            "the new key does not open the repository, so it was taken away again: the disk may be damaged"
        }
    }
}
