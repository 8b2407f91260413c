// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Testing

extension SchemaTests {
    /// `clinic` as JSON.
    static let clinicJSON = #"""
        {"": {"commonTypes": {"Contact": {"type": "Record", "annotations": {"doc": "outside"}, "attributes": {
            "mail": {"type": "String"}, "phone": {"type": "EntityOrCommon", "name": "String", "required": false}}}},
            "entityTypes": {}, "actions": {}},
         "Clinic": {
            "commonTypes": {"Times": {"type": "Set", "element": {"type": "Record", "attributes": {
                "at": {"type": "datetime"}, "long": {"type": "Extension", "name": "duration"},
                "doing": {"type": "Entity", "name": "Action"}}}}},
            "entityTypes": {
                "Ward": {},
                "Level": {"enum": ["low", "high"], "annotations": {}},
                "Person": {"memberOfTypes": ["Ward"], "tags": {"type": "Set", "element": {"type": "String"}},
                    "shape": {"type": "Record", "additionalAttributes": false, "attributes": {
                        "born": {"type": "EntityOrCommon", "name": "datetime", "required": true},
                        "best friend": {"type": "Entity", "name": "Clinic::Person", "required": false},
                        "contact": {"type": "Contact"}, "pay": {"type": "__cedar::decimal"}}}},
                "Nurse": {"memberOfTypes": ["Person"], "shape": {"type": "Record", "attributes": {
                    "level": {"type": "Entity", "name": "Level", "annotations": {"a": "b"}}}}},
                "Doctor": {"memberOfTypes": ["Clinic::Person"], "shape": {"type": "Record", "attributes": {
                    "level": {"type": "EntityOrCommon", "name": "Level"}}}}},
            "actions": {
                "care": {"appliesTo": null, "memberOf": null, "attributes": null},
                "see": {"memberOf": [{"id": "care"}], "appliesTo": {
                    "principalTypes": ["Nurse", "Doctor"], "resourceTypes": ["Person"], "context": {
                        "type": "Record", "attributes": {"from": {"type": "ipaddr"},
                            "until": {"type": "Times", "required": false}}}}},
                "treat": {"memberOf": [{"id": "care", "type": "Clinic::Action"}, {"id": "care", "type": "Action"}],
                    "appliesTo": {"principalTypes": ["Nurse", "Doctor"], "resourceTypes": ["Person"], "context": {
                        "type": "Record", "attributes": {"from": {"type": "ipaddr"},
                            "until": {"type": "Clinic::Times", "required": false}}}}}}}}
        """#

    @Test(arguments: [
        (#"[]"#, "expected an object at line 1, column 1"),
        (#"{"": {"#, "malformed json: the text ends too early at line 1, column 7"),
        (#"{"": {"entityTypes": {}}}"#, "expected `actions` at line 1, column 6"),
        (#"{"a b": {"entityTypes": {}, "actions": {}}}"#, "`a b` is no name at line 1, column 9"),
        (#"{"": {"entityTypes": {}, "actions": {}, "x": 1}}"#, "`x` is no member here at line 1, column 46"),
        (
            #"{"": {"entityTypes": {}, "actions": {}, "annotations": {"a": ""}}}"#,
            "`annotations` is no member here at line 1, column 6"
        ),
    ])
    func faultyNamespacesAreRefused(json: String, message: String) throws {
        let error = try #require(throws: SchemaError.self) { try Schema(json: Array(json.utf8)) }
        #expect(error.description == message)
    }

    @Test(arguments: [
        (#"{}"#, "expected `type`"), (#"{"type": "Long", "name": "x"}"#, "`name` is no member here"),
        (#"{"type": "Set"}"#, "expected `element`"), (#"{"type": "Record"}"#, "expected `attributes`"),
        (
            #"{"type": "Record", "attributes": {}, "additionalAttributes": true}"#,
            "records with additional attributes are not supported"
        ),
        (#"{"type": "Record", "attributes": {}, "additionalAttributes": null}"#, "expected true or false"),
        (#"{"type": "Record", "attributes": {"a": {"type": "Long", "required": 1}}}"#, "expected true or false"),
        (#"{"type": "Extension", "name": "money"}"#, "`money` is not declared"),
        (#"{"type": "Entity", "name": "Long"}"#, "`Long` is not declared"), (#"{"type": "E"}"#, "`E` is not declared"),
        (#"{"type": "EntityOrCommon", "name": "Boolean"}"#, "`Boolean` is not declared"),
        (#"{"type": "Entity", "name": "E::"}"#, "`E::` is no name"), (#"{"type": " E"}"#, "` E` is no name"),
        (#"{"type": "Long", "required": true}"#, "`required` is no member here"),
        (#"{"type": "Long"}"#, "the shape of a type is no record"),
    ])
    func faultyTypesAreRefused(type: String, message: String) throws {
        let json = #"{"": {"entityTypes": {"E": {"shape": \#(type)}}, "actions": {}}}"#
        let error = try #require(throws: SchemaError.self) { try Schema(json: Array(json.utf8)) }
        #expect(error.reason.description == message)
    }

    @Test(arguments: [
        (#"{"attributes": {}}"#, "action `a` has attributes"), (#"{"memberOf": ["b"]}"#, "expected an object"),
        (#"{"memberOf": [{"id": "b", "x": 1}]}"#, "`x` is no member here"),
        (#"{"memberOf": [{"type": "Action"}]}"#, "expected `id`"),
        (#"{"memberOf": [{"id": "b"}]}"#, "`b` is not declared"),
        (#"{"appliesTo": {"principalTypes": []}}"#, "expected `resourceTypes`"),
        (#"{"appliesTo": {"principalTypes": ["E"], "resourceTypes": []}}"#, "`E` is not declared"),
        (#"{"annotations": {"a b": ""}}"#, "`a b` is no name"), (#"{"annotations": {"a": 1}}"#, "expected a string"),
    ])
    func faultyActionsAreRefused(action: String, message: String) throws {
        let json = #"{"": {"entityTypes": {}, "actions": {"a": \#(action)}}}"#
        let error = try #require(throws: SchemaError.self) { try Schema(json: Array(json.utf8)) }
        #expect(error.reason.description == message)
    }

    @Test func enumeratedTypesHaveNothingElse() {
        for type in [
            #"{"enum": []}"#, #"{"enum": ["a"], "memberOfTypes": []}"#, #"{"enum": null}"#, #"{"shape": null}"#,
        ] {
            let json = #"{"": {"entityTypes": {"E": \#(type)}, "actions": {}}}"#
            #expect(throws: SchemaError.self) { try Schema(json: Array(json.utf8)) }
        }
    }
}
