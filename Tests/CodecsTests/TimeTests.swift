// SPDX-License-Identifier: Apache-2.0

import Codecs
import Testing

@Suite("RFC 3339")
struct RFC3339Tests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("1969-12-31T23:59:59.999999Z", -1), ("2000-02-29T12:34:56Z", 951_827_696_000_000),
        ("1985-04-12T23:20:50.52Z", 482_196_050_520_000), ("1996-12-19T16:39:57-08:00", 851_042_397_000_000),
        ("1937-01-01T12:00:27.87+00:20", -1_041_337_172_130_000), ("2015-02-07t13:28:17.239z", 1_423_315_697_239_000),
        ("1970-01-01T00:00:00.123456789Z", 123_456), ("1970-01-01T00:00:00.0000009Z", 0),
        ("0000-01-01T00:00:00Z", -62_167_219_200_000_000), ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999),
        ("1970-01-01T23:59:00+23:59", 0), ("1970-01-01T00:00:00-00:00", 0),
    ])
    func reads(_ text: String, _ microseconds: Int64) throws {
        #expect(try RFC3339.parse(text) == microseconds)
    }

    @Test(arguments: [
        "", "1970-01-01", "1970-01-01T00:00:00", "1970-01-01 00:00:00Z", "1970-1-01T00:00:00Z", "1970-01-01T00:00Z",
        "1970-01-01T00:00:00.Z", "1970-01-01T00:00:00.1234567890Z", "1970-01-01T00:00:00,5Z", "1970-01-01T00:00:00+01",
        "1970-01-01T00:00:00+0100", "1970-01-01T00:00:00ZZ", "+1970-01-01T00:00:00Z", "19700101T000000Z",
        "1970-01-01T00:00:00 Z", "１970-01-01T00:00:00Z", "-970-01-01T00:00:00Z",
    ])
    func refusesOtherForms(_ text: String) {
        #expect(throws: RFC3339.Failure.malformed) { try RFC3339.parse(text) }
    }

    @Test(arguments: [
        "1970-00-01T00:00:00Z", "1970-13-01T00:00:00Z", "1970-01-00T00:00:00Z", "1970-01-32T00:00:00Z",
        "1900-02-29T00:00:00Z", "1970-01-01T24:00:00Z", "1970-01-01T00:60:00Z", "1970-01-01T00:00:61Z",
        "1970-01-01T00:00:00+24:00", "1970-01-01T00:00:00+00:60", "2023-04-31T00:00:00Z",
    ])
    func refusesWhatDoesNotExist(_ text: String) {
        #expect(throws: RFC3339.Failure.outOfRange) { try RFC3339.parse(text) }
    }

    @Test func refusesLeapSeconds() {
        #expect(throws: RFC3339.Failure.leapSecond) { try RFC3339.parse("1990-12-31T23:59:60Z") }
    }

    @Test func writes() {
        #expect(RFC3339.format(0) == "1970-01-01T00:00:00.000000Z")
        #expect(RFC3339.format(-1) == "1969-12-31T23:59:59.999999Z")
        #expect(RFC3339.format(1_423_315_697_239_000, fraction: .milliseconds) == "2015-02-07T13:28:17.239Z")
        #expect(RFC3339.format(951_827_696_999_999, fraction: .none) == "2000-02-29T12:34:56Z")
        #expect(RFC3339.format(.max) == "+294247-01-10T04:00:54.775807Z")
        #expect(RFC3339.format(.min) == "-290308-12-21T19:59:05.224192Z")
    }

    @Test func everyDayOfFourCenturiesComesBack() throws {
        for day in -150_000...150_000 {
            let time = Int64(day) * 86_400_000_000
            let text = RFC3339.format(time, fraction: .none)
            if try RFC3339.parse(text) != time { Issue.record("day \(day)") }
        }
        #expect(RFC3339.format(-150_000 * 86_400_000_000, fraction: .none) == "1559-04-26T00:00:00Z")
    }
}

@Suite("Partial dates")
struct PartialDateTests {
    @Test func keepsWhatIsKnown() throws {
        let year = try #require(PartialDate("1980"))
        #expect((year.year, year.month, year.day, year.text) == (1980, nil, nil, "1980"))
        let month = try #require(PartialDate("1980-02"))
        #expect((month.month, month.day) == (2, nil))
        #expect(month.lastDay - month.firstDay == 28)
        let day = try #require(PartialDate("1970-01-02"))
        #expect((day.firstDay, day.lastDay) == (1, 1))
        #expect("\(day)" == "1970-01-02")
        #expect(year.lastDay - year.firstDay == 365)
    }

    @Test(arguments: [
        "", "80", "0000", "1980-", "1980-5", "1980-13", "1980-00", "1980-02-30", "1980-05-31T00:00:00Z", "19800531",
        "1980-05-3",
        " 1980", "1980\n", "1981-02-29",
    ])
    func refuses(_ text: String) {
        #expect(PartialDate(text) == nil)
    }

    @Test func age() throws {
        let birth = try #require(PartialDate("1980-05-31"))
        #expect(birth.age(on: try #require(PartialDate("2020-05-30"))) == 39)
        #expect(birth.age(on: try #require(PartialDate("2020-05-31"))) == 40)
        #expect(birth.age(on: try #require(PartialDate("1980-05-30"))) == nil)
    }
}
