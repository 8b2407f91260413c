// SPDX-License-Identifier: Apache-2.0
#ifndef SALUS_CRESTIC_WORDS_H
#define SALUS_CRESTIC_WORDS_H

#include <stdint.h>
#include <string.h>

// Words in memory, whatever their alignment and the byte order of the machine. Compilers make one instruction of each.

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define CRESTIC_LITTLE(bits, word) (word)
#define CRESTIC_BIG(bits, word) __builtin_bswap##bits(word)
#else
#define CRESTIC_LITTLE(bits, word) __builtin_bswap##bits(word)
#define CRESTIC_BIG(bits, word) (word)
#endif

static inline uint64_t load_little64(const uint8_t *bytes) {
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return CRESTIC_LITTLE(64, word);
}

static inline void store_little64(uint8_t *bytes, uint64_t word) {
    word = CRESTIC_LITTLE(64, word);
    memcpy(bytes, &word, sizeof word);
}

static inline uint64_t load_big64(const uint8_t *bytes) {
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return CRESTIC_BIG(64, word);
}

static inline void store_big64(uint8_t *bytes, uint64_t word) {
    word = CRESTIC_BIG(64, word);
    memcpy(bytes, &word, sizeof word);
}

static inline uint32_t load_big32(const uint8_t *bytes) {
    uint32_t word;
    memcpy(&word, bytes, sizeof word);
    return CRESTIC_BIG(32, word);
}

static inline void store_big32(uint8_t *bytes, uint32_t word) {
    word = CRESTIC_BIG(32, word);
    memcpy(bytes, &word, sizeof word);
}

#endif
