// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Kernel

/// The schema of the house's rules, read once.
enum HouseSchema {
    /// What was read, or why it could not be.
    private static let read = Result { () throws(SchemaError) in try Schema(parsing: BuiltInRules.schema) }

    /// The schema.
    ///
    /// - Throws: `Fault.internal` when the schema that is part of the program has a mistake.
    static func schema() throws -> Schema {
        do {
            return try read.get()
        } catch {
            throw Fault(.internal, "The schema of the rules has a mistake.", cause: error)
        }
    }

    /// The actions as entities, so that rules about a group of actions reach its members.
    static func actions() throws -> [Entity] {
        try actionEntities.get()
    }

    private static let actionEntities = Result {
        try schema().actions.map { Entity(uid: $0.key, parents: $0.value.parents) }
    }
}
