// SPDX-License-Identifier: Apache-2.0
#include <stdint.h>
#include <string.h>

#include "CRestic.h"
#include "processor.h"
#include "words.h"

// One row of the matrix on which Salsa20 works, or one of its diagonals; and the same row of two lanes.
typedef uint32_t row __attribute__((vector_size(16)));
typedef uint32_t rows __attribute__((vector_size(32)));

// 64 bytes by diagonals, the first being words 0, 5, 10 and 15: then each step of Salsa20 works on whole rows.
struct block {
    row rows[4];
};

enum {
    BLOCK = 64,
    // Of so many blocks one is kept, and the others are made anew where they are asked for.
    KEPT = 6,
};

#define ROTATE(value, count) (((value) << (count)) | ((value) >> (32 - (count))))
#define BOTH(one, other) __builtin_shufflevector(one, other, 0, 1, 2, 3, 4, 5, 6, 7)
#define TURN(value, a, b, c, d) __builtin_shufflevector(value, value, a, b, c, d, a + 4, b + 4, c + 4, d + 4)

// Salsa20/8 (RFC 7914 section 3) of `input` and `sum`, which becomes the result: of two lanes, which do not wait for each
// other.
static inline __attribute__((always_inline)) void salsa(rows sum[4], const rows input[4]) {
    rows a = sum[0] ^ input[0], b = sum[1] ^ input[1], c = sum[2] ^ input[2], d = sum[3] ^ input[3];
    const rows a0 = a, b0 = b, c0 = c, d0 = d;
    for (int round = 0; round < 4; round++) {
        b ^= ROTATE(a + d, 7);
        c ^= ROTATE(b + a, 9);
        d ^= ROTATE(c + b, 13);
        a ^= ROTATE(d + c, 18);
        b = TURN(b, 3, 0, 1, 2);
        c = TURN(c, 2, 3, 0, 1);
        d = TURN(d, 1, 2, 3, 0);
        d ^= ROTATE(a + b, 7);
        c ^= ROTATE(d + a, 9);
        b ^= ROTATE(c + d, 13);
        a ^= ROTATE(b + c, 18);
        b = TURN(b, 1, 2, 3, 0);
        c = TURN(c, 2, 3, 0, 1);
        d = TURN(d, 3, 0, 1, 2);
    }
    sum[0] = a + a0;
    sum[1] = b + b0;
    sum[2] = c + c0;
    sum[3] = d + d0;
}

// What scryptBlockMix reads of a lane, xored with another block, and where it writes.
struct step {
    const struct block *input, *with;
    struct block *output;
};

// scryptBlockMix (section 4) in both lanes.
static inline __attribute__((always_inline)) void mix(struct step one, struct step other, size_t size) {
    size_t count = 2 * size;
    rows sum[4], next[4];
    for (size_t k = 0, i = count - 1; k < 4; k++)
        sum[k] = BOTH(
            one.input[i].rows[k] ^ one.with[i].rows[k], other.input[i].rows[k] ^ other.with[i].rows[k]);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < 4; k++)
            next[k] = BOTH(
                one.input[i].rows[k] ^ one.with[i].rows[k], other.input[i].rows[k] ^ other.with[i].rows[k]);
        salsa(sum, next);
        size_t place = i / 2 + (i % 2) * size;
        for (size_t k = 0; k < 4; k++) {
            one.output[place].rows[k] = __builtin_shufflevector(sum[k], sum[k], 0, 1, 2, 3);
            other.output[place].rows[k] = __builtin_shufflevector(sum[k], sum[k], 4, 5, 6, 7);
        }
    }
}

// A lane in the second half of scryptROMix, where it asks for blocks by its own content.
struct lane {
    struct block *kept, *current, *next, *made, *spare;
    // The block that was asked for, or the kept one from which it is made in so many steps.
    const struct block *asked;
    uint64_t steps;
    // How many blocks are still to be asked for.
    uint64_t left;
};

static inline __attribute__((always_inline)) void ask(struct lane *lane, size_t count, uint64_t cost) {
    uint64_t place = lane->current[count - 1].rows[0][0] & (cost - 1);
    lane->asked = lane->kept + place / KEPT * count;
    lane->steps = place % KEPT;
}

static inline __attribute__((always_inline)) struct step next_step(const struct lane *lane, const struct block *zeros) {
    if (lane->left == 0) return (struct step) {lane->current, zeros, lane->next};
    if (lane->steps > 0) return (struct step) {lane->asked, zeros, lane->made};
    return (struct step) {lane->current, lane->asked, lane->next};
}

static inline __attribute__((always_inline)) void swap(struct block **one, struct block **other) {
    struct block *kept = *one;
    *one = *other;
    *other = kept;
}

static inline __attribute__((always_inline)) void go_on(struct lane *lane, size_t count, uint64_t cost) {
    if (lane->left == 0) return;
    if (lane->steps > 0) {
        lane->asked = lane->made;
        swap(&lane->made, &lane->spare);
        lane->steps--;
        return;
    }
    swap(&lane->current, &lane->next);
    lane->left--;
    if (lane->left > 0) ask(lane, count, cost);
}

// scryptROMix (section 5) of two lanes. What is made anew costs less than the memory that it saves: a backup's peak.
static inline __attribute__((always_inline)) void mix_all(
    struct lane *one, struct lane *other, size_t size, uint64_t cost, const struct block *zeros) {
    size_t count = 2 * size;
    for (uint64_t i = 0; i < cost; i++) {
        if (i % KEPT == 0) {
            memcpy(one->kept + i / KEPT * count, one->current, count * BLOCK);
            memcpy(other->kept + i / KEPT * count, other->current, count * BLOCK);
        }
        mix((struct step) {one->current, zeros, one->next}, (struct step) {other->current, zeros, other->next}, size);
        swap(&one->current, &one->next);
        swap(&other->current, &other->next);
    }
    one->left = other->left = cost;
    ask(one, count, cost);
    ask(other, count, cost);
    while (one->left > 0 || other->left > 0) {
        mix(next_step(one, zeros), next_step(other, zeros), size);
        go_on(one, count, cost);
        go_on(other, count, cost);
    }
}

#if defined(__x86_64__)
// The same with instructions that rotate.
static __attribute__((target("avx512f,avx512vl"))) void mix_all_avx512(
    struct lane *one, struct lane *other, size_t size, uint64_t cost, const struct block *zeros) {
    mix_all(one, other, size, cost, zeros);
}
#endif

static void mix_all_plain(
    struct lane *one, struct lane *other, size_t size, uint64_t cost, const struct block *zeros) {
    mix_all(one, other, size, cost, zeros);
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

static size_t kept_count(uint64_t cost) {
    return (size_t)((cost + KEPT - 1) / KEPT);
}

size_t crestic_scrypt_memory(size_t block_size, uint64_t cost) {
    // Of each lane the kept blocks and four to work on; the zeros, and room to begin at a whole row.
    return (2 * (kept_count(cost) + 4) + 1) * 128 * block_size + sizeof(row);
}

// A lane that works from `memory` on; the end of what it takes.
static struct block *begin(struct lane *lane, const uint8_t *bytes, size_t count, uint64_t cost, struct block *memory) {
    *lane = (struct lane) {.kept = memory, .current = memory + kept_count(cost) * count};
    lane->next = lane->current + count;
    lane->made = lane->next + count;
    lane->spare = lane->made + count;
    for (size_t i = 0; i < count; i++) load(lane->current + i, bytes + BLOCK * i);
    return lane->spare + count;
}

void crestic_scrypt_mix(uint8_t *lane, uint8_t *other, size_t block_size, uint64_t cost, uint8_t *memory) {
    size_t count = 2 * block_size;
    struct block *zeros = (struct block *)(((uintptr_t)memory + sizeof(row) - 1) / sizeof(row) * sizeof(row));
    memset(zeros, 0, count * BLOCK);
    struct lane lanes[2];
    struct block *rest = begin(&lanes[0], lane, count, cost, zeros + count);
    // One alone is mixed twice.
    begin(&lanes[1], other ? other : lane, count, cost, rest);
#if defined(__x86_64__)
    if (crestic_may_use(ABILITY_AVX512VL)) {
        mix_all_avx512(&lanes[0], &lanes[1], block_size, cost, zeros);
    } else
#endif
        mix_all_plain(&lanes[0], &lanes[1], block_size, cost, zeros);
    for (size_t i = 0; i < count; i++) {
        store(lane + BLOCK * i, lanes[0].current + i);
        if (other) store(other + BLOCK * i, lanes[1].current + i);
    }
    crestic_wipe(memory, crestic_scrypt_memory(block_size, cost));
}
