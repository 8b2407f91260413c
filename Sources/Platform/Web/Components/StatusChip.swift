// SPDX-License-Identifier: Apache-2.0

/// A state by icon and word; the colour only repeats them.
package struct StatusChip: Component {
    /// What is known about a thing.
    package enum State: String, Sendable, CaseIterable {
        /// It was measured and is as it should be.
        case met
        /// It was measured and is as it should be in part.
        case partial
        /// It was measured and is not as it should be.
        case notMet
        /// It was not measured, or too long ago: never shown as good.
        case unknown
    }

    /// What is known.
    package var state: State
    /// The word that is shown.
    package var word: String

    /// A chip with the usual word (*Met*, *Partly met*, *Not met*, *Not measured*) or one of the caller's.
    package init(_ state: State, word: String? = nil) {
        self.state = state
        self.word = word ?? state.word
    }

    /// The chip.
    package var html: HTML {
        "<span class=\"chip \(state.styleClass)\">\(state.icon)<span>\(word)</span></span>"
    }
}

extension StatusChip.State {
    /// The usual word.
    package var word: String {
        switch self {
        case .met: "Met"
        case .partial: "Partly met"
        case .notMet: "Not met"
        case .unknown: "Not measured"
        }
    }

    /// The icon of the state.
    package var icon: Icon {
        switch self {
        case .met: .met
        case .partial: .partial
        case .notMet: .notMet
        case .unknown: .unknown
        }
    }

    /// The class that charts and chips share.
    var styleClass: HTML {
        switch self {
        case .met: "is-met"
        case .partial: "is-partial"
        case .notMet: "is-not-met"
        case .unknown: "is-unknown"
        }
    }
}
