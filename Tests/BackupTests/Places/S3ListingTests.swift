// SPDX-License-Identifier: Apache-2.0

import ResticFormat
import Testing

@testable import Backup

struct S3ListingTests {
    private static let page = """
        <?xml version="1.0" encoding="UTF-8"?>
        <!-- a remark -->
        <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name><Prefix>a/</Prefix>
        <IsTruncated>true</IsTruncated><NextContinuationToken>1+/=</NextContinuationToken>
        <Contents><Key>a/x&amp;y&#65;&#x1F600;</Key><Size>12</Size><Owner><ID>o</ID></Owner><ETag/></Contents>
        <Contents a="x>y"><Size>0</Size><Key>a/z</Key></Contents>
        </ListBucketResult>
        """

    @Test
    func aPageIsRead() throws {
        let listing = try S3Listing.read(Array(Self.page.utf8))
        #expect(listing.entries.map { String(decoding: $0.key, as: UTF8.self) } == ["a/x&yA😀", "a/z"])
        #expect(listing.entries.map(\.length) == [12, 0])
        #expect(listing.next == "1+/=")
    }

    @Test
    func anEmptyListIsAList() throws {
        for text in ["<ListBucketResult/>", "<ListBucketResult></ListBucketResult>\n"] {
            #expect(try S3Listing.read(Array(text.utf8)) == S3Listing())
        }
    }

    @Test(arguments: [
        "", "text", "<a>", "<a></b>", "<a/><b/>", "<!DOCTYPE a><a/>", "<a><![CDATA[x]]></a>", "<a>&x;</a>",
        "<a>&#xD800;</a>",
        "<a>&amp</a>", "</a>", "<>", "<a", "<a b='>", "<Error><Code>x</Code></Error>", "<a/>x",
        "<ListBucketResult><Contents><Key>a</Key></Contents></ListBucketResult>",
        "<ListBucketResult><Contents><Key>a</Key><Size>-1</Size></Contents></ListBucketResult>",
        "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>",
        String(repeating: "<a>", count: 17) + String(repeating: "</a>", count: 17),
        "<ListBucketResult><Contents><\u{212A}ey>a</\u{212A}ey><Size>1</Size></Contents></ListBucketResult>",
    ])
    func whatIsNoListIsRefused(text: String) {
        #expect(throws: PlaceError.self) { try S3Listing.read(Array(text.utf8)) }
    }

    @Test
    func everyCutAndAnyBytesAreReadOrRefused() {
        let page = Array(Self.page.utf8)
        for end in 0..<page.count - 1 {
            #expect(throws: PlaceError.self) { try S3Listing.read(Array(page[..<end])) }
        }
        for _ in 0..<10_000 {
            var bytes = page
            for _ in 0..<3 {
                bytes[Int.random(in: 0..<bytes.count)] =
                    [0x3C, 0x3E, 0x26, 0x2F, .random(in: 0...255)].randomElement() ?? 0
            }
            _ = try? S3Listing.read(bytes)
        }
    }

    @Test
    func errorsHaveACode() {
        #expect(
            S3Listing.errorCode(Array("<Error><Code>SlowDown</Code><Message>x</Message></Error>".utf8)) == "SlowDown")
        #expect(S3Listing.errorCode(Array("<Error><Code>\u{1B}[2J</Code></Error>".utf8)) == nil)
        #expect(S3Listing.errorCode([]) == nil)
    }

    @Test
    func listsOfRestServersHaveTwoForms() throws {
        let id = String(repeating: "ab", count: 32)
        let first = try RestListing.read(Array(#"["\#(id)","stray"]"#.utf8))
        #expect(first.map(\.length) == [nil] && first.first?.id.hex == id)
        let second = try RestListing.read(
            Array(#"[{"name":"\#(id)","size":7,"more":1},{"name":"stray","size":1}]"#.utf8))
        #expect(second.map(\.length) == [7])
        #expect(try RestListing.read(Array("null".utf8)).isEmpty)
        for text in [
            "", "{}", "7", "[7]", #"[{"size":1}]"#, #"[{"name":"\#(id)"}]"#, #"[{"name":"\#(id)","size":-1}]"#,
        ] {
            #expect(throws: PlaceError.self, "\(text)") { try RestListing.read(Array(text.utf8)) }
        }
    }
}
