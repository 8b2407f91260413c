// SPDX-License-Identifier: Apache-2.0
#include "processor.h"

#include "CRestic.h"

#include <stdatomic.h>

// Set once the abilities below it are known, so that 0 says that nobody has looked yet.
enum { KNOWN = 1 << 30 };

static atomic_uint abilities;

static unsigned of_this_processor(void) {
    unsigned found = KNOWN | ABILITY_INTERLEAVED;
#if defined(__x86_64__)
    // These answers include whether the kernel saves the registers.
    if (__builtin_cpu_supports("sha") && __builtin_cpu_supports("sse4.1") && __builtin_cpu_supports("ssse3"))
        found |= ABILITY_SHA;
    if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512bw")) return found;
    found |= ABILITY_AVX512;
    if (__builtin_cpu_supports("avx512vl")) found |= ABILITY_AVX512VL;
    if (__builtin_cpu_supports("gfni") && __builtin_cpu_supports("vpclmulqdq")) found |= ABILITY_GFNI;
    if (__builtin_cpu_supports("avx512ifma")) found |= ABILITY_IFMA;
#endif
    return found;
}

static unsigned known_abilities(void) {
    unsigned known = atomic_load_explicit(&abilities, memory_order_relaxed);
    if (known != 0) return known;
    unsigned found = of_this_processor();
    // Only if a test has not set a level meanwhile; `known` then becomes what it set.
    if (atomic_compare_exchange_strong(&abilities, &known, found)) return found;
    return known;
}

bool crestic_may_use(enum crestic_ability ability) {
    return (known_abilities() & ability) != 0;
}

void crestic_force(enum crestic_level level) {
    unsigned allowed = KNOWN;
    if (level == CRESTIC_INTERLEAVED) allowed |= ABILITY_INTERLEAVED;
    if (level == CRESTIC_BEST) allowed = of_this_processor();
    atomic_store(&abilities, allowed);
}

const char *crestic_variant(enum crestic_kernel kernel) {
    switch (kernel) {
    case CRESTIC_RABIN:
        if (crestic_may_use(ABILITY_GFNI)) return "gfni-avx512";
        return crestic_may_use(ABILITY_INTERLEAVED) ? "interleaved" : "plain";
    case CRESTIC_SHA256:
        if (crestic_may_use(ABILITY_AVX512)) return crestic_may_use(ABILITY_SHA) ? "sha-ni and avx512" : "avx512";
        return crestic_may_use(ABILITY_SHA) ? "sha-ni" : "plain";
    case CRESTIC_POLY1305:
        return crestic_may_use(ABILITY_IFMA) ? "ifma-avx512" : "plain";
    }
    return "plain";
}
