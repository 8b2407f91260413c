// SPDX-License-Identifier: Apache-2.0

import Codecs
import Testing

@testable import ResticFormat

/// RFC 7914 section 12.
struct ScryptTests {
    @Test(arguments: [
        (
            "", "", 16, 1, 1,
            """
            77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442\
            fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906
            """
        ),
        (
            "password", "NaCl", 64, 8, 3,
            """
            d065f18460203b9eada7bf72eb1abaad6cb9cd9de3010fb81c66ede811dc45be\
            ef6914b2f0c3eb04de1df6f25e88d797020eefbb78d04c9ec6f2b8e24dee6cf2
            """
        ),
        (
            "password", "NaCl", 1_024, 8, 16,
            """
            fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162\
            2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640
            """
        ),
    ])
    func theExamplesOfTheStandardAndAnOddNumberOfLanes(
        password: String, salt: String, cost: Int, blockSize: Int, parallelism: Int, key: String
    ) throws {
        let parameters = try #require(ScryptParameters(cost: cost, blockSize: blockSize, parallelism: parallelism))
        let found = try Scrypt.derive(Array(password.utf8), salt: Array(salt.utf8), parameters, count: 64)
        #expect(Hex.encode(found) == key)
    }
}
