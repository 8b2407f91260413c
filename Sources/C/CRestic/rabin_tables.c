// SPDX-License-Identifier: Apache-2.0
#include "polynomial.h"
#include "rabin.h"

/// base · x^steps modulo the polynomial.
static uint64_t shifted(uint64_t base, int steps, uint64_t polynomial) {
    for (int i = 0; i < steps; i++) base = polynomial_times_x(base, polynomial);
    return base;
}

/// The matrix that makes of a byte, `distance` bytes before the end of the window, the lowest eight bits of its part.
static uint64_t matrix(int distance, uint64_t polynomial) {
    uint64_t rows = 0;
    for (int bit = 0; bit < 8; bit++) {
        uint64_t part = shifted((uint64_t)1 << bit, 8 * distance, polynomial);
        // GF2P8AFFINEQB keeps the row of the result's bit i in byte 7 - i.
        for (int i = 0; i < 8; i++) rows |= (part >> i & 1) << (8 * (7 - i) + bit);
    }
    return rows;
}

/// x^(DEGREE + 64) divided by the polynomial, by long division, without the highest bit.
static uint64_t inverse(uint64_t polynomial) {
    uint64_t quotient = 0, rest = polynomial ^ (uint64_t)1 << DEGREE;
    for (int i = 0; i < 64; i++) {
        quotient = quotient << 1 | (rest >> (DEGREE - 1) & 1);
        rest = polynomial_times_x(rest, polynomial);
    }
    return quotient;
}

bool crestic_rabin_tables(uint64_t polynomial, struct crestic_rabin *tables) {
    *tables = (struct crestic_rabin) {0};
    if (polynomial_degree(polynomial) != DEGREE) return false;
    tables->polynomial = polynomial;
    for (unsigned byte = 0; byte < 256; byte++) {
        uint64_t over = (uint64_t)byte << DEGREE;
        tables->leaving[byte] = shifted(byte, 8 * (WINDOW - 1), polynomial);
        tables->reducing[byte] = polynomial_remainder(over, polynomial) | over;
    }
    for (int i = 0; i < WINDOW; i++) tables->matrices[i] = matrix(i, polynomial);
    for (int i = 0; i < WINDOW / 8; i++) tables->powers[WINDOW / 8 - 1 - i] = shifted(1, 64 * i, polynomial);
    tables->inverse = inverse(polynomial);
    return true;
}
