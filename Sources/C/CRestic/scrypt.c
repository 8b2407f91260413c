// SPDX-License-Identifier: Apache-2.0
#include <stdint.h>
#include <string.h>

#include "CRestic.h"
#include "processor.h"
#include "words.h"

// One row of the matrix on which Salsa20 works, or one of its diagonals.
typedef uint32_t row __attribute__((vector_size(16)));

// 64 bytes by diagonals, the first being words 0, 5, 10 and 15: then each step of Salsa20 works on whole rows.
struct block {
    row rows[4];
};

enum { BLOCK = 64 };

#define ROTATE(value, count) (((value) << (count)) | ((value) >> (32 - (count))))

// Salsa20/8 (RFC 7914 section 3) of `input` and `sum`, which becomes the result.
static inline __attribute__((always_inline)) void salsa(struct block *sum, const struct block *input) {
    row a = sum->rows[0] ^ input->rows[0], b = sum->rows[1] ^ input->rows[1];
    row c = sum->rows[2] ^ input->rows[2], d = sum->rows[3] ^ input->rows[3];
    const row a0 = a, b0 = b, c0 = c, d0 = d;
    for (int round = 0; round < 4; round++) {
        b ^= ROTATE(a + d, 7);
        c ^= ROTATE(b + a, 9);
        d ^= ROTATE(c + b, 13);
        a ^= ROTATE(d + c, 18);
        b = __builtin_shufflevector(b, b, 3, 0, 1, 2);
        c = __builtin_shufflevector(c, c, 2, 3, 0, 1);
        d = __builtin_shufflevector(d, d, 1, 2, 3, 0);
        d ^= ROTATE(a + b, 7);
        c ^= ROTATE(d + a, 9);
        b ^= ROTATE(c + d, 13);
        a ^= ROTATE(b + c, 18);
        b = __builtin_shufflevector(b, b, 1, 2, 3, 0);
        c = __builtin_shufflevector(c, c, 2, 3, 0, 1);
        d = __builtin_shufflevector(d, d, 3, 0, 1, 2);
    }
    sum->rows[0] = a + a0;
    sum->rows[1] = b + b0;
    sum->rows[2] = c + c0;
    sum->rows[3] = d + d0;
}

// scryptBlockMix (section 4) of `input`, xored with `other` unless that is null.
static inline __attribute__((always_inline)) void mix(
    const struct block *input, const struct block *other, struct block *output, size_t size) {
    size_t count = 2 * size;
    struct block sum = input[count - 1];
    if (other)
        for (int i = 0; i < 4; i++) sum.rows[i] ^= other[count - 1].rows[i];
    for (size_t i = 0; i < count; i++) {
        struct block next = input[i];
        if (other)
            for (int k = 0; k < 4; k++) next.rows[k] ^= other[i].rows[k];
        salsa(&sum, &next);
        output[i / 2 + (i % 2) * size] = sum;
    }
}

// scryptROMix (section 5). Of each two blocks the first is kept, and the second made anew where it is asked for: half the
// memory for a quarter more of the work.
static inline __attribute__((always_inline)) void mix_all(
    struct block *lane, size_t size, uint64_t cost, struct block *memory) {
    size_t count = 2 * size;
    struct block *kept = memory, *one = memory + cost / 2 * count, *other = one + count;
    memcpy(one, lane, count * BLOCK);
    for (uint64_t i = 0; i < cost; i += 2) {
        memcpy(kept + i / 2 * count, one, count * BLOCK);
        mix(one, NULL, other, size);
        mix(other, NULL, one, size);
    }
    for (uint64_t i = 0; i < cost; i++) {
        uint64_t place = one[count - 1].rows[0][0] & (cost - 1);
        const struct block *asked = kept + place / 2 * count;
        if (place % 2 == 1) {
            mix(asked, NULL, lane, size);
            asked = lane;
        }
        mix(one, asked, other, size);
        struct block *swap = one;
        one = other;
        other = swap;
    }
    memcpy(lane, one, count * BLOCK);
}

#if defined(__x86_64__)
// The same with instructions that rotate.
static __attribute__((target("avx512f,avx512vl"))) void mix_all_avx512(
    struct block *lane, size_t size, uint64_t cost, struct block *memory) {
    mix_all(lane, size, cost, memory);
}
#endif

static void mix_all_plain(struct block *lane, size_t size, uint64_t cost, struct block *memory) {
    mix_all(lane, size, cost, memory);
}

// Word i of a block stands at i·5 mod 16 of its rows, counted row by row and column by column of the diagonals.
static void load(struct block *block, const uint8_t *bytes) {
    uint32_t words[16];
    for (int i = 0; i < 16; i++) words[i] = __builtin_bswap32(load_big32(bytes + 4 * i));
    // a: 0 5 10 15, b: 4 9 14 3, c: 8 13 2 7, d: 12 1 6 11
    for (int k = 0; k < 4; k++)
        for (int i = 0; i < 4; i++) block->rows[k][i] = words[(4 * k + 5 * i) % 16];
}

static void store(uint8_t *bytes, const struct block *block) {
    for (int k = 0; k < 4; k++)
        for (int i = 0; i < 4; i++) {
            uint32_t word = block->rows[k][i];
            uint8_t *place = bytes + 4 * ((4 * k + 5 * i) % 16);
            for (int byte = 0; byte < 4; byte++) place[byte] = (uint8_t)(word >> (8 * byte));
        }
}

size_t crestic_scrypt_memory(size_t block_size, uint64_t cost) {
    // The kept blocks, two to work on, and the lane by diagonals; room to begin at a whole row.
    return (size_t)(cost / 2 + 3) * 128 * block_size + sizeof(row);
}

void crestic_scrypt_mix(uint8_t *lane, size_t block_size, uint64_t cost, uint8_t *memory) {
    struct block *aligned = (struct block *)(((uintptr_t)memory + sizeof(row) - 1) / sizeof(row) * sizeof(row));
    size_t count = 2 * block_size;
    struct block *work = aligned + (cost / 2 + 2) * count;
    for (size_t i = 0; i < count; i++) load(work + i, lane + BLOCK * i);
#if defined(__x86_64__)
    if (crestic_may_use(ABILITY_AVX512VL)) {
        mix_all_avx512(work, block_size, cost, aligned);
    } else
#endif
        mix_all_plain(work, block_size, cost, aligned);
    for (size_t i = 0; i < count; i++) store(lane + BLOCK * i, work + i);
    crestic_wipe(memory, crestic_scrypt_memory(block_size, cost));
}
