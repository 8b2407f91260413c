// SPDX-License-Identifier: Apache-2.0

import Codecs
import FHIRBundle

/// All results of one test, by the code that the laboratory gave it.
struct ResultSeries: Sendable {
    let name: String
    /// The code of the test, else its name.
    let code: [UInt8]
    /// The newest first.
    let results: [Result]

    /// One result.
    struct Result: Sendable {
        let record: ChartRecord
        let time: ClinicalTime?
        /// As it is written, with its unit.
        let value: String
        let unit: String
        /// The number, if it is one.
        let number: Double?
        /// What whoever made it says about it.
        let judgement: ResultJudgement
    }

    /// The results of a chart, each test once, by name; results entered by mistake are left out.
    static func all(_ observations: [ChartRecord]) -> [ResultSeries] {
        var series: [[UInt8]: [Result]] = [:]
        var names: [[UInt8]: String] = [:]
        for record in observations where !record.isMistake {
            for part in parts(of: record) {
                series[part.code, default: []].append(part.result)
                names[part.code] = names[part.code] ?? part.name
            }
        }
        return series.map { code, results in
            ResultSeries(
                name: names[code] ?? "", code: code,
                results: results.sorted { ($0.time?.order ?? .min) > ($1.time?.order ?? .min) }
            )
        }.sorted { Array($0.name.utf8).lexicographicallyPrecedes(Array($1.name.utf8)) }
    }

    private typealias Part = (code: [UInt8], name: String, result: Result)

    /// An Observation's own value, and those of its components: systolic and diastolic.
    private static func parts(of record: ChartRecord) -> [Part] {
        let components = record.root["component"]?.elements.map { $0 } ?? []
        return ([record.root] + components).compactMap { element in
            guard let code = element["code"], let value = Value(element) else { return nil }
            let concept = CodeableConcept(code)
            let name = concept.display.map(PlainWords.test) ?? "Result without a name"
            let key = concept.codings.first?.code ?? name
            return (
                Array(key.utf8), name,
                Result(
                    record: record, time: record.time, value: value.text, unit: value.unit, number: value.number,
                    judgement: ResultJudgement(element))
            )
        }
    }

    /// What an observation found.
    private struct Value {
        var text: String
        var unit = ""
        var number: Double?

        init?(_ element: JSONNode) {
            if let quantity = element["valueQuantity"], let written = quantity["value"]?.numberText {
                text = Self.rounded(written)
                unit = quantity["unit"]?.string ?? quantity["code"]?.string ?? ""
                number = Double(written)
            } else if let integer = element["valueInteger"]?.numberText {
                text = integer
                number = Double(integer)
            } else if let concept = element["valueCodeableConcept"].flatMap({ CodeableConcept($0).display }) {
                text = concept
            } else if let string = (element["valueString"] ?? element["valueDateTime"])?.string {
                text = string
            } else if let truth = element["valueBoolean"]?.bool {
                text = truth ? "yes" : "no"
            } else {
                return nil
            }
        }

        /// At most two digits behind the point: instruments are not more exact, generators are.
        private static func rounded(_ written: String) -> String {
            let parts = written.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 2, parts[1].utf8.count > 2, let number = Double(written), abs(number) < 1e12 else {
                return written
            }
            let hundredths = (number * 100).rounded()
            // Two digits would lose what matters of a small number.
            guard abs(hundredths) >= 10 else { return written }
            let whole = Int64(abs(hundredths))
            let digits = "\(whole / 100).\(whole % 100 < 10 ? "0" : "")\(whole % 100)"
            return number < 0 ? "-\(digits)" : digits
        }
    }

    /// The numbers from the oldest to the newest, as whole numbers of `scale`; nil when there are fewer than two.
    var trend: (values: [Int?], scale: String)? {
        let numbers = results.reversed().suffix(40).map(\.number)
        let known = numbers.compactMap { $0 }.filter { $0.isFinite && abs($0) < 1e12 }
        guard known.count > 1 else { return nil }
        let isWhole = known.allSatisfy { $0 == $0.rounded() }
        let factor: Double = isWhole ? 1 : 100
        let values = numbers.map { number -> Int? in
            guard let number, number.isFinite, abs(number) < 1e12 else { return nil }
            return Int((number * factor).rounded())
        }
        return (values, isWhole ? "" : ", in hundredths")
    }
}
