// SPDX-License-Identifier: Apache-2.0

extension Policy {
    /// Reads one policy or template (Cedar reference, "Representing a policy with JSON"), which has no name of its own.
    ///
    /// - Throws: `SyntaxError` with the first thing that is wrong and where.
    public init(
        json bytes: [UInt8], id: Text = "policy0", limits: SyntaxLimits = .standard
    ) throws(SyntaxError) {
        self = try PolicyReader.read(bytes, limits: limits) { reader, root throws(SyntaxError) in
            try reader.policy(root, id: id)
        }
    }

    /// The policy as JSON that reads back as an equal policy; its id stands elsewhere. Equal policies, equal bytes.
    public var json: [UInt8] {
        var writer = PolicyWriter()
        writer.policy(self)
        return writer.bytes
    }
}
