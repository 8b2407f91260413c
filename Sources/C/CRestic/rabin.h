// SPDX-License-Identifier: Apache-2.0
#ifndef SALUS_CRESTIC_RABIN_H
#define SALUS_CRESTIC_RABIN_H

#include "CRestic.h"

enum {
    WINDOW = CRESTIC_RABIN_WINDOW,
    DEGREE = CRESTIC_RABIN_DEGREE,
    /// How many bits of a fingerprint are zero where restic cuts.
    CUT_BITS = 20,
};

static inline bool is_cut(uint64_t fingerprint) {
    return (fingerprint & ((1u << CUT_BITS) - 1)) == 0;
}

// What follows has the contract of `crestic_rabin_find`, with tables that were made and WINDOW <= from <= to.

size_t rabin_find_plain(const struct crestic_rabin *tables, const uint8_t *data, size_t from, size_t to);
size_t rabin_find_interleaved(const struct crestic_rabin *tables, const uint8_t *data, size_t from, size_t to);
#if defined(__x86_64__)
size_t rabin_find_gfni(const struct crestic_rabin *tables, const uint8_t *data, size_t from, size_t to);
#endif

#endif
