// SPDX-License-Identifier: Apache-2.0

import Kernel

/// What a drill found, in words that a board understands.
struct DrillWords: Sendable {
    let record: DrillRecord

    init(_ record: DrillRecord) {
        self.record = record
    }

    /// Each with its name, for a terminal and for a page.
    var lines: [(name: String, value: String)] {
        var lines: [(String, String)] = []
        if let time = record.recoveryTime {
            lines.append((record.detail.isWhole ? "Back after" : "Sample back after", Self.text(time)))
        }
        if let lost = record.lostTime { lines.append(("Work that would be lost", Self.text(lost))) }
        lines.append(("Restored", "\(record.files) files and folders, \(ByteText.of(record.bytes))\(part)"))
        if record.compared > 0 { lines.append(("Compared with the source", compared)) }
        if let service = record.detail.service.flatMap(JobSource.Kind.init(rawValue:))?.word {
            let version = record.detail.serviceVersion.map { " \($0)" } ?? ""
            let after = record.answering.map { ", answered after \(Self.text($0))" } ?? ""
            lines.append(("Started", "\(service)\(version)\(after)"))
        }
        for probe in record.detail.probes { lines.append(("It said", probe)) }
        if let cut = record.detail.isNetworkCut { lines.append(("Network", cut ? "cut off" : "not cut off")) }
        return lines
    }

    private var part: String { record.detail.isWhole ? "" : ", the sample only: there was no room for everything" }

    private var compared: String {
        let files = "\(record.matching) of \(record.compared) files are what they were"
        guard let bound = record.bound else { return files }
        let lost = record.compared - record.matching
        if record.compared >= record.detail.population, record.detail.unread == 0 {
            return lost == 0 ? "\(files), which is all of them" : "\(files): \(lost) of all are lost"
        }
        let all = record.detail.population + record.detail.unread
        return "\(files): \(LossBound.words(parts: bound)) of all \(all) are lost (95 % confidence)"
    }

    /// `2 h 5 min`, `3 min 12 s`, `0.8 s`.
    static func text(_ duration: Duration) -> String {
        let tenths = max(0, duration.wholeMicroseconds) / 100_000
        let seconds = tenths / 10
        switch seconds {
        case ..<60: return "\(seconds).\(tenths % 10) s"
        case ..<3_600: return "\(seconds / 60) min \(seconds % 60) s"
        case ..<172_800: return "\(seconds / 3_600) h \(seconds % 3_600 / 60) min"
        default: return "\(seconds / 86_400) days \(seconds % 86_400 / 3_600) h"
        }
    }

    /// How many files may be lost, for a column; nil where none was compared.
    var bound: String? {
        guard let bound = record.bound else { return nil }
        let isAll = record.compared >= record.detail.population && record.detail.unread == 0
        return isAll && record.compared == record.matching ? "none" : LossBound.words(parts: bound)
    }
}
