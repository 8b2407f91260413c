// SPDX-License-Identifier: Apache-2.0
#include "rabin.h"

#include "processor.h"

static inline uint64_t append(const struct crestic_rabin *tables, uint64_t fingerprint, uint8_t byte) {
    return (fingerprint << 8 | byte) ^ tables->reducing[fingerprint >> (DEGREE - 8)];
}

/// The fingerprint one byte further: `next` points behind the window.
static inline uint64_t slide(const struct crestic_rabin *tables, uint64_t fingerprint, const uint8_t *next) {
    return append(tables, fingerprint ^ tables->leaving[next[-WINDOW]], *next);
}

/// The fingerprint of the window that ends at `end`.
static uint64_t fingerprint_before(const struct crestic_rabin *tables, const uint8_t *end) {
    uint64_t fingerprint = 0;
    for (int i = -WINDOW; i < 0; i++) fingerprint = append(tables, fingerprint, end[i]);
    return fingerprint;
}

size_t rabin_find_plain(const struct crestic_rabin *tables, const uint8_t *data, size_t from, size_t to) {
    uint64_t fingerprint = fingerprint_before(tables, data + from);
    for (size_t place = from;; place++) {
        if (is_cut(fingerprint)) return place;
        if (place == to) return SIZE_MAX;
        fingerprint = slide(tables, fingerprint, data + place);
    }
}

enum {
    LANES = 4,
    /// Long beside the window that each lane begins with, short beside a chunk, since lanes behind a cut work for
    /// nothing.
    LANE_PLACES = 4096,
};

/// The place of a lane's first cut is known; only the lanes before it can have an earlier one, from their step i on.
static size_t first_before(
    const struct crestic_rabin *tables, const uint8_t *data, size_t from, size_t lane, size_t i) {
    for (size_t earlier = 0; earlier < lane; earlier++) {
        size_t start = from + earlier * LANE_PLACES;
        size_t found = rabin_find_plain(tables, data, start + i, start + LANE_PLACES - 1);
        if (found != SIZE_MAX) return found;
    }
    return from + lane * LANE_PLACES + i;
}

/// Four stretches of LANE_PLACES places side by side: a step of one does not wait for the step before it in another.
/// Reads the byte behind the last place, too.
static size_t find_in_lanes(const struct crestic_rabin *tables, const uint8_t *data, size_t from) {
    const uint8_t *ends = data + from;
    uint64_t fingerprints[LANES];
    for (size_t lane = 0; lane < LANES; lane++)
        fingerprints[lane] = fingerprint_before(tables, ends + lane * LANE_PLACES);
    for (size_t i = 0; i < LANE_PLACES; i++) {
#pragma unroll
        for (size_t lane = 0; lane < LANES; lane++) {
            if (is_cut(fingerprints[lane])) return first_before(tables, data, from, lane, i);
            fingerprints[lane] = slide(tables, fingerprints[lane], ends + lane * LANE_PLACES + i);
        }
    }
    return SIZE_MAX;
}

size_t rabin_find_interleaved(const struct crestic_rabin *tables, const uint8_t *data, size_t from, size_t to) {
    for (; to - from >= LANES * LANE_PLACES; from += LANES * LANE_PLACES) {
        size_t found = find_in_lanes(tables, data, from);
        if (found != SIZE_MAX) return found;
    }
    return rabin_find_plain(tables, data, from, to);
}

size_t crestic_rabin_find(const struct crestic_rabin *tables, const uint8_t *data, size_t from, size_t to) {
    if (from < WINDOW) from = WINDOW;
    if (tables->polynomial == 0 || from > to) return SIZE_MAX;
#if defined(__x86_64__)
    if (crestic_may_use(ABILITY_GFNI)) return rabin_find_gfni(tables, data, from, to);
#endif
    if (crestic_may_use(ABILITY_INTERLEAVED)) return rabin_find_interleaved(tables, data, from, to);
    return rabin_find_plain(tables, data, from, to);
}
