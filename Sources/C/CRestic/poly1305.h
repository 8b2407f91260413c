// SPDX-License-Identifier: Apache-2.0
#ifndef SALUS_CRESTIC_POLY1305_H
#define SALUS_CRESTIC_POLY1305_H

#include <stddef.h>
#include <stdint.h>

enum { POLY1305_BLOCK = 16 };

/// sum · r modulo 2^130 - 5, not wholly reduced: below 2^131 after any sum whose highest word is below 2^3.
///
/// - r: clamped (RFC 8439 section 2.5), so that r[1] can be divided by 4 and nothing below overflows.
static inline void poly1305_multiply(uint64_t sum[3], const uint64_t r[2]) {
    typedef unsigned __int128 wide;
    // 2^128 · r[1] is 2^130 · (r[1] / 4), and 2^130 is 5.
    uint64_t folded = r[1] + (r[1] >> 2);
    wide low = (wide)sum[0] * r[0] + (wide)sum[1] * folded;
    wide middle = (wide)sum[0] * r[1] + (wide)sum[1] * r[0] + sum[2] * folded + (uint64_t)(low >> 64);
    uint64_t high = sum[2] * r[0] + (uint64_t)(middle >> 64);
    // What is over 130 bits, times 5: (high >> 2) · 4 is what the mask leaves.
    wide carry = (wide)(uint64_t)low + (high & ~(uint64_t)3) + (high >> 2);
    sum[0] = (uint64_t)carry;
    carry = (wide)(uint64_t)middle + (uint64_t)(carry >> 64);
    sum[1] = (uint64_t)carry;
    sum[2] = (high & 3) + (uint64_t)(carry >> 64);
}

#if defined(__x86_64__)
/// Takes groups of blocks, as many as there are; the number of blocks taken.
size_t poly1305_blocks_ifma(uint64_t sum[3], const uint64_t r[2], const uint8_t *data, size_t blocks);
#endif

#endif
