// SPDX-License-Identifier: Apache-2.0

/// Texts that a strict reader takes (RFC 8259).
enum JSONCases {
    static let good: [String] = [
        "{}", "[]", "\"\"", "0", "-0", "1", "-1", "12", "1.0", "0.5", "-0.0", "1e1", "1E1", "1e+1", "1e-1", "0e0",
        "0E+0",
        "123456789012345678901234567890", "1.7976931348623157e309", "true", "false", "null",
        " 1 ", "\t1\r\n", "[ ]", "{ }", "[1,2]", "[ 1 , 2 ]", "[[]]", "[{}]", "{\"a\":1}", "{ \"a\" : 1 , \"b\" : 2 }",
        "{\"\":0}", "{\"a\":{\"a\":{\"a\":1}}}", "{\"a\":1,\"A\":2}", "[null,true,false,0,\"x\",[],{}]",
        "\"a\\\"b\"", "\"\\\\\"", "\"\\/\"", "\"\\b\\f\\n\\r\\t\"", "\"\\u0041\"", "\"\\u0000\"", "\"\\uD83D\\uDE00\"",
        "\"\\udbff\\udfff\"", "\"\\uFFFF\"", "\"é\"", "\"\u{10FFFF}\"", "\"😀\"",
        "\"\u{7F}\"", "\"\u{2028}\u{2029}\"",
        "\"\u{FEFF}\"", "{\"e\u{301}\":1,\"\u{e9}\":2}", "[\"/\",\"\\/\"]", "[1]\n\n",
    ]

    /// Texts that it refuses, with the reason that it must give as the beginning of its description.
    static let bad: [(text: String, reason: String)] = [
        ("", "the text ends"), (" ", "the text ends"), ("{", "the text ends"), ("[", "the text ends"),
        ("\"", "the text ends"), ("[1", "the text ends"), ("[1,", "the text ends"), ("{\"a\"", "the text ends"),
        ("{\"a\":", "the text ends"), ("{\"a\":1", "the text ends"), ("{\"a\":1,", "the text ends"),
        ("\"a", "the text ends"), ("\"\\", "the text ends"), ("t", "the text ends"), ("nul", "the text ends"),
        ("-", "the text ends"), ("1.", "the text ends"), ("1e", "the text ends"), ("1e+", "the text ends"),
        ("]", "a value"), ("}", "a value"), (",", "a value"), (":", "a value"), ("[,]", "a value"), ("[1,]", "a value"),
        ("[1,,2]", "a value"), ("{\"a\":}", "a value"), ("{\"a\":,}", "a value"), ("'a'", "a value"), ("a", "a value"),
        ("NaN", "a value"), ("Infinity", "a value"), ("+1", "a value"), (".5", "a value"), ("True", "a value"),
        ("nil!", "a value"), ("tru]", "a value"), ("/*x*/1", "a value"), ("//x\n1", "a value"),
        ("\u{FEFF}1", "a value"),
        ("\u{A0}1", "a value"), ("\u{0B}1", "a value"), ("\u{0C}1", "a value"), ("<a/>", "a value"),
        ("{a:1}", "a member name"), ("{1:1}", "a member name"), ("{'a':1}", "a member name"), ("{,}", "a member name"),
        ("{\"a\":1,}", "a member name"), ("{null:1}", "a member name"), ("{[]:1}", "a member name"),
        ("{\"a\" 1}", "a colon"), ("{\"a\"}", "a colon"), ("{\"a\",1}", "a colon"), ("{\"a\"=1}", "a colon"),
        ("[1 2]", "a comma"), ("[1}", "a comma"), ("{\"a\":1]", "a comma"), ("{\"a\":1 \"b\":2}", "a comma"),
        ("[1:2]", "a comma"), ("[\"a\" \"b\"]", "a comma"), ("[1;2]", "a comma"), ("[0x1]", "a comma"),
        ("[1_0]", "a comma"),
        ("01", "malformed number"), ("-01", "malformed number"), ("00", "malformed number"), ("-a", "malformed number"),
        ("1.a", "malformed number"), ("1.e1", "malformed number"), ("1eE", "malformed number"),
        ("--1", "malformed number"),
        ("-.5", "malformed number"), ("-Infinity", "malformed number"), ("1e+-1", "malformed number"),
        ("\"\\a\"", "malformed escape"), ("\"\\x41\"", "malformed escape"), ("\"\\u12\"", "malformed escape"),
        ("\"\\u12G4\"", "malformed escape"), ("\"\\U0041\"", "malformed escape"), ("\"\\'\"", "malformed escape"),
        ("\"\\u 041\"", "malformed escape"), ("\"\\0\"", "malformed escape"),
        ("\"\\uD800\"", "lone surrogate"), ("\"\\uDC00\"", "lone surrogate"), ("\"\\uD800x\"", "lone surrogate"),
        ("\"\\uD800\\n\"", "lone surrogate"), ("\"\\uD800\\u0041\"", "lone surrogate"),
        ("\"\\uD800\\uD800\"", "lone surrogate"), ("\"\\uDE00\\uD83D\"", "lone surrogate"),
        ("\"a\nb\"", "unescaped control"), ("\"\t\"", "unescaped control"), ("\"\u{0}\"", "unescaped control"),
        ("\"\u{1F}\"", "unescaped control"), ("{\"a\r\":1}", "unescaped control"),
        ("{\"a\":1,\"a\":1}", "duplicate name"), ("{\"a\":1,\"\\u0061\":2}", "duplicate name"),
        ("{\"\":1,\"\":2}", "duplicate name"), ("{\"/\":1,\"\\/\":2}", "duplicate name"),
        ("[{\"x\":{\"b\":0,\"c\":0,\"b\":0}}]", "duplicate name"),
        ("{\"😀\":1,\"\\uD83D\\uDE00\":2}", "duplicate name"),
        ("1 2", "bytes after"), ("{}{}", "bytes after"), ("[]]", "bytes after"), ("true false", "bytes after"),
        ("\"a\"\"b\"", "bytes after"), ("1,", "bytes after"), ("{}x", "bytes after"), ("1\u{0}", "bytes after"),
        ("nulll", "bytes after"), ("[] // end", "bytes after"),
    ]

    /// Strings' contents that are not UTF-8.
    static let invalidUTF8: [[UInt8]] = [
        [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xC3, 0x28], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF],
        [0xE2, 0x82], [0xE2, 0x28, 0xA1], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80],
        [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x9F, 0x98], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFE],
        [0xFF],
        [0xF8, 0x88, 0x80, 0x80, 0x80],
    ]
}
