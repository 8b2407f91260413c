// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport
import TestSupport

/// Decisions of our Cedar engine beside those of Cedar's own in Rust, in one run, and those of a hospital.
@main
struct AccessBenchmark {
    static func main() async {
        await Workshop.with("access") { folder in
            say("Ours: single decisions, the clock read twice (\(figure(Clocked.overhead.microseconds)) µs) in each.")
            say()
            if let corpora = Corpora.folder {
                let (corpus, peer) = ("\(corpora)/cedar", try Peer(folder: folder))
                try OopslaBenchmark(corpus: corpus, peer: peer).run()
                try CorpusBenchmark.run(corpus: corpus, peer: peer, folder: folder)
            } else {
                say("SKIPPED: what is measured beside the peer, for want of the corpora")
            }
            try HospitalBenchmark.run()
            try await AuthZENBenchmark.run(folder: folder)
        }
    }
}
