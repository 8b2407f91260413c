// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// What has to be said to libcrypto before it is used.
enum Cryptography {
    /// Nothing of it is taken down when the process ends: other threads may still be giving ciphers back then, and would
    /// free what is freed already (OPENSSL_init_crypto(3), OPENSSL_INIT_NO_ATEXIT). Looking at it is enough.
    static let isReady = OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_ATEXIT), nil) == 1
}
