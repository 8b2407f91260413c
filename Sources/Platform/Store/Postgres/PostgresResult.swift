// SPDX-License-Identifier: Apache-2.0

import CPostgres
import Kernel

/// What the server answered to one statement, in binary.
///
/// It is safe to use because the pointer is private, is cleared only in `deinit`, and every index is checked
/// against the counts that libpq tells.
@safe final class PostgresResult {
    private let pointer: OpaquePointer

    init(taking pointer: OpaquePointer) {
        unsafe self.pointer = pointer
    }

    deinit {
        unsafe PQclear(pointer)
    }

    /// The error that it reports; nil when the statement worked.
    var error: PostgresError? {
        switch unsafe PQresultStatus(pointer) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY, PGRES_COPY_OUT, PGRES_COPY_BOTH: nil
        default: PostgresError(state: field("C"), message: field("M"))
        }
    }

    /// Whether bytes follow that are no rows.
    var isCopy: Bool {
        let status = unsafe PQresultStatus(pointer)
        return status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH
    }

    /// All its rows as the text that they are, which is what a replication connection answers.
    func texts() -> [[String?]] {
        let columns = unsafe PQnfields(pointer)
        return (0..<Int32(clamping: count)).map { row in
            (0..<columns).map { column in
                if unsafe PQgetisnull(pointer, row, column) == 1 { return nil }
                return unsafe PQgetvalue(pointer, row, column).map { unsafe String(cString: $0) }
            }
        }
    }

    private func field(_ code: Unicode.Scalar) -> String {
        unsafe PQresultErrorField(pointer, Int32(code.value)).map { unsafe String(cString: $0) } ?? ""
    }

    /// How many rows the statement inserted, changed or deleted; 0 for others.
    var changes: Int {
        Int(unsafe String(cString: PQcmdTuples(pointer))) ?? 0
    }

    /// How many rows it has.
    var count: Int {
        Int(unsafe PQntuples(pointer))
    }

    /// Bytes that it takes in memory.
    var size: Int {
        unsafe PQresultMemorySize(pointer)
    }

    /// All its rows.
    func rows() throws(Fault) -> [Row] {
        var rows: [Row] = []
        rows.reserveCapacity(count)
        let columns = unsafe PQnfields(pointer)
        for row in 0..<Int32(clamping: count) {
            var values: [StoreValue] = []
            values.reserveCapacity(Int(columns))
            for column in 0..<columns { values.append(try value(row, column)) }
            rows.append(Row(values))
        }
        return rows
    }

    private func value(_ row: Int32, _ column: Int32) throws(Fault) -> StoreValue {
        if unsafe PQgetisnull(pointer, row, column) == 1 { return .null }
        guard let start = unsafe PQgetvalue(pointer, row, column) else { return .null }
        let length = Int(unsafe PQgetlength(pointer, row, column))
        // libpq keeps `length` bytes there until the result is cleared.
        let bytes = unsafe Array(UnsafeRawBufferPointer(start: start, count: length))
        guard let value = StoreValue(type: unsafe PQftype(pointer, column), binary: bytes) else {
            throw Fault(.internal, "a statement for the store answers a type other than BIGINT, TEXT or BYTES")
        }
        return value
    }
}

extension StoreValue {
    /// A value in the server's binary form; `type` is its object identifier in `pg_type.dat`. What SQLite answers
    /// as an integer is one here too: truth values, smaller integers, and whole sums, which are `numeric`.
    fileprivate init?(type: UInt32, binary: [UInt8]) {
        switch type {
        case 17: self = .bytes(binary)
        case 18, 19, 25, 705, 1042, 1043: self = .text(String(decoding: binary, as: UTF8.self))
        case 16: self = .integer(binary == [1] ? 1 : 0)
        case 20 where binary.count == 8, 21 where binary.count == 2, 23 where binary.count == 4:
            let sign: Int64 = (binary.first ?? 0) & 0x80 == 0 ? 0 : -1
            self = .integer(binary.reduce(sign) { $0 << 8 | Int64($1) })
        case 1700:
            guard let integer = wholeNumber(numeric: binary) else { return nil }
            self = .integer(integer)
        default: return nil
        }
    }
}

/// The whole number that a binary `numeric` holds: the count of digits to base 10,000, the weight of the first,
/// sign and scale, all of 16 bits, then the digits. Nil for fractions and for what does not fit.
func wholeNumber(numeric bytes: [UInt8]) -> Int64? {
    let words = stride(from: 0, to: bytes.count - bytes.count % 2, by: 2).map {
        UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1])
    }
    guard words.count >= 4, words.count == 4 + Int(words[0]), words[2] == 0 || words[2] == 0x4000 else { return nil }
    let digits = words.dropFirst(4)
    let weight = Int(Int16(bitPattern: words[1]))
    if digits.isEmpty { return 0 }
    guard weight >= 0, weight <= 4, digits.dropFirst(weight + 1).allSatisfy({ $0 == 0 }) else { return nil }
    let isNegative = words[2] == 0x4000
    var number: Int64 = 0
    for place in 0...weight {
        let digit = place < digits.count ? Int64(digits[digits.startIndex + place]) : 0
        let (scaled, overflow) = number.multipliedReportingOverflow(by: 10_000)
        let (sum, carried) = scaled.addingReportingOverflow(isNegative ? -digit : digit)
        if overflow || carried { return nil }
        number = sum
    }
    return number
}
