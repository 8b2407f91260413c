// SPDX-License-Identifier: Apache-2.0

/// Writes content without its long rows of zeros, which become holes.
enum SparseWriter {
    private static let block = 4_096

    /// - Returns: where the last byte that was written ends; 0 where all of it is a hole.
    static func write(
        _ content: ArraySlice<UInt8>, to file: borrowing Descriptor, at offset: Int64
    ) throws(SystemError) -> Int64 {
        var (start, last): (Int, Int64) = (content.startIndex, 0)
        while start < content.endIndex {
            let isZero = Self.isZero(content, start)
            var end = start
            while end < content.endIndex, Self.isZero(content, end) == isZero {
                end = min(end + block, content.endIndex)
            }
            if !isZero {
                try file.write(content[start..<end], at: offset + Int64(start - content.startIndex))
                last = offset + Int64(end - content.startIndex)
            }
            start = end
        }
        return last
    }

    private static func isZero(_ content: ArraySlice<UInt8>, _ start: Int) -> Bool {
        let end = min(start + block, content.endIndex)
        guard content[start] == 0, end - start == block else { return false }
        return content[start..<end].allSatisfy { $0 == 0 }
    }
}
