// SPDX-License-Identifier: Apache-2.0

/// The estimated glomerular filtration rate by the CKD-EPI creatinine equation of 2021, for adults.
///
/// Basic arithmetic alone, which IEEE 754 rounds in one way only: the same result on every machine.
enum FiltrationRate {
    /// Millilitres a minute for 1.73 m² of body surface, from creatinine in hundredths of mg/dL.
    static func estimate(creatinine: Int, age: Int, sex: Sex) -> Int {
        let kappa = sex == .female ? 0.7 : 0.9
        let ratio = Double(creatinine) / 100 / kappa
        let exponent = ratio > 1 ? -1.2 : (sex == .female ? -0.241 : -0.302)
        let sexFactor = sex == .female ? 1.012 : 1.0
        let rate = 142 * power(ratio, exponent) * power(0.9938, Double(age)) * sexFactor
        return Int(rate.rounded())
    }

    /// The lowest creatinine, in hundredths of mg/dL, with a rate of at most `rate`.
    static func creatinine(forRate rate: Int, age: Int, sex: Sex) -> Int {
        var level = 45
        while level < 400, estimate(creatinine: level, age: age, sex: sex) > rate { level += 1 }
        return level
    }

    private static func power(_ base: Double, _ exponent: Double) -> Double {
        exponential(exponent * logarithm(base))
    }

    /// The natural logarithm of a number between 0.1 and 10, by the series of the inverse hyperbolic tangent.
    private static func logarithm(_ number: Double) -> Double {
        let step = (number - 1) / (number + 1)
        var (sum, term) = (0.0, step)
        for index in 0..<40 {
            sum += term / Double(2 * index + 1)
            term *= step * step
        }
        return 2 * sum
    }

    /// e to the power of a number between -5 and 5, by Taylor's series on an eighth of it.
    private static func exponential(_ number: Double) -> Double {
        let eighth = number / 8
        var (sum, term) = (1.0, 1.0)
        for index in 1..<16 {
            term *= eighth / Double(index)
            sum += term
        }
        let squared = sum * sum
        return (squared * squared) * (squared * squared)
    }
}
