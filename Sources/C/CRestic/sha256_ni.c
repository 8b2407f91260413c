// SPDX-License-Identifier: Apache-2.0
#include "sha256.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define SHA __attribute__((target("sha,sse4.1,ssse3")))
#define ALWAYS_INLINE inline __attribute__((always_inline))

/// The state as the instructions want it: words a, b, e, f and words c, d, g, h, the first one highest.
struct registers {
    __m128i abef, cdgh;
};

SHA static ALWAYS_INLINE struct registers load_state(const uint32_t state[8]) {
    __m128i dcba = _mm_loadu_si128((const __m128i *)state), hgfe = _mm_loadu_si128((const __m128i *)(state + 4));
    __m128i cdab = _mm_shuffle_epi32(dcba, 0xb1), efgh = _mm_shuffle_epi32(hgfe, 0x1b);
    return (struct registers) {_mm_alignr_epi8(cdab, efgh, 8), _mm_blend_epi16(efgh, cdab, 0xf0)};
}

SHA static ALWAYS_INLINE void store_state(uint32_t state[8], struct registers registers) {
    __m128i feba = _mm_shuffle_epi32(registers.abef, 0x1b), dchg = _mm_shuffle_epi32(registers.cdgh, 0xb1);
    _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(feba, dchg, 0xf0));
    _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

SHA static ALWAYS_INLINE void load_words(__m128i words[4], const uint8_t *block) {
    const __m128i big = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    for (int i = 0; i < 4; i++)
        words[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(block + 16 * i)), big);
}

/// Rounds 4 · step to 4 · step + 3. The words of these rounds give way to those of sixteen rounds later.
SHA static ALWAYS_INLINE void four_rounds(struct registers *now, __m128i words[4], int step) {
    __m128i constants = _mm_load_si128((const __m128i *)(sha256_constants + 4 * step));
    __m128i sum = _mm_add_epi32(words[step % 4], constants);
    now->cdgh = _mm_sha256rnds2_epu32(now->cdgh, now->abef, sum);
    now->abef = _mm_sha256rnds2_epu32(now->abef, now->cdgh, _mm_shuffle_epi32(sum, 0x0e));
    if (step >= 12) return;
    __m128i last = words[(step + 3) % 4];
    __m128i next = _mm_sha256msg1_epu32(words[step % 4], words[(step + 1) % 4]);
    next = _mm_add_epi32(next, _mm_alignr_epi8(last, words[(step + 2) % 4], 4));
    words[step % 4] = _mm_sha256msg2_epu32(next, last);
}

/// `count` is a constant where this is called, so that all the small loops are unrolled.
SHA static ALWAYS_INLINE void compress(struct sha256_stream *const streams[], size_t count, size_t blocks) {
    struct registers states[SHA256_LANES];
    for (size_t lane = 0; lane < count; lane++) states[lane] = load_state(streams[lane]->state);
    for (size_t block = 0; block < blocks; block++) {
        struct registers now[SHA256_LANES];
        __m128i words[SHA256_LANES][4];
        for (size_t lane = 0; lane < count; lane++) {
            now[lane] = states[lane];
            load_words(words[lane], streams[lane]->next + block * SHA256_BLOCK);
        }
#pragma unroll
        for (int step = 0; step < 16; step++)
            for (size_t lane = 0; lane < count; lane++) four_rounds(&now[lane], words[lane], step);
        for (size_t lane = 0; lane < count; lane++) {
            states[lane].abef = _mm_add_epi32(states[lane].abef, now[lane].abef);
            states[lane].cdgh = _mm_add_epi32(states[lane].cdgh, now[lane].cdgh);
        }
    }
    for (size_t lane = 0; lane < count; lane++) {
        store_state(streams[lane]->state, states[lane]);
        streams[lane]->next += blocks * SHA256_BLOCK;
        streams[lane]->blocks -= blocks;
    }
}

SHA void sha256_compress_ni(struct sha256_stream *const streams[], size_t count, size_t blocks) {
    if (count == 1) compress(streams, 1, blocks);
    if (count == 2) compress(streams, 2, blocks);
    if (count == 3) compress(streams, 3, blocks);
}

#endif
