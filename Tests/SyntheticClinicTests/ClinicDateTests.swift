// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SyntheticClinic

@Suite struct ClinicDateTests {
    @Test(arguments: [
        (1970, 1, 1, 0), (2000, 2, 29, 11_016), (2026, 3, 7, 20_519), (1900, 3, 1, -25_508), (2100, 12, 31, 47_846),
    ])
    func dayNumbersAreThoseOfTheCalendar(year: Int, month: Int, day: Int, number: Int) throws {
        let date = try #require(ClinicDate(year: year, month: month, day: day))
        #expect(date.dayNumber == number)
        #expect(ClinicDate(dayNumber: number) == date)
    }

    @Test(arguments: [(2023, 2, 29), (1900, 2, 29), (2024, 13, 1), (2024, 4, 31), (2024, 0, 1), (Int.max, 1, 1)])
    func daysThatDoNotExistAreRefused(year: Int, month: Int, day: Int) {
        #expect(ClinicDate(year: year, month: month, day: day) == nil)
    }

    @Test func everyDayOfFourCenturiesComesBack() {
        for number in stride(from: -60_000, through: 90_000, by: 7) {
            #expect(ClinicDate(dayNumber: number).dayNumber == number)
        }
    }

    @Test func ageTurnsOnTheBirthday() throws {
        let birth = try #require(ClinicDate(year: 1980, month: 6, day: 15))
        let eve = try #require(ClinicDate(year: 2020, month: 6, day: 14))
        #expect(birth.age(on: eve.dayNumber) == 39)
        #expect(birth.age(on: eve.dayNumber + 1) == 40)
    }

    @Test func weekendsAreKnown() throws {
        let saturday = try #require(ClinicDate(year: 2026, month: 3, day: 7))
        #expect(!ClinicDate.isWorkingDay(saturday.dayNumber))
        #expect(ClinicDate.workingDay(from: saturday.dayNumber) == saturday.dayNumber + 2)
        #expect(saturday.description == "2026-03-07")
    }

    @Test(arguments: [2030, 2031, 2032, 2050])
    func aClinicCanBeLookedAtOnAnyDay(year: Int) throws {
        let today = try #require(ClinicDate(year: year, month: 2, day: 28))
        let clinic = SyntheticClinic(seed: 7, today: today)
        #expect(clinic.visits.joined().allSatisfy { $0.day < today.dayNumber })
        #expect(clinic.history.lazy.filter { $0.kind == .chartRead }.count > 500)
    }
}
