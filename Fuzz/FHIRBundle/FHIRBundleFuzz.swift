// SPDX-License-Identifier: Apache-2.0

// Feeds arbitrary bytes to the FHIR reader: `scripts/fuzz 60 FHIRBundle`.

import FHIRBundle

/// What libFuzzer calls for each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzFHIRBundle(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    // SAFETY: libFuzzer promises `count` readable bytes at `start` for the time of this call.
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    guard let file = try? BundleFile.parse(bytes) else { return 0 }
    let owners = Ownership.resolve(file)
    precondition(owners.count == file.entries.count, "not every entry has an owner")
    for (entry, owner) in zip(file.entries, owners) {
        let resource = Array(file.resource(entry))
        precondition(resource.first == UInt8(ascii: "{") && resource.last == UInt8(ascii: "}"), "not an object")
        if entry.resourceType == "Patient", let id = entry.id {
            precondition(owner == .patient(.id(id)), "a patient does not own itself")
            precondition(PatientCard.extract(bytes: resource) != nil, "a resource is no document")
        }
    }
    return 0
}
