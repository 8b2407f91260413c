// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// scrypt (RFC 7914), as libcrypto computes it.
enum Scrypt {
    static func derive(
        _ password: [UInt8], salt: [UInt8], _ parameters: ScryptParameters, count: Int
    ) throws(FormatError) -> [UInt8] {
        var key: [UInt8] = Array(repeating: 0, count: count)
        let memory = UInt64(128 * parameters.blockSize * (parameters.cost + parameters.parallelism + 2)) + (1 << 20)
        var isDone = false
        var span = key.mutableSpan
        unsafe password.span.withUnsafeBytes { password in
            unsafe salt.span.withUnsafeBufferPointer { salt in
                unsafe span.withUnsafeMutableBufferPointer { room in
                    isDone =
                        unsafe EVP_PBE_scrypt(
                            password.bindMemory(to: CChar.self).baseAddress, password.count, salt.baseAddress,
                            salt.count,
                            UInt64(parameters.cost), UInt64(parameters.blockSize), UInt64(parameters.parallelism),
                            memory,
                            room.baseAddress, room.count) == 1
                }
            }
        }
        guard isDone else { throw .unavailable("memory for scrypt") }
        return key
    }
}
