// SPDX-License-Identifier: Apache-2.0
#ifndef SALUS_CRESTIC_PROCESSOR_H
#define SALUS_CRESTIC_PROCESSOR_H

#include <stdbool.h>

/// What the loops may use, each a bit.
enum crestic_ability {
    ABILITY_INTERLEAVED = 1,
    /// GFNI and carry-less multiplication, on registers of 512 bits by bytes.
    ABILITY_GFNI = 2,
    ABILITY_SHA = 4,
    /// Multiplication of 52 bits, on registers of 512 bits.
    ABILITY_IFMA = 8,
    /// Registers of 512 bits by bytes.
    ABILITY_AVX512 = 16,
    /// The instructions of these, on registers of 128 bits.
    ABILITY_AVX512VL = 32,
};

/// Whether the loops may use something: the processor has it, and no test holds the process to less.
bool crestic_may_use(enum crestic_ability ability);

#endif
