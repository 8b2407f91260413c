// SPDX-License-Identifier: Apache-2.0

/// Why bytes of a repository could not be read or made. It names the part, never its content.
public enum FormatError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Shorter than the least that such a part can be.
    case tooShort(Part)
    /// The authentication tag does not fit: another key, or damage.
    case unauthenticated(Part)
    /// What was read does not have the hash by which it was asked for.
    case wrongHash(Part)
    /// Compressed content that cannot be unpacked, or is not as long as it claims to be.
    case uncompressible(Part)
    /// Authentic, but not of the form that the format prescribes; the text says what is wrong.
    case malformed(Part, String)
    /// Larger than is read here; the limit in bytes.
    case tooLarge(Part, limit: Int)
    /// A format that is not read here.
    case unsupportedVersion(Int)
    /// A key file that asks for more work than is sensible, or for another derivation than scrypt.
    case unsupportedDerivation
    /// The cryptographic library refused to work, or memory ran out: nothing was made.
    case unavailable(String)

    /// The parts of a repository.
    public enum Part: String, Sendable {
        case config
        case key
        case snapshot
        case index
        case lock
        case pack
        case packHeader = "pack header"
        case blob
        case tree
    }

    /// One plain line.
    public var description: String {
        switch self {
        case .tooShort(let part): "the \(part.rawValue) is cut short"
        case .unauthenticated(let part): "the \(part.rawValue) is damaged, or was made with another key"
        case .wrongHash(let part): "the \(part.rawValue) is damaged: its hash is not its name"
        case .uncompressible(let part): "the \(part.rawValue) cannot be unpacked"
        case .malformed(let part, let flaw): "the \(part.rawValue) is malformed: \(flaw)"
        case .tooLarge(let part, let limit): "the \(part.rawValue) is larger than \(limit) bytes"
        case .unsupportedVersion(let version): "repository version \(version) is not supported"
        case .unsupportedDerivation: "the key's derivation is not supported"
        case .unavailable(let what): "\(what) is not available"
        }
    }
}
