// SPDX-License-Identifier: Apache-2.0

package import Kernel

/// What the log is told about refusals that it does not hold. The ids stay for ever.
package enum RefusalFacts {
    /// Refusals were answered while there was no room for their entries: `refusals`, how many since the last such fact
    /// or the start of the process.
    package static let unrecorded = FactKind("access.refusals-unrecorded.v1", "Refusals without entries")

    /// All of them.
    package static let all = [unrecorded]
}
