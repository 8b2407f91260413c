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
    let text = schema.description
    // A short text may declare much; reading that again takes longer than a fuzzer waits.
    guard text.utf8.count < 1 << 20 else { return }
    guard let once = try? Schema(parsing: text) else { preconditionFailure("a schema cannot be read back") }
    precondition((try? Schema(parsing: once.description)) == once, "a schema does not come back")
    precondition(Set(once.entityTypes.keys) == Set(schema.entityTypes.keys), "a type is lost")
    precondition(Set(once.actions.keys) == Set(schema.actions.keys), "an action is lost")
}

/// What was read by a schema must be what the schema allows.
private func fuzzData(_ bytes: [UInt8]) {
    guard bytes.first == UInt8(ascii: "[") || bytes.first == UInt8(ascii: "{"),
        let schema = try? Schema(parsing: dataSchema)
    else { return }
    _ = try? Entities(json: bytes, schema: schema)
    guard let request = try? Request(json: bytes, schema: schema, escapes: .refuse) else { return }
    precondition((try? schema.validate(request)) != nil, "a request that its schema does not foresee")
}

// A text, because a global tree of indirect cases looks like a leak to AddressSanitizer: its pointers are tagged.
private let dataSchema = """
    entity L enum ["l"];
    entity A in [A] { b?: Bool, n?: Long, s?: Set<decimal>, a?: A, l?: L, r?: { i?: ipaddr, t?: datetime } } tags duration;
    action g;
    action a in g appliesTo { principal: [A, L], resource: A, context: { i?: ipaddr, a?: A, s?: Set<L> } };
    """
