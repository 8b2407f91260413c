// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Web

@Suite("Assets")
struct AssetTests {
    @Test("each is there, named by its content and found by that name", arguments: Asset.all)
    func named(asset: Asset) throws {
        #expect(!asset.bytes.isEmpty)
        #expect(asset.hash.utf8.count == 16)
        #expect(asset.path == "/assets/\(asset.hashedName)")
        #expect(asset.hashedName.contains("-\(asset.hash)."))
        let found = try #require(Asset.named(asset.hashedName))
        #expect(found.bytes == asset.bytes)
        #expect(Asset.named(asset.name) == nil)
    }

    @Test("all embedded files are listed")
    func complete() {
        #expect(Asset.embeddedCount == Asset.all.count)
    }

    @Test("FNV-1a gives the published values", arguments: [("", "cbf29ce484222325"), ("foobar", "85944171f73967e8")])
    func hash(text: String, expected: String) {
        #expect(fnv1a(Array(text.utf8)) == expected)
    }

    @Test("frames refer to the assets that there are")
    func referred() {
        let page = Sample.page()
        for asset in Asset.all { #expect(page.contains(asset.path)) }
    }

    @Test("the stylesheet has its layers in order and asks nobody else for anything")
    func stylesheet() {
        let css = String(decoding: Asset.stylesheet.bytes, as: UTF8.self)
        #expect(css.contains("@layer reset, tokens, base, components, pages, print;"))
        #expect(!css.contains("url("))
        #expect(!css.contains("@import"))
    }

    @Test("scripts write no markup", arguments: [Asset.copyScript, Asset.tableScript, Asset.paletteScript])
    func scripts(asset: Asset) {
        let text = String(decoding: asset.bytes, as: UTF8.self)
        for forbidden in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("] {
            #expect(!text.contains(forbidden))
        }
    }
}
