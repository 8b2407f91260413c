// SPDX-License-Identifier: Apache-2.0

import FHIRBundle
import Testing

@Suite("Bundle files")
struct BundleFileTests {
    @Test func readsATransaction() throws {
        let file = try BundleFile.parse(
            """
            {"resourceType":"Bundle","type":"transaction","entry":[
              {"fullUrl":"urn:uuid:a","resource": {"resourceType":"Patient", "id":"p-1"} ,
               "request":{"method":"POST","url":"Patient","ifNoneExist":"identifier=s|1"}},
              {"fullUrl":"urn:uuid:b","resource":{"resourceType":"Flag"},"request":{"method":"PUT","url":"Flag/7"}}]}
            """)
        #expect(file.form == .bundle)
        #expect(file.entries.map(\.number) == [1, 2])
        let patient = try #require(file.entries.first)
        #expect(patient.resourceType == "Patient" && patient.id == "p-1" && patient.fullURL == "urn:uuid:a")
        #expect(patient.method == .post && patient.ifNoneExist == "identifier=s|1" && patient.recordKey == "p-1")
        #expect(Array(file.resource(patient)) == Array("{\"resourceType\":\"Patient\", \"id\":\"p-1\"}".utf8))
        let flag = try #require(file.entries.last)
        #expect(flag.method == .put && flag.url == "Flag/7" && flag.id == nil && flag.recordKey == "urn:uuid:b")
    }

    @Test func readsLinesOfResourcesAndBundles() throws {
        let file = try BundleFile.parse(
            """

            {"resourceType":"Patient","id":"1"}\r
            {"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Patient","id":"2"}}]}

            {"resourceType":"Flag","id":"3"}
            """)
        #expect(file.form == .lines)
        #expect(file.entries.map(\.id) == ["1", "2", "3"])
        #expect(file.entries.map(\.group) == [0, 1, 0])
        #expect(
            file.entries.map { String(decoding: file.resource($0), as: UTF8.self) }.allSatisfy { $0.hasSuffix("}") })
    }

    @Test func readsOneResourceHoweverItIsPrinted() throws {
        #expect(try BundleFile.parse("{\"resourceType\":\"Patient\"}\n\n").form == .resource)
        let pretty = try BundleFile.parse("{\n \"resourceType\":\n\"Patient\"\n}")
        #expect(pretty.form == .resource && pretty.entries.count == 1)
        #expect(try BundleFile.parse("{\"resourceType\":\"Bundle\",\"type\":\"batch\"}").entries.isEmpty)
    }

    @Test(arguments: [
        ("history", "former versions"), ("document", "kept whole"), ("message", "kept whole"),
        ("transaction-response", "a server's answer"), ("batch-response", "a server's answer"), ("nonsense", "unknown"),
    ])
    func refusesOtherBundleTypes(_ type: String, _ reason: String) throws {
        let error = try #require(throws: BundleError.self) {
            try BundleFile.parse("{\"resourceType\":\"Bundle\",\"type\":\"\(type)\",\"entry\":[]}")
        }
        #expect(error.description.contains(reason))
        #expect(!error.description.contains("nonsense"))
    }

    @Test(arguments: [
        ("{\"request\":{\"method\":\"POST\"}}", EntryProblem.missingResource),
        ("7", .missingResource),
        ("{\"resource\":7,\"request\":{\"method\":\"POST\"}}", .notAResource),
        ("{\"resource\":{\"resourceType\":\"a b\"},\"request\":{\"method\":\"POST\"}}", .notAResource),
        ("{\"resource\":{\"resourceType\":\"patient\"},\"request\":{\"method\":\"POST\"}}", .notAResource),
        ("{\"resource\":{\"resourceType\":\"Flag\",\"id\":\"a/b\"},\"request\":{\"method\":\"POST\"}}", .malformedID),
        ("{\"resource\":{\"resourceType\":\"Flag\",\"id\":7},\"request\":{\"method\":\"POST\"}}", .malformedID),
        ("{\"resource\":{\"resourceType\":\"Flag\",\"id\":\"\"},\"request\":{\"method\":\"POST\"}}", .malformedID),
        ("{\"fullUrl\":1,\"resource\":{\"resourceType\":\"Flag\"},\"request\":{\"method\":\"POST\"}}", .malformedEntry),
        ("{\"resource\":{\"resourceType\":\"Flag\"}}", .missingMethod),
        ("{\"resource\":{\"resourceType\":\"Flag\"},\"request\":{\"method\":\"DELETE\"}}", .unsupportedMethod),
        ("{\"resource\":{\"resourceType\":\"Bundle\"},\"request\":{\"method\":\"POST\"}}", .nestedBundle),
        (
            "{\"fullUrl\":\"u:1\",\"resource\":{\"resourceType\":\"Flag\"},\"request\":{\"method\":\"POST\"}}",
            .duplicateFullURL
        ),
    ])
    func namesTheEntryAndItsProblem(_ entry: String, _ problem: EntryProblem) throws {
        let good = "{\"fullUrl\":\"u:1\",\"resource\":{\"resourceType\":\"Flag\"},\"request\":{\"method\":\"POST\"}}"
        let text = "{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":[\(good),\(entry)]}"
        #expect(throws: BundleError.entry(2, problem)) { try BundleFile.parse(text) }
    }

    @Test func limitsHold() {
        let flag = "{\"resourceType\":\"Flag\"}"
        let limits = BundleLimits(fileBytes: 100, resourceBytes: 30, depth: 4, entries: 2)
        func error(_ text: String) -> BundleError? {
            do throws(BundleError) {
                _ = try BundleFile.parse(Array(text.utf8), limits: limits)
                return nil
            } catch { return error }
        }
        #expect(error("\(flag)\n\(flag)") == nil)
        #expect(error("\(flag)\n\(flag)\n\(flag)") == .tooManyEntries(limit: 2))
        #expect(error(String(repeating: " ", count: 101)) == .fileTooLarge(limit: 100))
        #expect(error("{\"resourceType\":\"Flag\",\"id\":\"123\"}") == .entry(1, .tooLarge(limit: 30)))
        #expect(error("{\"a\":[[[[1]]]]}")?.description.contains("nested deeper than 4") == true)
    }

    @Test(arguments: [
        "", " \n\r\n\t", "[]", "7", "{}", "{\"resourceType\":7}", "{\"resourceType\":\"Bundle\"}", "{\"a\":1}\n{",
    ])
    func refusesWhatIsNoFile(_ text: String) {
        #expect(throws: BundleError.self) { try BundleFile.parse(text) }
    }

    @Test func errorsQuoteNothing() throws {
        let error = try #require(throws: BundleError.self) {
            try BundleFile.parse("{\"resourceType\":\"Patient\",\"Dubois\":1,\"Dubois\":2}")
        }
        #expect(error.description == "malformed JSON: duplicate name at line 1, column 38 (byte 37)")
    }
}
