// SPDX-License-Identifier: Apache-2.0

import Codecs

extension Schema {
    /// Reads a schema in the Cedar syntax (Cedar reference, "Cedar schema format").
    ///
    /// Stricter than the reference: a record that declares an attribute twice is an error, and so is a schema whose
    /// types are deeper than 128 levels or have more than four million parts once common types are put in their places.
    ///
    /// - Throws: `SchemaError` with the first thing that is wrong and where.
    public init(parsing bytes: [UInt8], limits: SyntaxLimits = .standard) throws(SchemaError) {
        let fragment: SchemaFragment
        do throws(SyntaxError) {
            var parser = try Parser(bytes, limits: limits)
            fragment = try parser.schema()
        } catch {
            throw SchemaError(reason: .syntax(error.reason), position: error.position)
        }
        self = try SchemaResolver.resolve(fragment, source: bytes)
    }

    /// Reads a schema in the Cedar syntax that is at hand as a string.
    ///
    /// - Throws: `SchemaError` as `init(parsing:limits:)` over bytes does.
    public init(parsing text: String, limits: SyntaxLimits = .standard) throws(SchemaError) {
        try self.init(parsing: Array(text.utf8), limits: limits)
    }

    /// Reads a schema in the JSON syntax (Cedar reference, "JSON schema format").
    ///
    /// Stricter than the reference: as above, and an array is never taken for an object.
    ///
    /// - Throws: `SchemaError` with the first thing that is wrong and where.
    public init(
        json bytes: [UInt8], limits: JSONLimits = JSONLimits(bytes: 16 << 20, depth: 128)
    ) throws(SchemaError) {
        let fragment = try SchemaJSONReader.fragment(bytes, limits: limits)
        self = try SchemaResolver.resolve(fragment, source: bytes)
    }
}
