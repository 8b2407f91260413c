// SPDX-License-Identifier: Apache-2.0

import CPolicies

/// The rules with which a clinic starts, and the schema of all rules: Cedar texts that are part of the program.
package enum BuiltInRules {
    // Unsafe claim: CPolicies returns constant arrays of those lengths which live as long as the program.
    /// The policies, `Sources/C/CPolicies/policies.cedar`.
    package static let policies = unsafe Array(
        UnsafeBufferPointer(start: salus_policies_bytes(), count: salus_policies_size()))
    /// The schema, `Sources/C/CPolicies/schema.cedarschema`.
    package static let schema = unsafe Array(
        UnsafeBufferPointer(start: salus_schema_bytes(), count: salus_schema_size()))
}
