// SPDX-License-Identifier: Apache-2.0

package import ArgumentParser
package import Kernel
package import ServiceLifecycle
package import Store
package import Web

/// One of the rooms of the house: what it brings, and nothing about who else is in the building.
package protocol Practice: Sendable {
    /// The practice whose row it fills; nil for a part that serves several.
    static var name: PracticeName { get }
    /// Its tables, append-only: `vault/0001_records`.
    static var migrations: [Migration] { get }
    /// What it may write to the evidence log.
    static var facts: [FactKind] { get }
    /// What the authorizer is asked about.
    static var actions: [Action] { get }
    /// What it proves about itself, for the reference; ``probes`` read exactly these.
    static var measures: [Measure] { get }
    /// Its commands for the command line.
    static var commands: [any AsyncParsableCommand.Type] { get }
    /// Moves in.
    init(_ house: House) async throws
    /// Adds its pages.
    func routes(_ site: inout Site)
    /// Its entries in the navigation.
    var navigation: [NavigationPlace] { get }
    /// Its scheduled work.
    var jobs: [Job] { get }
    /// What runs as long as the program.
    var services: [any Service] { get }
    /// What it proves about itself.
    var probes: [Probe] { get }
    /// What it tells the rules about its patients; nil for a practice that keeps no records.
    var patients: (any PatientRegister)? { get }
}

extension Practice {
    package static var migrations: [Migration] { [] }
    package static var facts: [FactKind] { [] }
    package static var actions: [Action] { [] }
    package static var measures: [Measure] { [] }
    package static var commands: [any AsyncParsableCommand.Type] { [] }
    package func routes(_ site: inout Site) {}
    package var navigation: [NavigationPlace] { [] }
    package var jobs: [Job] { [] }
    package var services: [any Service] { [] }
    package var probes: [Probe] { [] }
    package var patients: (any PatientRegister)? { nil }
}

/// A measure together with the way to read it.
package struct Probe: Sendable {
    /// What is measured.
    package let measure: Measure
    /// How often it is read while the program runs.
    package let interval: Duration
    /// Takes a reading; nil when nothing can be said, which keeps the state unknown.
    package let read: @Sendable () async throws -> MeasureReading?

    /// A probe of `measure`, read every `interval`.
    package init(
        _ measure: Measure, every interval: Duration, read: @escaping @Sendable () async throws -> MeasureReading?
    ) {
        self.measure = measure
        self.interval = interval
        self.read = read
    }
}
