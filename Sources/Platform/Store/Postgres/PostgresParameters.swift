// SPDX-License-Identifier: Apache-2.0

/// Values as libpq takes them: all in binary, so that bytes and numbers arrive as they are.
struct PostgresParameters {
    /// The types that the statement is prepared for; 0 lets the server decide, for NULL.
    let types: [UInt32]
    private let lengths: [Int32]
    private let offsets: [Int?]
    private let buffer: [UInt8]

    init(_ values: [StoreValue]) {
        types = values.map(\.postgresType)
        var lengths: [Int32] = []
        var offsets: [Int?] = []
        var buffer: [UInt8] = []
        for value in values {
            let start = buffer.count
            value.appendBinary(to: &buffer)
            offsets.append(value == .null ? nil : start)
            // Cannot exceed: GuardedTransaction refuses larger values.
            lengths.append(Int32(clamping: buffer.count - start))
        }
        // An empty value at the end needs an address too, because libpq takes none for NULL.
        buffer.append(0)
        self.lengths = lengths
        self.offsets = offsets
        self.buffer = buffer
    }

    /// Calls `body` with the count, the addresses, the lengths and the formats. The addresses are valid only there.
    @unsafe func withPointers<Result>(
        _ body: (Int32, [UnsafePointer<CChar>?], [Int32], [Int32]) -> Result
    ) -> Result {
        unsafe buffer.withUnsafeBytes { bytes in
            let characters = unsafe bytes.bindMemory(to: CChar.self)
            let addresses = unsafe offsets.map { offset in
                // Every offset lies inside the buffer, which the padding keeps from being empty.
                unsafe offset.flatMap { unsafe characters.baseAddress?.advanced(by: $0) }
            }
            return unsafe body(Int32(clamping: lengths.count), addresses, lengths, lengths.map { _ in 1 })
        }
    }
}

extension StoreValue {
    /// The object identifier of the type in the server's catalogue (`pg_type.dat`).
    fileprivate var postgresType: UInt32 {
        switch self {
        case .null: 0
        case .integer: 20
        case .text: 25
        case .bytes: 17
        }
    }

    fileprivate func appendBinary(to buffer: inout [UInt8]) {
        switch self {
        case .null: break
        case .integer(let integer):
            let bits = UInt64(bitPattern: integer)
            for shift in stride(from: UInt64(56), through: 0, by: -8) {
                buffer.append(UInt8(truncatingIfNeeded: bits >> shift))
            }
        case .text(let text): buffer.append(contentsOf: text.utf8)
        case .bytes(let bytes): buffer.append(contentsOf: bytes)
        }
    }
}
