// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Backup

/// The examples that Amazon publishes ("Signature Calculations for the Authorization Header", and the test suite of
/// Signature Version 4).
struct AWSSignatureTests {
    private let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    private let date = "20130524T000000Z"
    private let host = ("host", "examplebucket.s3.amazonaws.com")
    private let signature = AWSSignature(
        credentials: S3Credentials(keyID: "AKIAIOSFODNN7EXAMPLE", secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        region: "us-east-1")

    private func sign(_ request: AWSSignature.Request) -> Substring {
        signature.authorization(request, date: date).split(separator: "Signature=").last ?? ""
    }

    @Test
    func getOfAPart() {
        let request = AWSSignature.Request(
            method: "GET", path: "/test.txt",
            headers: [host, ("range", "bytes=0-9"), ("x-amz-content-sha256", nothing), ("x-amz-date", date)],
            bodyHash: nothing)
        #expect(
            signature.authorization(request, date: date)
                == "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
                + "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
                + "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")
    }

    @Test
    func put() {
        let hash = "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072"
        let request = AWSSignature.Request(
            method: "PUT", path: "/" + AWSSignature.escaped("test$file.text"),
            headers: [
                ("date", "Fri, 24 May 2013 00:00:00 GMT"), host, ("x-amz-content-sha256", hash), ("x-amz-date", date),
                ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
            ], bodyHash: hash)
        #expect(sign(request) == "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd")
    }

    @Test
    func listOfObjects() {
        let request = AWSSignature.Request(
            method: "GET", path: "/", query: [("max-keys", "2"), ("prefix", "J")],
            headers: [host, ("x-amz-content-sha256", nothing), ("x-amz-date", date)], bodyHash: nothing)
        #expect(sign(request) == "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7")
    }

    @Test
    func aQueryWithoutAValue() {
        let request = AWSSignature.Request(
            method: "GET", path: "/", query: [("lifecycle", "")],
            headers: [host, ("x-amz-content-sha256", nothing), ("x-amz-date", date)], bodyHash: nothing)
        #expect(sign(request) == "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543")
    }

    @Test
    func theSuiteOfTheSignature() {
        let signature = AWSSignature(
            credentials: S3Credentials(keyID: "AKIDEXAMPLE", secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            region: "us-east-1", service: "service")
        let date = "20150830T123600Z"
        let request = AWSSignature.Request(
            method: "GET", path: "/", headers: [("host", "example.amazonaws.com"), ("x-amz-date", date)],
            bodyHash: nothing)
        #expect(
            signature.authorization(request, date: date).hasSuffix(
                "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"))
    }

    @Test
    func secretsAreNotPrinted() {
        let credentials = S3Credentials(keyID: "id-of-key", secret: "secret-of-key", token: "token-of-key")
        var text = ""
        dump(credentials, to: &text)
        #expect(!"\(credentials)\(String(reflecting: credentials))\(text)".contains("of-key"))
    }
}
