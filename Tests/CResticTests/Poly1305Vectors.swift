// SPDX-License-Identifier: Apache-2.0

/// RFC 8439 sections 2.5.2 and A.3: key, message, tag.
enum Poly1305Vectors {
    static let all: [(key: String, message: [UInt8], tag: String)] = [
        (
            "85d6be7857556d337f4452fe42d506a8 0103808afb0db2fd4abff6af4149f51b",
            Array("Cryptographic Forum Research Group".utf8), "a8061dc1305136c6c22b8baf0c0127a9"
        ),
        // 1 to 4
        (zero + zero, [UInt8](repeating: 0, count: 64), zero),
        (zero + "36e5f6b5c5e06070f0efca96227a863e", Array(submission.utf8), "36e5f6b5c5e06070f0efca96227a863e"),
        ("36e5f6b5c5e06070f0efca96227a863e" + zero, Array(submission.utf8), "f3477e7cd95417af89a6b8794c310cf0"),
        (
            "1c9240a5eb55d38af333888604f6b5f0 473917c1402b80099dca5cbc207075c0", Array(brillig.utf8),
            "4541669a7eaaee61e708dc7cbcc5eb62"
        ),
        // 5: 2^130 - 5 is taken away.
        (number(2) + zero, full, number(3)),
        // 6: adding s carries over 2^128.
        (number(2) + "ffffffffffffffffffffffffffffffff", digits(2), number(3)),
        // 7 to 9: carries in the sum.
        (number(1) + zero, full + [0xF0] + full.dropFirst() + digits(0x11), number(5)),
        (number(1) + zero, full + [0xFB] + [UInt8](repeating: 0xFE, count: 15) + ones, zero),
        (number(2) + zero, [0xFD] + full.dropFirst(), "faffffffffffffffffffffffffffffff"),
        // 10 and 11: a sum that is over 2^130 in a middle limb.
        ("01000000000000000400000000000000" + zero, middle + digits(0) + digits(1), "14000000000000005500000000000000"),
        ("01000000000000000400000000000000" + zero, middle + digits(0), number(0x13)),
    ]

    private static let zero = "00000000000000000000000000000000"
    private static let full = [UInt8](repeating: 0xFF, count: 16)
    private static let ones = [UInt8](repeating: 1, count: 16)
    private static let middle: [UInt8] =
        [0xE3, 0x35, 0x94, 0xD7, 0x50, 0x5E, 0x43, 0xB9, 0, 0, 0, 0, 0, 0, 0, 0]
        + [0x33, 0x94, 0xD7, 0x50, 0x5E, 0x43, 0x79, 0xCD, 1, 0, 0, 0, 0, 0, 0, 0]

    private static func digits(_ lowest: UInt8) -> [UInt8] {
        [lowest] + [UInt8](repeating: 0, count: 15)
    }

    private static func number(_ lowest: UInt8) -> String {
        hex(digits(lowest))
    }

    private static let submission = """
        Any submission to the IETF intended by the Contributor for publication as all or part of an IETF Internet-Draft \
        or RFC and any statement made within the context of an IETF activity is considered an "IETF Contribution". Such \
        statements include oral statements in IETF sessions, as well as written and electronic communications made at \
        any time or place, which are addressed to
        """

    private static let brillig = """
        'Twas brillig, and the slithy toves
        Did gyre and gimble in the wabe:
        All mimsy were the borogoves,
        And the mome raths outgrabe.
        """
}
