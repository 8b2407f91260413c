// SPDX-License-Identifier: Apache-2.0
#include "sha256.h"

#if defined(__x86_64__)

#include <immintrin.h>

// Sixteen messages side by side: a register holds the same word of all of them.

#define AVX512 __attribute__((target("avx512f,avx512bw")))
#define ALWAYS_INLINE inline __attribute__((always_inline))

enum { WIDE = SHA256_WIDE_LANES };

/// Rows become columns: register i then holds what was word i of each.
AVX512 static ALWAYS_INLINE void transpose(__m512i rows[WIDE]) {
    __m512i pairs[WIDE], fours[WIDE];
#pragma unroll
    for (int i = 0; i < WIDE; i += 2) {
        pairs[i] = _mm512_unpacklo_epi32(rows[i], rows[i + 1]);
        pairs[i + 1] = _mm512_unpackhi_epi32(rows[i], rows[i + 1]);
    }
#pragma unroll
    for (int i = 0; i < WIDE; i += 4) {
        fours[i] = _mm512_unpacklo_epi64(pairs[i], pairs[i + 2]);
        fours[i + 1] = _mm512_unpackhi_epi64(pairs[i], pairs[i + 2]);
        fours[i + 2] = _mm512_unpacklo_epi64(pairs[i + 1], pairs[i + 3]);
        fours[i + 3] = _mm512_unpackhi_epi64(pairs[i + 1], pairs[i + 3]);
    }
    // A quarter of fours[i] now holds one column of four rows. The masks take the even quarters or the odd ones.
#pragma unroll
    for (int i = 0; i < 4; i++) {
        __m512i even_low = _mm512_shuffle_i32x4(fours[i], fours[i + 4], 0x88);
        __m512i even_high = _mm512_shuffle_i32x4(fours[i + 8], fours[i + 12], 0x88);
        __m512i odd_low = _mm512_shuffle_i32x4(fours[i], fours[i + 4], 0xdd);
        __m512i odd_high = _mm512_shuffle_i32x4(fours[i + 8], fours[i + 12], 0xdd);
        rows[i] = _mm512_shuffle_i32x4(even_low, even_high, 0x88);
        rows[i + 4] = _mm512_shuffle_i32x4(odd_low, odd_high, 0x88);
        rows[i + 8] = _mm512_shuffle_i32x4(even_low, even_high, 0xdd);
        rows[i + 12] = _mm512_shuffle_i32x4(odd_low, odd_high, 0xdd);
    }
}

AVX512 static ALWAYS_INLINE void load_words(__m512i words[WIDE], const uint8_t *const next[WIDE], size_t offset) {
    const __m512i big = _mm512_broadcast_i32x4(_mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203));
#pragma unroll
    for (int i = 0; i < WIDE; i++) words[i] = _mm512_shuffle_epi8(_mm512_loadu_si512(next[i] + offset), big);
    transpose(words);
}

enum { XOR3 = 0x96, CHOICE = 0xca, MAJORITY = 0xe8 };

/// FIPS 180-4 section 6.2.2 step 3. The state is not moved: what is a in one round is b in the next.
AVX512 static ALWAYS_INLINE void round_of(__m512i state[8], int i, __m512i word_and_constant) {
    __m512i a = state[-i & 7], b = state[(1 - i) & 7], c = state[(2 - i) & 7], e = state[(4 - i) & 7];
    __m512i f = state[(5 - i) & 7], g = state[(6 - i) & 7], h = state[(7 - i) & 7];
    __m512i s1 = _mm512_ternarylogic_epi32(
        _mm512_ror_epi32(e, 6), _mm512_ror_epi32(e, 11), _mm512_ror_epi32(e, 25), XOR3);
    __m512i s0 = _mm512_ternarylogic_epi32(
        _mm512_ror_epi32(a, 2), _mm512_ror_epi32(a, 13), _mm512_ror_epi32(a, 22), XOR3);
    __m512i t1 = _mm512_add_epi32(_mm512_add_epi32(h, word_and_constant), s1);
    t1 = _mm512_add_epi32(t1, _mm512_ternarylogic_epi32(e, f, g, CHOICE));
    __m512i t2 = _mm512_add_epi32(s0, _mm512_ternarylogic_epi32(a, b, c, MAJORITY));
    state[(3 - i) & 7] = _mm512_add_epi32(state[(3 - i) & 7], t1);
    state[(7 - i) & 7] = _mm512_add_epi32(t1, t2);
}

/// Step 1: the word sixteen rounds later, in the place of this one.
AVX512 static ALWAYS_INLINE void expand(__m512i words[WIDE], int i) {
    __m512i a = words[(i + 1) % 16], b = words[(i + 14) % 16];
    __m512i s0 = _mm512_ternarylogic_epi32(
        _mm512_ror_epi32(a, 7), _mm512_ror_epi32(a, 18), _mm512_srli_epi32(a, 3), XOR3);
    __m512i s1 = _mm512_ternarylogic_epi32(
        _mm512_ror_epi32(b, 17), _mm512_ror_epi32(b, 19), _mm512_srli_epi32(b, 10), XOR3);
    __m512i sum = _mm512_add_epi32(_mm512_add_epi32(words[i], s0), words[(i + 9) % 16]);
    words[i] = _mm512_add_epi32(sum, s1);
}

AVX512 static ALWAYS_INLINE void sixteen_rounds(__m512i state[8], const __m512i words[WIDE], int first) {
#pragma unroll
    for (int i = 0; i < 16; i++) {
        __m512i constant = _mm512_set1_epi32((int)sha256_constants[first + i]);
        round_of(state, i, _mm512_add_epi32(words[i], constant));
    }
}

AVX512 static ALWAYS_INLINE void compress(__m512i state[8], __m512i words[WIDE]) {
    __m512i now[8];
    for (int i = 0; i < 8; i++) now[i] = state[i];
    sixteen_rounds(now, words, 0);
    for (int first = 16; first < 64; first += 16) {
#pragma unroll
        for (int i = 0; i < 16; i++) expand(words, i);
        sixteen_rounds(now, words, first);
    }
    for (int i = 0; i < 8; i++) state[i] = _mm512_add_epi32(state[i], now[i]);
}

AVX512 void sha256_compress_avx512(struct sha256_stream *const streams[], size_t count, size_t blocks) {
    uint32_t states[8][WIDE];
    const uint8_t *next[WIDE];
    for (size_t lane = 0; lane < WIDE; lane++) {
        // A lane without a message does the work of the first one again, for nothing.
        const struct sha256_stream *stream = streams[lane < count ? lane : 0];
        next[lane] = stream->next;
        for (size_t i = 0; i < 8; i++) states[i][lane] = stream->state[i];
    }
    __m512i state[8], words[WIDE];
    for (size_t i = 0; i < 8; i++) state[i] = _mm512_loadu_si512(states[i]);
    for (size_t block = 0; block < blocks; block++) {
        load_words(words, next, block * SHA256_BLOCK);
        compress(state, words);
    }
    for (size_t i = 0; i < 8; i++) _mm512_storeu_si512(states[i], state[i]);
    for (size_t lane = 0; lane < count; lane++) {
        for (size_t i = 0; i < 8; i++) streams[lane]->state[i] = states[i][lane];
        streams[lane]->next += blocks * SHA256_BLOCK;
        streams[lane]->blocks -= blocks;
    }
}

#endif
