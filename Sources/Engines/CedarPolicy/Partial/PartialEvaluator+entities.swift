// SPDX-License-Identifier: Apache-2.0

// What depends on what is known of entities.
extension PartialEvaluator {
    func attribute(_ base: Residual, _ name: Text, _ type: StaticType) -> Residual {
        let open = Residual.Form.attribute(base, name)
        switch base.form {
        case .failure: return Residual(base.form, type)
        case .value(.record(let record)): return field(name, of: record, type)
        case .value(.entity(let uid)):
            switch entities.attributes(of: uid) {
            case .known(let attributes): return field(name, of: attributes, type)
            case .absent: return Residual(.failure(.unknownEntity(uid)), type)
            case .unknown: return Residual(open, type)
            }
        default: return Residual(open, type)
        }
    }

    private func field(_ name: Text, of record: [Text: Value], _ type: StaticType) -> Residual {
        Residual(record[name].map(Residual.Form.value) ?? .failure(.missingAttribute(name)), type)
    }

    /// Goes along the path as far as things are known.
    func has(_ base: Residual, _ path: [Text], _ type: StaticType) -> Residual {
        if base.isFailure { return Residual(base.form, type) }
        guard var value = base.value else { return Residual(.has(base, path), type) }
        for (index, name) in path.enumerated() {
            var attributes: [Text: Value] = [:]
            switch value {
            case .record(let record): attributes = record
            case .entity(let uid):
                switch entities.attributes(of: uid) {
                case .known(let known): attributes = known
                case .absent: break
                case .unknown:
                    let rest = Residual(.value(value), .declared(.entity(uid.type)))
                    return Residual(.has(rest, Array(path[index...])), type)
                }
            default: break
            }
            guard let attribute = attributes[name] else { return Residual(.value(.bool(false)), type) }
            value = attribute
        }
        return Residual(.value(.bool(true)), type)
    }

    /// What is known of an entity's place or tags; nil when nothing is.
    func ask(
        _ binary: BinaryOperator, of uid: EntityUID, _ value: Value
    ) throws(EvaluationError.Reason) -> Value? {
        switch binary {
        case .within: return try isWithin(uid, value).map(Value.bool)
        case .hasTag:
            let name = try value.text()
            switch entities.tags(of: uid) {
            case .known(let tags): return .bool(tags[name] != nil)
            case .absent: return .bool(false)
            case .unknown: return nil
            }
        default:
            let name = try value.text()
            switch entities.tags(of: uid) {
            case .known(let tags):
                guard let tag = tags[name] else { throw .missingTag(name) }
                return tag
            case .absent: throw .unknownEntity(uid)
            case .unknown: return nil
            }
        }
    }

    private func isWithin(_ uid: EntityUID, _ group: Value) throws(EvaluationError.Reason) -> Bool? {
        guard case .set(let groups) = group else { return entities.is(uid, within: try group.entity()) }
        var isOpen = false
        for group in groups {
            switch entities.is(uid, within: try group.entity()) {
            case true?: return true
            case false?: continue
            case nil: isOpen = true
            }
        }
        return isOpen ? nil : false
    }
}
