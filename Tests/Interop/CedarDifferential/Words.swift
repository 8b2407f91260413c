// SPDX-License-Identifier: Apache-2.0

/// What names and values are drawn from: few, so that they meet, and some of them odd.
enum Words {
    static let types = ["User", "Group", "Record", "Ward", "Place"]
    static let namespaces = ["", "", "Clinic", "Clinic::West"]
    /// The letter e with an acute in one scalar and in two, reserved words, a space, and nothing at all.
    static let attributes = [
        "age", "owner", "tags", "level", "when", "is", "caf\u{E9}", "cafe\u{301}", "two words", "", "a\"b", "principal",
    ]
    static let actions = ["read", "write", "share", "delete \u{1F512}", "all", "caf\u{E9}"]
    static let tags = ["site", "caf\u{E9}", "cafe\u{301}", ""]
    static let strings = [
        "", "a", "ab", "b", "*", "a*b", "caf\u{E9}", "cafe\u{301}", "\u{212A}", "K",
        "\u{1F469}\u{200D}\u{2695}\u{FE0F}",
        "\u{10FFFF}", "\u{0}", "\n", "\r\n", "\"\\", "\u{FEFF}", "\u{AC00}", "\u{1100}\u{1161}", "\u{202E}x", "aaab",
        "'",
    ]
    static let integers: [Int64] = [
        0, 1, -1, 2, 3, 7, 60, 1_000, -1_000, .max, .min, .max - 1, .min + 1, 3_037_000_500, 4_294_967_296,
    ]
    static let decimals = [
        "0.0", "1.0", "1.00", "-1.0", "0.0001", "-0.0", "12.34", "922337203685477.5807", "-922337203685477.5808",
    ]
    static let badDecimals = ["1", "1.", ".5", "1.00000", "922337203685477.5808", "+1.0", "1.0 ", "\u{661}.0", "--1.0"]
    static let addresses = [
        "127.0.0.1", "127.0.0.1/8", "10.0.0.0/8", "10.1.2.3", "10.1.2.3/24", "::1", "::", "::/0", "0.0.0.0/0",
        "224.0.0.1",
        "ff00::/8", "ff02::1", "2001:db8::/32", "2001:DB8::1", "1:2:3:4:5:6:7:8", "255.255.255.255/32", "::1/128",
    ]
    static let badAddresses = [
        "1.2.3", "1.2.3.4/33", "01.2.3.4", "1.2.3.4/08", "::1/129", "::ffff:1.2.3.4", "1:2:3:4:5:6:7:8::", "",
        "fe80::1%eth0",
        "1.2.3.4/", ":::", "12345::",
    ]
    static let datetimes = [
        "1970-01-01", "2024-02-29", "2024-02-29T23:59:59Z", "1969-12-31T23:59:59.999Z", "0000-01-01",
        "9999-12-31T23:59:59.999Z",
        "2024-06-01T12:00:00+0530", "2024-06-01T12:00:00.001-2359", "1900-03-01",
    ]
    static let badDatetimes = [
        "2023-02-29", "1900-02-29", "2024-13-01", "2024-01-01T24:00:00Z", "2024-01-01T00:00:60Z", "2024-01-01T00:00:00",
        "2024-01-01T00:00:00.1Z", "2024-01-01T00:00:00+2400", "24-01-01", "2024-01-01t00:00:00z", "2024-1-1", "",
    ]
    static let durations = [
        "0ms", "1ms", "1s", "1m", "1h", "1d", "-1d", "1d2h3m4s5ms", "9223372036854775807ms", "-9223372036854775808ms",
        "86400000ms", "106751991167d", "36h",
    ]
    static let badDurations = [
        "", "1", "d", "1s1m", "1ms1ms", "9223372036854775808ms", "106751991168d", "1.5s", "+1s", "- 1s", "-",
    ]
    /// Patterns as they are written in a policy.
    static let patterns = [
        "", "*", "a*", "*b", "a*b", "**", "\\*", "*\\**", "caf\u{E9}*", "*\u{301}", "caf*", "*aab", "*a*a*b*",
        "\\u{212A}", "?*",
        "\\0", "*\\n", "*\u{200D}*",
    ]
}
