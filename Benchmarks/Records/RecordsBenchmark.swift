// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport

/// What sealing costs: at import, and at each reading.
@main
struct RecordsBenchmark {
    static func main() async {
        await Workshop.with("records") { folder in
            let corpus = try Corpus(unpackingTo: "\(folder)/corpus")
            try await ImportBenchmark(corpus: corpus, folder: folder).run()
            try await ReadBenchmark(folder: folder).run()
        }
    }
}
