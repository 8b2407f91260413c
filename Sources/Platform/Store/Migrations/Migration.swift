// SPDX-License-Identifier: Apache-2.0

/// One step in the growth of the store's tables. Once released it is never changed.
package struct Migration: Sendable {
    /// `<module>/<number>_<what>`, such as `backup/0001_jobs`.
    package let name: String
    /// The statements, in order; all or none of them take effect.
    package let statements: [String]

    /// A step called `name`.
    package init(name: String, statements: [String]) {
        self.name = name
        self.statements = statements
    }
}
