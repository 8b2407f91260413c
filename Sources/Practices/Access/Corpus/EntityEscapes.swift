// SPDX-License-Identifier: Apache-2.0

import Codecs

/// Writes `{"__entity": …}` around entities in attributes.
///
/// The hand-written tests leave it out, because there the schema says which attributes are entities; the engine reads
/// data without a schema.
enum EntityEscapes {
    static func add(to entities: [UInt8]) throws -> [UInt8] {
        Array(write(try JSONDocument.parse(entities).root, inAttributes: false).utf8)
    }

    private static func write(_ node: JSONNode, inAttributes: Bool) -> String {
        switch node.kind {
        case .array: return "[\(node.elements.map { write($0, inAttributes: inAttributes) }.joined(separator: ","))]"
        case .object:
            let members = node.members.map { name, value in
                "\"\(name)\":" + write(value, inAttributes: inAttributes || name == "attrs")
            }
            let object = "{\(members.joined(separator: ","))}"
            let isEntity = members.count == 2 && node["type"] != nil && node["id"] != nil
            return inAttributes && isEntity ? "{\"__entity\":\(object)}" : object
        default: return String(decoding: node.sourceBytes, as: UTF8.self)
        }
    }
}
