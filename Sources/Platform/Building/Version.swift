// SPDX-License-Identifier: Apache-2.0

/// Which Salus this is.
package enum Version {
    /// By semver.org.
    package static let number = "0.1.0"
}
