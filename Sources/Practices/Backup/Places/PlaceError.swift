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

    var description: String {
        switch self {
        case .system(let error): "\(error)"
        case .noRepository(let place): "there is no repository at \(place)"
        case .repositoryExists(let place): "there is a repository at \(place) already"
        case .shortRead(let file): "\(file) is shorter than it was said to be"
        }
    }

    /// Whether there was no space.
    var isFull: Bool {
        if case .system(let error) = self { error.isFull } else { false }
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
