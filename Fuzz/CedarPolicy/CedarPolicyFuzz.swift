// SPDX-License-Identifier: Apache-2.0

// Feeds arbitrary bytes to the readers of CedarPolicy: `scripts/fuzz 60 CedarPolicy`.

import CedarPolicy

/// What libFuzzer calls for each input. Whatever is accepted must hold together; everything else must be an error.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzCedarPolicy(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    // SAFETY: libFuzzer promises `count` readable bytes at `start` for the time of this call.
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    if let policies = try? PolicySet(parsing: bytes) {
        fuzzPolicies(policies)
        fuzzFormatter(bytes)
    }
    if let policies = try? PolicySet(json: bytes) { fuzzPolicies(policies) }
    if let policy = try? Policy(json: bytes) {
        precondition((try? Policy(json: policy.json)) == policy, "a policy does not come back from its json")
    }
    if let schema = try? Schema(parsing: bytes) { fuzzSchema(schema) }
    if let schema = try? Schema(json: bytes) { fuzzSchema(schema) }
    fuzzData(bytes)
    _ = try? Entities(json: bytes)
    _ = try? Request(json: bytes, escapes: .read)
    let text = Text(String(decoding: bytes, as: UTF8.self))
    _ = (TypeName(text), Decimal(text), IPAddress(text), Datetime(text), Milliseconds(text))
    return 0
}

/// Same policies and same comments are what the formatter itself makes sure of, or gives up.
private func fuzzFormatter(_ bytes: [UInt8]) {
    do throws(SyntaxError) {
        _ = try PolicyFormatter().format(bytes)
    } catch {
        precondition(error.reason != .notFormatted, "policies cannot be formatted")
    }
}

private func fuzzPolicies(_ policies: PolicySet) {
    precondition((try? PolicySet(json: policies.json)) == policies, "policies do not come back from their json")
    for policy in policies.policies + policies.templates {
        // Brackets that were left out may come back deeper than the limit, which is an error and no other policy.
        var read = try? Policy(parsing: policy.description)
        read?.id = policy.id
        precondition(read == nil || read == policy, "a policy does not come back")
    }
    guard let type = TypeName("A"), let entities = try? Entities([Entity]()) else { return }
    let uid = EntityUID(type: type, id: "a")
    let response = policies.decide(Request(principal: uid, action: uid, resource: uid), entities)
    precondition(response.decision == .deny || !response.reasons.isEmpty, "allowed without a reason")
}

/// Written and read twice, because the first writing leaves out what can never be asked for.
private func fuzzSchema(_ schema: Schema) {
    guard let once = try? Schema(parsing: schema.description) else {
        // Common types in their places may make a text that is longer than the limit, and nothing else.
        precondition(schema.description.utf8.count > SyntaxLimits.standard.bytes, "a schema cannot be read back")
        return
    }
    precondition((try? Schema(parsing: once.description)) == once, "a schema does not come back")
    precondition(Set(once.entityTypes.keys) == Set(schema.entityTypes.keys), "a type is lost")
    precondition(Set(once.actions.keys) == Set(schema.actions.keys), "an action is lost")
}

/// What was read by a schema must be what the schema allows.
private func fuzzData(_ bytes: [UInt8]) {
    guard let schema = dataSchema else { return }
    _ = try? Entities(json: bytes, schema: schema)
    guard let request = try? Request(json: bytes, schema: schema, escapes: .refuse) else { return }
    precondition((try? schema.validate(request)) != nil, "a request that its schema does not foresee")
}

private let dataSchema = try? Schema(
    parsing: """
        entity L enum ["l"];
        entity A in [A] { b?: Bool, n?: Long, s?: Set<decimal>, a?: A, l?: L, r?: { i?: ipaddr, t?: datetime } } tags duration;
        action g;
        action a in g appliesTo { principal: [A, L], resource: A, context: { i?: ipaddr, a?: A, s?: Set<L> } };
        """)
