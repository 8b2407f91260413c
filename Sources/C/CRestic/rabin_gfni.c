// SPDX-License-Identifier: Apache-2.0
#include "rabin.h"

#if defined(__x86_64__)

#include "words.h"

#include <immintrin.h>

// A fingerprint is a sum: each byte of the window adds its own part, which depends on its distance from the end. One
// GF2P8AFFINEQB computes the lowest eight bits of the parts of 64 bytes at one distance. So 64 of them give these bits
// for 64 places; the few places where they are zero are looked at whole, by carry-less multiplication.

#define GFNI __attribute__((target("avx512f,avx512bw,gfni,vpclmulqdq,pclmul,sse4.1")))
// Where the sums are to stay in registers.
#define ALWAYS_INLINE inline __attribute__((always_inline))

enum {
    /// The places that are judged at once.
    BLOCK = 64,
    /// The places after which those with eight zeros are looked at. Doing so after each block would take longer:
    /// whether a block has one, the processor cannot foresee.
    STRETCH = 64 * BLOCK,
    /// Chance leaves 16 places of a stretch. Where data repeats itself there can be any number, and looking at each
    /// would take long.
    MOST_CANDIDATES = 128,
    /// A distance is 8 · group + step. The parts of a group are those of group 0 at another place, whole words before.
    GROUPS = 8,
    STEPS = WINDOW / GROUPS,
};

/// By group: the sum over its steps, for the 64 places of a block, as if the group stood at the end of the window.
struct group_sums {
    __m512i of[GROUPS];
};

/// - last: the last byte of the window of the block's first place. STEPS - 1 bytes before it are read, BLOCK - 1
///   behind.
GFNI static ALWAYS_INLINE struct group_sums sums_of_block(const struct crestic_rabin *tables, const uint8_t *last) {
    __m512i bytes[STEPS];
    struct group_sums sums;
#pragma unroll
    for (int step = 0; step < STEPS; step++) bytes[step] = _mm512_loadu_si512(last - step);
#pragma unroll
    for (int group = 0; group < GROUPS; group++) {
        __m512i sum = _mm512_setzero_si512();
#pragma unroll
        for (int step = 0; step < STEPS; step++) {
            __m512i matrix = _mm512_set1_epi64((long long)tables->matrices[group * STEPS + step]);
            sum = _mm512_xor_si512(sum, _mm512_gf2p8affine_epi64_epi8(bytes[step], matrix, 0));
        }
        sums.of[group] = sum;
    }
    return sums;
}

/// The sums of the 64 places before the window of `last`, as far as they reach into it: not before last[-63].
GFNI static __attribute__((noinline)) struct group_sums sums_before(
    const struct crestic_rabin *tables, const uint8_t *last) {
    // The first eight places are asked for by no group, so that what stands in their stead does not matter.
    uint8_t copy[BLOCK + STEPS] = {0};
    memcpy(copy + STEPS + 1, last - (WINDOW - 1), WINDOW - 1);
    return sums_of_block(tables, copy + STEPS);
}

/// A bit for each place of the block whose fingerprint ends in eight zeros.
GFNI static ALWAYS_INLINE uint64_t eight_zeros(const struct group_sums *before, const struct group_sums *here) {
    const __m512i words = _mm512_set_epi64(15, 14, 13, 12, 11, 10, 9, 8);
    __m512i sum = here->of[0];
#pragma unroll
    for (int group = 1; group < GROUPS; group++) {
        __m512i earlier = _mm512_sub_epi64(words, _mm512_set1_epi64(group));
        sum = _mm512_xor_si512(sum, _mm512_permutex2var_epi64(before->of[group], earlier, here->of[group]));
    }
    return _mm512_testn_epi8_mask(sum, sum);
}

/// The places of a stretch that are left to look at.
struct candidates {
    /// Of blocks that have any, in order.
    struct {
        size_t place;
        uint64_t bits;
    } blocks[STRETCH / BLOCK];
    size_t block_count;
    size_t count;
};

/// - to: the place behind the last one, whole blocks behind `from` and STRETCH at most.
GFNI static void find_candidates(
    const struct crestic_rabin *tables, const uint8_t *data, size_t from, size_t to, struct candidates *candidates) {
    struct group_sums before = sums_before(tables, data + from - 1);
    candidates->block_count = candidates->count = 0;
    for (size_t place = from; place < to; place += BLOCK) {
        struct group_sums here = sums_of_block(tables, data + place - 1);
        uint64_t bits = eight_zeros(&before, &here);
        candidates->blocks[candidates->block_count].place = place;
        candidates->blocks[candidates->block_count].bits = bits;
        candidates->block_count += bits != 0;
        candidates->count += (size_t)__builtin_popcountll(bits);
        before = here;
    }
}

GFNI static inline __m128i multiplied(uint64_t a, uint64_t b) {
    return _mm_clmulepi64_si128(_mm_cvtsi64_si128((long long)a), _mm_cvtsi64_si128((long long)b), 0);
}

/// A sum of products modulo the polynomial: Barrett's reduction, exact over GF(2) for a degree below DEGREE + 64.
GFNI static inline uint64_t reduced(const struct crestic_rabin *tables, uint64_t high, uint64_t low) {
    uint64_t over = high << (64 - DEGREE) | low >> DEGREE;
    uint64_t quotient = over ^ (uint64_t)_mm_extract_epi64(multiplied(over, tables->inverse), 1);
    return low ^ (uint64_t)_mm_cvtsi128_si64(multiplied(quotient, tables->polynomial));
}

/// The whole fingerprint of the window that ends at `end`.
GFNI static uint64_t fingerprint_before(const struct crestic_rabin *tables, const uint8_t *end) {
    const __m512i reversed = _mm512_set_epi64(
        0x08090a0b0c0d0e0f, 0x0001020304050607, 0x08090a0b0c0d0e0f, 0x0001020304050607, //
        0x08090a0b0c0d0e0f, 0x0001020304050607, 0x08090a0b0c0d0e0f, 0x0001020304050607);
    __m512i words = _mm512_shuffle_epi8(_mm512_loadu_si512(end - WINDOW), reversed);
    __m512i powers = _mm512_loadu_si512(tables->powers);
    __m512i products = _mm512_xor_si512(
        _mm512_clmulepi64_epi128(words, powers, 0x00), _mm512_clmulepi64_epi128(words, powers, 0x11));
    __m256i half = _mm256_xor_si256(_mm512_castsi512_si256(products), _mm512_extracti64x4_epi64(products, 1));
    __m128i sum = _mm_xor_si128(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
    return reduced(tables, (uint64_t)_mm_extract_epi64(sum, 1), (uint64_t)_mm_cvtsi128_si64(sum));
}

/// The first of the candidates that is a place to cut, or SIZE_MAX.
GFNI static size_t first_cut(
    const struct crestic_rabin *tables, const uint8_t *data, const struct candidates *candidates) {
    for (size_t i = 0; i < candidates->block_count; i++) {
        for (uint64_t bits = candidates->blocks[i].bits; bits != 0; bits &= bits - 1) {
            size_t place = candidates->blocks[i].place + (size_t)__builtin_ctzll(bits);
            if (is_cut(fingerprint_before(tables, data + place))) return place;
        }
    }
    return SIZE_MAX;
}

size_t rabin_find_gfni(const struct crestic_rabin *tables, const uint8_t *data, size_t from, size_t to) {
    struct candidates candidates;
    while (to - from >= BLOCK) {
        size_t end = to - from < STRETCH ? to - (to - from) % BLOCK : from + STRETCH;
        find_candidates(tables, data, from, end, &candidates);
        size_t found = candidates.count <= MOST_CANDIDATES //
            ? first_cut(tables, data, &candidates)
            : rabin_find_plain(tables, data, from, end - 1);
        if (found != SIZE_MAX) return found;
        from = end;
    }
    return rabin_find_plain(tables, data, from, to);
}

#endif
