// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// A repository that was opened with a password.
struct Repository: Sendable {
    let place: any Place
    let key: MasterKey
    let config: RepositoryConfig
    /// The key file that opened it.
    let keyID: ObjectID

    /// The most key files that are tried: each costs half a second.
    static let keyLimit = 20
    /// How long a file that stands alone may be before it is not even read.
    static let fileLimit = 64 << 20

    /// Makes a repository.
    ///
    /// - Throws: `PlaceError.repositoryExists`.
    static func create(
        at place: any Place, password: [UInt8], who: Whoami, chunking: Polynomial? = nil
    ) async throws -> Repository {
        guard try await place.length(of: .config) == nil else { throw PlaceError.repositoryExists(place.name) }
        try await place.prepare()
        var generator = SystemRandomNumberGenerator()
        let key = MasterKey(using: &generator)
        let drawn = RepositoryConfig(using: &generator)
        let config = RepositoryConfig(version: .two, id: drawn.id, polynomial: chunking ?? drawn.polynomial)
        let keyID = try await addKey(key, to: place, password: password, who: who)
        // The config comes last: before it there is no repository.
        let sealed = try FileSealer(key, version: .two).seal(config, using: &generator)
        try await place.write(.config, sealed)
        return Repository(place: place, key: key, config: config, keyID: keyID)
    }

    /// Opens a repository by trying its key files one after another.
    ///
    /// - Throws: `PlaceError.noRepository`, `RepositoryError.wrongPassword`, `RepositoryError.damaged`.
    static func open(at place: any Place, password: [UInt8]) async throws -> Repository {
        async let listed = place.list(.keys)
        guard let sealed = try await place.read(.config, nil) else { throw PlaceError.noRepository(place.name) }
        var flaws: [String] = []
        let files = try await listed.sorted { $0.id < $1.id }.prefix(keyLimit)
        for (id, key) in try await keys(files, at: place) {
            do {
                let key = try key.get().open(password: password, by: .processors)
                let config = try FileSealer(key, version: .two).openConfig(sealed)
                return Repository(place: place, key: key, config: config, keyID: id)
            } catch FormatError.unauthenticated(.key) {
                // Another password's.
            } catch {
                flaws.append("key \(id.short): \(error)")
            }
        }
        guard flaws.isEmpty else { throw RepositoryError.damaged(flaws) }
        throw RepositoryError.wrongPassword
    }

    /// The key files, those of this user on this machine first: each that is tried in vain costs half a second.
    private static func keys(
        _ files: some Sequence<(id: ObjectID, length: Int)>, at place: any Place
    ) async throws -> [(id: ObjectID, key: Result<KeyFile, FormatError>)] {
        let who = Whoami.current
        var likely: [(id: ObjectID, key: Result<KeyFile, FormatError>)] = []
        var others = likely
        for (id, length) in files {
            guard length <= fileLimit, let bytes = try await place.read(RepositoryFile(.keys, id), nil) else {
                continue
            }
            let key = Result { () throws(FormatError) in
                guard ObjectID(hashing: bytes) == id else { throw FormatError.wrongHash(.key) }
                return try KeyFile.parse(bytes)
            }
            if let file = try? key.get(), file.username.utf8.elementsEqual(who.user.utf8),
                file.hostname.utf8.elementsEqual(who.host.utf8)
            {
                likely.append((id, key))
            } else {
                others.append((id, key))
            }
        }
        return likely + others
    }

    /// Adds a key file that opens the repository with another password.
    static func addKey(
        _ key: MasterKey, to place: any Place, password: [UInt8], who: Whoami
    ) async throws -> ObjectID {
        var generator = SystemRandomNumberGenerator()
        let file = try KeyFile(
            key, password: password, created: LocalClock.now(), username: who.user, hostname: who.host,
            using: &generator, by: .processors)
        let bytes = file.json()
        let id = ObjectID(hashing: bytes)
        try await place.write(RepositoryFile(.keys, id), bytes)
        return id
    }

    /// Writes a file that stands alone; its name.
    @discardableResult
    func save(_ json: [UInt8], _ kind: FileKind) async throws -> ObjectID {
        var generator = SystemRandomNumberGenerator()
        let (id, bytes) = try FileSealer(key, version: config.version).seal(json, using: &generator)
        try await place.write(RepositoryFile(kind, id), bytes)
        return id
    }

    /// The content of a file that stands alone; nil when it is not there.
    ///
    /// - Throws: `FormatError`, `PlaceError`.
    func load(_ id: ObjectID, _ kind: FileKind) async throws -> [UInt8]? {
        guard let bytes = try await place.read(RepositoryFile(kind, id), nil) else { return nil }
        return try FileSealer(key, version: config.version).open(bytes, id: id, part: kind.part)
    }
}

/// Why a repository could not be used.
enum RepositoryError: Error, Equatable {
    /// No key file opens with this password.
    case wrongPassword
    /// Parts that are damaged; each line names one.
    case damaged([String])
    /// Somebody else works in it.
    case locked(LockFile)
    /// The lock could not be kept fresh, so writing stopped before others might think it dead.
    case lockLost
}

/// Who makes snapshots and locks.
struct Whoami: Sendable, Equatable {
    let user: String
    let host: String
    let uid: UInt32
    let gid: UInt32
}

extension FileKind {
    /// What it is called when it is damaged.
    var part: FormatError.Part {
        switch self {
        case .config: .config
        case .keys: .key
        case .locks: .lock
        case .snapshots: .snapshot
        case .index: .index
        case .data: .pack
        }
    }
}
