// SPDX-License-Identifier: Apache-2.0

/// Height and weight of somebody through the years.
///
/// Children follow the medians of common growth charts times a factor of their own; adults keep their height
/// and change weight by a few hundred grams a month at most.
struct Growth {
    let sex: Sex
    /// The day of birth, as a day number.
    let birth: Int
    /// Height and, in children, weight as percentages of the medians.
    let heightPercent: Int
    let weightPercent: Int
    /// Adults only: the weight on `start`, in grams, and its change in thirty days.
    let start: Int
    let startWeight: Int
    let monthlyChange: Int

    /// Body height in millimetres.
    func height(on day: Int) -> Int {
        median(Growth.heights(sex), on: day) * heightPercent / 100
    }

    /// Body weight in grams, without the day's variation.
    func weight(on day: Int) -> Int {
        guard isAdult(on: start) else { return median(Growth.weights(sex), on: day) * weightPercent }
        return startWeight + monthlyChange * (day - start) / 30
    }

    /// Body mass index in tenths of kg/m².
    func bodyMassIndex(weight: Int, on day: Int) -> Int {
        let height = height(on: day)
        return (weight * 10_000 + height * height / 2) / (height * height)
    }

    private func isAdult(on day: Int) -> Bool {
        day - birth >= 19 * 365
    }

    /// The table's value for the age on `day`, a straight line between birthdays.
    private func median(_ table: [Int], on day: Int) -> Int {
        let days = min(max(day - birth, 0), 18 * 365 - 1)
        let year = days / 365
        let rise = (table[year + 1] - table[year]) * (days % 365) / 365
        return table[year] + rise
    }

    // Millimetres, and below hundreds of grams, at each birthday from 0 to 18.
    private static func heights(_ sex: Sex) -> [Int] {
        switch sex {
        case .female:
            [
                491, 741, 861, 942, 1010, 1079, 1151, 1216, 1275, 1331, 1381, 1442, 1512, 1571, 1604, 1620,
                1626, 1630, 1632,
            ]
        case .male:
            [
                499, 758, 871, 953, 1023, 1092, 1155, 1219, 1280, 1334, 1385, 1436, 1491, 1562, 1638, 1701,
                1735, 1752, 1762,
            ]
        }
    }

    private static func weights(_ sex: Sex) -> [Int] {
        switch sex {
        case .female: [34, 90, 121, 140, 159, 180, 202, 227, 255, 289, 329, 370, 416, 459, 495, 522, 541, 554, 566]
        case .male: [35, 96, 126, 144, 163, 185, 207, 230, 256, 286, 321, 360, 405, 455, 510, 562, 609, 646, 672]
        }
    }
}
