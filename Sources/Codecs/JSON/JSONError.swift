// SPDX-License-Identifier: Apache-2.0

/// Why a text is not a JSON document for us, and where. It never quotes the text: that may be patient data.
public struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong.
    public let reason: Reason
    /// The byte at which it was noticed, counted from 0.
    public let offset: Int
    /// The line of that byte, counted from 1; only LF ends a line.
    public let line: Int
    /// The byte's place within its line, counted from 1.
    public let column: Int

    /// One plain line: the reason and the place.
    public var description: String {
        "\(reason) at line \(line), column \(column) (byte \(offset))"
    }

    init(_ reason: Reason, at offset: Int, in bytes: [UInt8]) {
        var line = 1
        var lineStart = 0
        for index in 0..<min(offset, bytes.count) where bytes[index] == 0x0A {
            line += 1
            lineStart = index + 1
        }
        self.reason = reason
        self.offset = offset
        self.line = line
        self.column = offset - lineStart + 1
    }
}

extension JSONError {
    /// The ways in which a text fails.
    public enum Reason: Sendable, Equatable, CustomStringConvertible {
        /// Longer than the limit, in bytes.
        case tooLarge(limit: Int)
        /// More values than the limit.
        case tooManyValues(limit: Int)
        /// More arrays and objects inside one another than the limit.
        case tooDeep(limit: Int)
        /// The text ends before its value does.
        case unexpectedEnd
        /// A value should begin here.
        case expectedValue
        /// A member name should begin here.
        case expectedName
        /// A colon belongs between name and value.
        case expectedColon
        /// A comma or the closing bracket should be here.
        case expectedCommaOrClose
        /// Not a number as RFC 8259 section 6 writes it.
        case malformedNumber
        /// Not an escape sequence of RFC 8259 section 7.
        case malformedEscape
        /// Half of a surrogate pair alone: no Unicode character.
        case loneSurrogate
        /// A byte below 0x20 inside a string.
        case controlCharacter
        /// Not UTF-8.
        case invalidUTF8
        /// A member name that the object has already.
        case duplicateName
        /// Something after the end of the document.
        case trailingBytes

        /// The reason in plain words.
        public var description: String {
            switch self {
            case .tooLarge(let limit): "larger than \(limit) bytes"
            case .tooManyValues(let limit): "more than \(limit) values"
            case .tooDeep(let limit): "nested deeper than \(limit)"
            case .unexpectedEnd: "the text ends too early"
            case .expectedValue: "a value is expected"
            case .expectedName: "a member name is expected"
            case .expectedColon: "a colon is expected"
            case .expectedCommaOrClose: "a comma or a closing bracket is expected"
            case .malformedNumber: "malformed number"
            case .malformedEscape: "malformed escape sequence"
            case .loneSurrogate: "lone surrogate"
            case .controlCharacter: "unescaped control character"
            case .invalidUTF8: "invalid UTF-8"
            case .duplicateName: "duplicate name"
            case .trailingBytes: "bytes after the end of the document"
            }
        }
    }
}
