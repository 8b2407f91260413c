// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Backup

struct PlaceAddressTests {
    @Test
    func foldersStayWhatTheyAre() throws {
        for (text, path) in [("/a/b", "/a/b"), ("local:/a", "/a"), ("a:b", "a:b"), ("rest", "rest"), ("s3", "s3")] {
            guard case .folder(path) = try PlaceAddress(text) else {
                Issue.record("\(text)")
                continue
            }
        }
    }

    @Test
    func addressesOfRestServersHoldCredentials() throws {
        guard case .rest(let address) = try PlaceAddress("rest:https://a%40b:p%2Fw@host:8000/x/y%20z//") else {
            Issue.record("no rest")
            return
        }
        #expect(address.text == "https://host:8000/x/y%20z")
        #expect(address.credentials?.user == "a@b" && address.credentials?.password == "p/w")
        let place = RestPlace(address, nil, HTTPExchange())
        #expect(place.name == "rest:https://host:8000/x/y%20z/")
        #expect(!"\(place)\(String(reflecting: address))".contains("p/w"))
    }

    @Test(arguments: ["http://host", "http://host/", "http://host:80/"])
    func theRootOfAServerIsAPlace(text: String) throws {
        #expect(WebAddress(text)?.text == "http://host")
    }

    @Test(arguments: [
        ("sftp:user@host:/a/b/", "user", "host", nil, "/a/b"), ("sftp:host:a", nil, "host", nil, "a"),
        ("sftp:a@b@host:/a", "a@b", "host", nil, "/a"), ("sftp://user@host//a/b", "user", "host", nil, "/a/b"),
        ("sftp://host:2222/a", nil, "host", 2_222, "a"), ("sftp://[::1]:22//a%20b", nil, "::1", 22, "/a b"),
        ("sftp:host:/", nil, "host", nil, "/"),
    ])
    func addressesOfSFTPAreThoseOfRestic(
        text: String, user: String?, host: String, port: Int?, path: String
    ) throws {
        guard case .sftp(let address) = try PlaceAddress(text) else {
            Issue.record("no sftp")
            return
        }
        #expect(address.user == user && address.host == host && address.port == port && address.path == path)
    }

    @Test
    func theNameOfAMachineIsNoOptionOfSSH() throws {
        let address = try SFTPAddress("//me@host:22//a")
        #expect(address.command(["-v"]) == ["ssh", "-p", "22", "-l", "me", "-v", "-s", "--", "host", "sftp"])
        #expect(throws: PlaceAddressError.noSFTPAddress) { try SFTPAddress("-oProxyCommand=x:/a") }
    }

    @Test(arguments: [
        ("s3:https://host:9000/bucket/a/b/", "https://host:9000", "bucket", "a/b"),
        ("s3:host/bucket", "https://host", "bucket", ""), ("s3://host/bucket/a", "https://host", "bucket", "a"),
        ("s3:http://host/bucket", "http://host", "bucket", ""),
        ("s3:https://host/bucket/a%20b", "https://host", "bucket", "a b"),
        ("s3:host/bucket/a%20b", "https://host", "bucket", "a%20b"),
    ])
    func addressesOfBucketsAreThoseOfRestic(text: String, server: String, bucket: String, prefix: String) throws {
        guard case .s3(let address) = try PlaceAddress(text) else {
            Issue.record("no s3")
            return
        }
        #expect(address.server.text == server && address.bucket == bucket && address.prefix == prefix)
    }

    @Test(arguments: [
        "rest:", "rest:host/path", "rest:ftp://host/", "rest:http://host/?a=b", "rest:http:///path", "sftp:host",
        "sftp:host:", "sftp::/a", "sftp://host", "sftp://u:p@host/a", "sftp:host:~/a", "sftp:ho st:/a", "sftp:-a@-b:/a",
        "s3:host", "s3:", "s3:https://host/", "s3:host/bu cket", "s3:host/b/../c", "b2:bucket", "azure:x", "gs:x",
        "swift:x", "rclone:x",
    ])
    func whatIsNoAddressIsRefused(text: String) {
        #expect(throws: PlaceAddressError.self) { try PlaceAddress(text) }
    }

    @Test(arguments: [
        ("a b", ["a", "b"]), ("a  'b c' \"d \\\" e\"", ["a", "b c", "d \" e"]), ("a\\ b", ["a b"]), ("a''", ["a"]),
        ("''", [""]), ("'", nil), ("\"a", nil), ("a\\", nil), ("", nil), ("  ", nil),
    ])
    func commandsAreTakenApart(text: String, words: [String]?) {
        #expect(ShellWords.split(text) == words)
    }

    @Test
    func theBucketIsPartOfTheNameAtAmazonOnly() throws {
        #expect(try S3Address("s3.eu-central-1.amazonaws.com/b").region == "eu-central-1")
        #expect(try S3Address("s3.amazonaws.com/b").region == nil)
        #expect(try S3Address("s3.amazonaws.com/b").wantsNamedBucket)
        #expect(try !S3Address("s3.amazonaws.com/b.c").wantsNamedBucket)
        #expect(try !S3Address("minio.example/b").wantsNamedBucket)
    }
}
