// SPDX-License-Identifier: Apache-2.0

/// Why the files of a repository could not be reached.
enum PlaceError: Error, Equatable, CustomStringConvertible {
    /// The system refused.
    case system(SystemError)
    /// There is no repository.
    case noRepository(String)
    /// There is one already.
    case repositoryExists(String)
    /// A file ended before its end.
    case shortRead(String)
    /// Nobody answered, or the connection broke off: it may go well at another time.
    case unreachable(String)
    /// The other side is not who it has to be, or cannot talk in secret.
    case untrusted(String)
    /// The other side does not keep to the protocol.
    case garbled(String)
    /// The other side answered that it does not.
    case refused(PlaceRefusal)

    var description: String {
        switch self {
        case .system(let error): "\(error)"
        case .noRepository(let place): "there is no repository at \(place)"
        case .repositoryExists(let place): "there is a repository at \(place) already"
        case .shortRead(let file): "\(file) is shorter than it was said to be"
        case .unreachable(let reason): "no connection: \(reason)"
        case .untrusted(let reason): "the connection is not secure: \(reason)"
        case .garbled(let reason): "the other side does not keep to the protocol: \(reason)"
        case .refused(let refusal): "\(refusal)"
        }
    }

    /// Whether there was no space.
    var isFull: Bool {
        switch self {
        case .system(let error): error.isFull
        case .refused(let refusal): refusal.isFull
        default: false
        }
    }

    /// Whether the same may go well a little later.
    var isTransient: Bool {
        switch self {
        case .unreachable: true
        case .refused(let refusal): refusal.isTransient
        default: false
        }
    }

    /// Whether it is about the place and not about one file: then nothing else there can be read either.
    var isOfWholePlace: Bool {
        switch self {
        case .unreachable, .untrusted, .garbled: true
        case .system, .noRepository, .repositoryExists, .shortRead, .refused: false
        }
    }

    /// Does `work`; what the system refuses in it is an error of the place, not of what is backed up.
    static func wrapping<Value>(_ work: () throws -> Value) throws -> Value {
        do {
            return try work()
        } catch let error as SystemError {
            throw PlaceError.system(error)
        }
    }
}

/// A refusal of the other side, in its own code.
struct PlaceRefusal: Equatable, Sendable, CustomStringConvertible {
    /// What it was asked to do: "write data/2a3b4c5d".
    let act: String
    /// What its code means to whoever has to do something about it.
    let reason: String
    var isTransient = false
    var isFull = false

    var description: String { "could not \(act): \(reason)" }
}
