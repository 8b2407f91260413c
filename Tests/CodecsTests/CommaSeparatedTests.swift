// SPDX-License-Identifier: Apache-2.0

import Codecs
import Testing

struct CommaSeparatedTests {
    @Test func fieldsAreQuotedAndNoFormulaIsLeft() {
        let bytes = CommaSeparated.document(
            ["name", "note"], [["Ada \"the first\", MD", "=cmd()"], ["", "-1"], ["a\r\nb", "@x"]])
        #expect(
            String(decoding: bytes, as: UTF8.self) == """
                "name","note"\r\n"Ada ""the first"", MD","'=cmd()"\r\n"","'-1"\r\n"a\r\nb","'@x"\r\n
                """)
    }
}
