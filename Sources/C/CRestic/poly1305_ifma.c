// SPDX-License-Identifier: Apache-2.0
#include "poly1305.h"

#if defined(__x86_64__)

#include <immintrin.h>

// Horner's rule in eight lanes: with q = r^8, lane i sums up blocks i, i + 8, i + 16 and so on, each step times q, and
// in the end the lanes are multiplied by r^8, r^7 … r. Two steps go together, (sum · q + a) · q + b being sum · q^2 + a
// · q + b. Numbers are limbs of 44, 44 and 42 bits, one limb of all lanes to a register: the instructions multiply 52
// bits by 52 and add the lower or the upper half of the product.

#define IFMA __attribute__((target("avx512f,avx512ifma")))
#define ALWAYS_INLINE inline __attribute__((always_inline))

enum {
    LIMBS = 3,
    LANES = 8,
    GROUP = 2 * LANES,
};

static const uint64_t mask44 = ((uint64_t)1 << 44) - 1, mask42 = ((uint64_t)1 << 42) - 1;

/// Of each lane, which block of eight it takes: the order in which two registers of blocks are interleaved.
static const int block_of_lane[LANES] = {0, 4, 1, 5, 2, 6, 3, 7};

/// A number in each lane.
struct numbers {
    __m512i limbs[LIMBS];
};

/// A factor in each lane. A product of limbs that is over 2^130 is over 2^132, at least: it is folded back 20-fold, and
/// of the lowest limb nothing is.
struct factors {
    struct numbers once;
    __m512i twentyfold[LIMBS];
};

/// Sums of the lower 52 bits of products and of the upper ones, by the limb where the lower ones stand.
struct sums {
    __m512i lower[LIMBS], upper[LIMBS];
};

/// The same number as limbs. The highest takes what is over 130 bits, too.
static void split(uint64_t limbs[LIMBS], const uint64_t number[3]) {
    limbs[0] = number[0] & mask44;
    limbs[1] = (number[0] >> 44 | number[1] << 20) & mask44;
    limbs[2] = number[1] >> 24 | number[2] << 40;
}

/// Back from limbs below 2^48.
static void join(uint64_t number[3], const uint64_t limbs[LIMBS]) {
    uint64_t over = limbs[2] >> 42, highest = limbs[2] & mask42;
    unsigned __int128 low = ((unsigned __int128)limbs[1] << 44) + limbs[0] + 5 * over;
    unsigned __int128 high = ((unsigned __int128)highest << 24) + (uint64_t)(low >> 64);
    number[0] = (uint64_t)low;
    number[1] = (uint64_t)high;
    number[2] = (uint64_t)(high >> 64);
}

IFMA static ALWAYS_INLINE struct factors factors_of(uint64_t lanes[LIMBS][LANES]) {
    struct factors result;
    for (int i = 0; i < LIMBS; i++) {
        __m512i limb = _mm512_loadu_si512(lanes[i]);
        result.once.limbs[i] = limb;
        result.twentyfold[i] = _mm512_add_epi64(_mm512_slli_epi64(limb, 4), _mm512_slli_epi64(limb, 2));
    }
    return result;
}

/// Eight blocks, each with its bit behind it.
IFMA static ALWAYS_INLINE struct numbers load(const uint8_t *data) {
    const __m512i mask = _mm512_set1_epi64((long long)mask44);
    __m512i first = _mm512_loadu_si512(data), second = _mm512_loadu_si512(data + 64);
    __m512i low = _mm512_unpacklo_epi64(first, second), high = _mm512_unpackhi_epi64(first, second);
    __m512i across = _mm512_or_si512(_mm512_srli_epi64(low, 44), _mm512_slli_epi64(high, 20));
    return (struct numbers) {{
        _mm512_and_si512(low, mask),
        _mm512_and_si512(across, mask),
        _mm512_or_si512(_mm512_srli_epi64(high, 24), _mm512_set1_epi64((long long)1 << 40)),
    }};
}

/// Adds a · b.
IFMA static ALWAYS_INLINE void multiply_add(struct sums *sums, const struct numbers *a, const struct factors *b) {
#pragma unroll
    for (int i = 0; i < LIMBS; i++) {
#pragma unroll
        for (int j = 0; j < LIMBS; j++) {
            __m512i factor = i + j < LIMBS ? b->once.limbs[j] : b->twentyfold[j];
            int at = (i + j) % LIMBS;
            sums->lower[at] = _mm512_madd52lo_epu64(sums->lower[at], a->limbs[i], factor);
            sums->upper[at] = _mm512_madd52hi_epu64(sums->upper[at], a->limbs[i], factor);
        }
    }
}

/// One number of the sums, its limbs below 2^45. A sum of seven halves is below 2^55.
IFMA static ALWAYS_INLINE struct numbers carried(const struct sums *sums) {
    const __m512i mask = _mm512_set1_epi64((long long)mask44), mask_high = _mm512_set1_epi64((long long)mask42);
    // Upper halves stand 52 bits above the limb: 8 above the next one, or 10 above 2^130, which is 5.
    __m512i middle = _mm512_add_epi64(sums->lower[1], _mm512_slli_epi64(sums->upper[0], 8));
    __m512i high = _mm512_add_epi64(sums->lower[2], _mm512_slli_epi64(sums->upper[1], 8));
    __m512i folded = _mm512_slli_epi64(sums->upper[2], 10);
    __m512i low = _mm512_add_epi64(sums->lower[0], _mm512_add_epi64(folded, _mm512_slli_epi64(folded, 2)));

    middle = _mm512_add_epi64(middle, _mm512_srli_epi64(low, 44));
    high = _mm512_add_epi64(high, _mm512_srli_epi64(middle, 44));
    __m512i over = _mm512_srli_epi64(high, 42);
    low = _mm512_add_epi64(_mm512_and_si512(low, mask), _mm512_add_epi64(over, _mm512_slli_epi64(over, 2)));
    middle = _mm512_add_epi64(_mm512_and_si512(middle, mask), _mm512_srli_epi64(low, 44));
    return (struct numbers) {{_mm512_and_si512(low, mask), middle, _mm512_and_si512(high, mask_high)}};
}

/// r to r^16, by limbs.
static void make_powers(uint64_t powers[GROUP + 1][LIMBS], const uint64_t r[2]) {
    uint64_t power[3] = {r[0], r[1], 0};
    split(powers[1], power);
    for (int i = 2; i <= GROUP; i++) {
        poly1305_multiply(power, r);
        split(powers[i], power);
    }
}

IFMA static struct factors in_all_lanes(const uint64_t limbs[LIMBS]) {
    uint64_t lanes[LIMBS][LANES];
    for (int i = 0; i < LIMBS; i++)
        for (int lane = 0; lane < LANES; lane++) lanes[i][lane] = limbs[i];
    return factors_of(lanes);
}

/// Each lane times the power of r that its block is away from the end, added up.
IFMA static void finish(uint64_t sum[3], const struct numbers *lanes, uint64_t powers[GROUP + 1][LIMBS]) {
    uint64_t each[LIMBS][LANES], limbs[LIMBS];
    for (int i = 0; i < LIMBS; i++)
        for (int lane = 0; lane < LANES; lane++) each[i][lane] = powers[LANES - block_of_lane[lane]][i];
    struct factors factors = factors_of(each);
    struct sums products = {0};
    multiply_add(&products, lanes, &factors);
    struct numbers product = carried(&products);
    for (int i = 0; i < LIMBS; i++) limbs[i] = (uint64_t)_mm512_reduce_add_epi64(product.limbs[i]);
    join(sum, limbs);
}

IFMA size_t poly1305_blocks_ifma(uint64_t sum[3], const uint64_t r[2], const uint8_t *data, size_t blocks) {
    size_t taken = blocks - blocks % GROUP;
    uint64_t powers[GROUP + 1][LIMBS], start[LIMBS];
    make_powers(powers, r);
    struct factors q = in_all_lanes(powers[LANES]), q_squared = in_all_lanes(powers[GROUP]);

    // The sum so far goes with the first block of all, which is in lane 0; later ones go with nothing.
    split(start, sum);
    struct numbers lanes = {0}, before;
    for (int i = 0; i < LIMBS; i++) before.limbs[i] = _mm512_maskz_set1_epi64(1, (long long)start[i]);
    for (size_t block = 0; block < taken; block += GROUP, data += GROUP * POLY1305_BLOCK) {
        struct numbers a = load(data), b = load(data + LANES * POLY1305_BLOCK);
        struct sums sums = {0};
        for (int i = 0; i < LIMBS; i++) {
            a.limbs[i] = _mm512_add_epi64(a.limbs[i], before.limbs[i]);
            before.limbs[i] = _mm512_setzero_si512();
            sums.lower[i] = b.limbs[i];
        }
        multiply_add(&sums, &a, &q);
        multiply_add(&sums, &lanes, &q_squared);
        lanes = carried(&sums);
    }
    if (taken > 0) finish(sum, &lanes, powers);
    return taken;
}

#endif
