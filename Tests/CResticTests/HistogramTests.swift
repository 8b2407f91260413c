// SPDX-License-Identifier: Apache-2.0

import CRestic
import Testing

/// Every byte is counted, and counts are added to what is there.
@Suite struct HistogramTests {
    @Test(arguments: [0, 1, 7, 8, 9, 255, 2_047, 2_048, 2_049, 2_063, 100_003, 3 << 20])
    func everyByteIsCounted(length: Int) {
        var random = Bytes(seed: 5)
        let data = random.take(length).map { $0 & (length % 2 == 0 ? 255 : 3) }
        var expected = [UInt32](repeating: 0, count: 256)
        for byte in data { expected[Int(byte)] += 1 }
        #expect(counted(data) == expected)
        #expect(counted(data, onto: expected) == expected.map { 2 * $0 })
    }

    @Test func oneByteOnly() {
        var expected = [UInt32](repeating: 0, count: 256)
        expected[0xE5] = 1_000_001
        #expect(counted([UInt8](repeating: 0xE5, count: 1_000_001)) == expected)
    }

    @Test(arguments: [100, 5_000])
    func countsStayAtTheirGreatest(length: Int) {
        let full = [UInt32](repeating: .max - 50, count: 256)
        let counts = counted([UInt8](repeating: 9, count: length), onto: full)
        #expect(counts[9] == .max && counts[8] == .max - 50)
    }

    private func counted(
        _ data: [UInt8], onto counts: [UInt32] = [UInt32](repeating: 0, count: 256)
    ) -> [UInt32] {
        var counts = counts
        // SAFETY: the length is the array's, and there are 256 counts.
        unsafe crestic_histogram(data, data.count, &counts)
        return counts
    }
}
