// SPDX-License-Identifier: Apache-2.0

/// A measured value that treatment brings from one level to another within about half a year.
struct Trend {
    /// The level before treatment, in units of the measure.
    let untreated: Int
    /// The level that treatment reaches in the end.
    let treated: Int
    /// The day treatment began; nil when nothing is treated.
    let treatmentDay: Int?

    /// A level that stays.
    init(steady level: Int) {
        self.init(untreated: level, treated: level, treatmentDay: nil)
    }

    init(untreated: Int, treated: Int, treatmentDay: Int?) {
        (self.untreated, self.treated, self.treatmentDay) = (untreated, treated, treatmentDay)
    }

    /// The level on a day, without the day's variation.
    func level(on day: Int) -> Int {
        guard let treatmentDay, day > treatmentDay else { return untreated }
        return treated + (untreated - treated) * Trend.remainder(after: day - treatmentDay) / 1000
    }

    /// What is left of the untreated difference after some days, in per mille.
    private static func remainder(after days: Int) -> Int {
        let month = days / 30
        guard month + 1 < monthly.count else { return 0 }
        return monthly[month] - (monthly[month] - monthly[month + 1]) * (days % 30) / 30
    }

    private static let monthly = [1000, 700, 450, 280, 170, 100, 60, 30, 15, 0]
}
