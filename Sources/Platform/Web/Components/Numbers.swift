// SPDX-License-Identifier: Apache-2.0

/// A whole number with thin spaces between thousands (ISO 80000-1), so that no reader takes a mark for a decimal.
package func grouped(_ number: some BinaryInteger) -> String {
    let digits = Array(String(number).utf8)
    var text = ""
    for (index, digit) in digits.enumerated() {
        let remaining = digits.count - index
        let afterSign = index > 0 && digits[index - 1] != UInt8(ascii: "-")
        if afterSign && remaining % 3 == 0 { text.append("\u{202F}") }
        text.unicodeScalars.append(Unicode.Scalar(digit))
    }
    return text
}
