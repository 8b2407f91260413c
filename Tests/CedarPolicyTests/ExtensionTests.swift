// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Testing

/// The extension types: what they read, and what their functions give.
@Suite struct ExtensionTests {
    @Test(
        arguments: [
            ("-0.5", -5_000), ("1.0", 10_000), ("00.0001", 1), ("922337203685477.5807", Int64.max),
            ("-922337203685477.5808", Int64.min),
        ] as [(String, Int64)])
    func decimalsAreTenThousandths(text: String, value: Int64) {
        #expect(Decimal(Text(text))?.tenThousandths == value)
    }

    @Test(arguments: [
        "", ".", "1", "1.", ".1", "1.12345", "+1.0", "1.0.0", "-.5", "1_0.0", "922337203685477.5808", " 1.0", "١.٠",
    ])
    func whatIsNoDecimalIsRefused(text: String) {
        #expect(Decimal(Text(text)) == nil)
    }

    @Test(arguments: [
        "127.0.0.1", "0.0.0.0/0", "255.255.255.255/32", "::", "::1", "1::", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::/128",
        "ABCD::ef/0",
    ])
    func addressesAreRead(text: String) {
        #expect(IPAddress(Text(text)) != nil)
    }

    @Test(arguments: [
        "", "1.2.3", "1.2.3.4.5", "256.0.0.1", "01.2.3.4", "1.2.3.4/33", "1.2.3.4/", "1.2.3.4/01", "1.2.3.4/1/2", ":::",
        "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "::1::", "1:2:3:4::5:6:7:8", "12345::", "::g", "::/129", "::1.2.3.4", ":",
        "+1.2.3.4", "::+1",
    ])
    func whatIsNoAddressIsRefused(text: String) {
        #expect(IPAddress(Text(text)) == nil)
    }

    @Test(
        arguments: [
            ("1970-01-01", 0), ("1969-12-31", -86_400_000), ("2024-02-29T12:34:56.789Z", 1_709_210_096_789),
            ("0000-01-01", -62_167_219_200_000), ("1970-01-01T01:00:00+0100", 0),
            ("1970-01-01T00:00:00-2359", 86_340_000),
            ("9999-12-31T23:59:59Z", 253_402_300_799_000), ("1900-03-01", -2_203_891_200_000),
        ] as [(String, Int64)])
    func momentsAreMilliseconds(text: String, value: Int64) {
        #expect(Datetime(Text(text))?.milliseconds == value)
    }

    @Test(arguments: [
        "", "1970", "1970-1-01", "1970-13-01", "1900-02-29", "1970-01-01T", "1970-01-01T00:00:00",
        "1970-01-01T24:00:00Z",
        "1970-01-01T00:60:00Z", "1970-01-01T00:00:60Z", "1970-01-01T00:00:00.1Z", "1970-01-01T00:00:00+2400",
        "1970-01-01T00:00:00+0060", "1970-01-01T00:00:00ZZ", "1970-01-01t00:00:00Z", "+970-01-01",
    ])
    func whatIsNoMomentIsRefused(text: String) {
        #expect(Datetime(Text(text)) == nil)
    }

    @Test(
        arguments: [
            ("1d2h3m4s5ms", 93_784_005), ("-1d", -86_400_000), ("0ms", 0), ("5m", 300_000), ("5ms", 5), ("-0d", 0),
            ("9223372036854775807ms", Int64.max), ("-9223372036854775808ms", Int64.min),
        ] as [(String, Int64)])
    func durationsAreMilliseconds(text: String, value: Int64) {
        #expect(Milliseconds(Text(text))?.count == value)
    }

    @Test(arguments: [
        "", "-", "d", "1", "1x", "1ms1s", "1d1d", "1d ", "--1d", "+1d", "9223372036854775808ms", "106751991168d", "1D",
        "1.5d", "106751991167d9223372036854775807ms",
    ])
    func whatIsNoDurationIsRefused(text: String) {
        #expect(Milliseconds(Text(text)) == nil)
    }

    @Test(arguments: [
        "decimal(\"1.0\") == decimal(\"1.00\")", "decimal(\"1.0\").lessThan(decimal(\"1.1\"))",
        "decimal(\"1.0\").greaterThanOrEqual(decimal(\"1.0\"))", "ip(\"10.1.2.3\").isInRange(ip(\"10.0.0.0/8\"))",
        "!ip(\"10.0.0.0/7\").isInRange(ip(\"10.0.0.0/8\"))", "!ip(\"::1\").isInRange(ip(\"0.0.0.0/0\"))",
        "ip(\"127.9.9.9\").isLoopback() && ip(\"::1\").isLoopback() && !ip(\"::/0\").isLoopback()",
        "ip(\"239.0.0.1\").isMulticast() && ip(\"ff02::1\").isMulticast() && ip(\"ff00::\").isIpv6()",
        "ip(\"::/0\").isInRange(ip(\"::/0\"))", "ip(\"1.2.3.4/24\") != ip(\"1.2.3.0/24\")",
        "datetime(\"1969-12-31T23:00:00Z\").toTime() == duration(\"23h\")",
        "datetime(\"1969-12-31T23:00:00Z\").toDate() == datetime(\"1969-12-31\")",
        "datetime(\"2024-01-02\").durationSince(datetime(\"2024-01-01\")).toHours() == 24",
        "datetime(\"2024-01-01\") < datetime(\"2024-01-01\").offset(duration(\"1ms\"))",
        "duration(\"-90s\").toMinutes() == -1",
        "duration(\"1d\").toDays() == 1 && duration(\"1s\") <= duration(\"1000ms\")",
    ])
    func isTrue(text: String) throws {
        #expect(try Ward.evaluate(text) == .bool(true), "\(text)")
    }

    @Test func resultsThatDoNotFitAreErrors() {
        let last = Datetime(milliseconds: .max)
        #expect(last.offset(by: Milliseconds(count: 1)) == nil)
        #expect(last.since(Datetime(milliseconds: -1)) == nil)
        #expect(Datetime(milliseconds: .min).day == nil)
    }
}
