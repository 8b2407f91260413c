// SPDX-License-Identifier: Apache-2.0

/// Which of the two forms a repository has. Salus writes the second and reads both.
public enum RepositoryVersion: Int, Sendable {
    /// Nothing is compressed.
    case one = 1
    /// Compressed: since restic 0.14.
    case two = 2
}
