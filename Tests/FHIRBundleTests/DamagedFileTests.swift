// SPDX-License-Identifier: Apache-2.0

import FHIRBundle
import Testing

@Suite("Bundles against damage")
struct DamagedFileTests {
    private let bytes = Array(
        """
        {"resourceType":"Bundle","type":"transaction","entry":[{"fullUrl":"urn:uuid:a","resource":{
        "resourceType":"Patient","id":"a","identifier":[{"system":"s","value":"1"}],"name":[{"family":"X"}]},
        "request":{"method":"POST","url":"Patient"}},
        {"fullUrl":"urn:uuid:b","resource":{"resourceType":"Observation","subject":{"reference":"urn:uuid:a"},
        "performer":[{"reference":"Practitioner/1"}]},"request":{"method":"POST","url":"Observation"}},
        {"fullUrl":"urn:uuid:c","resource":
        {"resourceType":"CarePlan","subject":{"reference":"Patient?identifier=s|1"},"activity":[{"detail":{"performer":[
        {"reference":"Patient/a"}]}}]},"request":{"method":"PUT","url":"CarePlan/c"}}]}
        """.utf8)

    @Test func cutAnywhereItIsAnError() throws {
        let owner = Owner.patient(.id("a"))
        #expect(Ownership.resolve(try BundleFile.parse(bytes)) == [owner, owner, owner])
        for end in 0..<bytes.count {
            #expect(throws: BundleError.self, "cut at \(end)") { try BundleFile.parse(Array(bytes[..<end])) }
        }
    }

    @Test func damagedFilesNeverTrap() {
        // A linear congruential generator: the same damage in each run.
        var state: UInt64 = 42
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var (taken, refused) = (0, 0)
        for _ in 0..<10_000 {
            var damaged = bytes
            for _ in 0...random(3) {
                if random(2) == 0 {
                    damaged[random(damaged.count)] = UInt8(random(256))
                } else {
                    damaged[random(damaged.count)] = bytes[random(bytes.count)]
                }
            }
            guard let file = try? BundleFile.parse(damaged) else {
                refused += 1
                continue
            }
            taken += 1
            #expect(Ownership.resolve(file).count == file.entries.count)
            #expect(file.entries.allSatisfy { file.resource($0).first == UInt8(ascii: "{") })
        }
        #expect(taken > 500 && refused > 500, "\(taken) taken, \(refused) refused")
    }
}
