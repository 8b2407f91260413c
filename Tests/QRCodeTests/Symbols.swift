// SPDX-License-Identifier: Apache-2.0

import QRCode

/// Bytes that fit into versions 1 to 20 (ISO/IEC 18004, table 7).
func capacities(_ level: QRCorrection) -> [Int] {
    switch level {
    case .low: [17, 32, 53, 78, 106, 134, 154, 192, 230, 271, 321, 367, 425, 458, 520, 586, 644, 718, 792, 858]
    case .medium: [14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412, 450, 504, 560, 624, 666]
    }
}

/// A text of digits and letters that does not repeat soon.
func sampleText(_ count: Int) -> String {
    var text = "otpauth://"
    var number = 1
    while text.utf8.count < count {
        text += String(number, radix: 36)
        number = (number &* 48_271) % 2_147_483_647
    }
    return String(text.prefix(count))
}

/// One symbol of each version, 1 to 20, as full as it gets.
func symbolOfEveryVersion(_ level: QRCorrection) throws -> [QRSymbol] {
    try capacities(level).map { try QRSymbol(encoding: sampleText($0), correction: level) }
}
