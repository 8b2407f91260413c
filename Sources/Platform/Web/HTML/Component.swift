// SPDX-License-Identifier: Apache-2.0

/// A value that can be shown on a page: `"<main>\(StatusChip(.met))</main>"`.
package protocol Component: Sendable {
    /// The markup, without side effects.
    var html: HTML { get }
}

extension HTML: Component {
    /// Itself.
    package var html: HTML { self }
}
