// SPDX-License-Identifier: Apache-2.0
#ifndef SALUS_CRESTIC_SHA256_H
#define SALUS_CRESTIC_SHA256_H

#include <stddef.h>
#include <stdint.h>

enum {
    SHA256_BLOCK = 64,
    /// As many messages as the loops below hash at once: with more, the registers do not hold the states any longer.
    SHA256_LANES = 3,
    /// As many as the wide loop does.
    SHA256_WIDE_LANES = 16,
    /// It takes the same time for one as for sixteen; with fewer than these the others are faster.
    SHA256_LEAST_WIDE = 8,
};

/// FIPS 180-4 section 4.2.2.
extern const uint32_t sha256_constants[64];

/// Whole blocks of a message that wait.
struct sha256_stream {
    uint32_t *state;
    const uint8_t *next;
    size_t blocks;
};

// What follows takes so many blocks of each of the streams and moves them on. There are 1 to SHA256_LANES of them, or
// up to SHA256_WIDE_LANES for the last.

void sha256_compress_plain(struct sha256_stream *const streams[], size_t count, size_t blocks);
#if defined(__x86_64__)
void sha256_compress_ni(struct sha256_stream *const streams[], size_t count, size_t blocks);
void sha256_compress_avx512(struct sha256_stream *const streams[], size_t count, size_t blocks);
#endif

#endif
