// SPDX-License-Identifier: Apache-2.0
#include "polynomial.h"

#include "CRestic.h"

uint64_t polynomial_remainder(uint64_t polynomial, uint64_t divisor) {
    int degree = polynomial_degree(divisor);
    for (int own = polynomial_degree(polynomial); own >= degree; own = polynomial_degree(polynomial))
        polynomial ^= divisor << (own - degree);
    return polynomial;
}

static uint64_t square(uint64_t polynomial, uint64_t divisor) {
    uint64_t result = 0, shifted = polynomial;
    for (uint64_t bits = polynomial; bits != 0; bits >>= 1) {
        if (bits & 1) result ^= shifted;
        shifted = polynomial_times_x(shifted, divisor);
    }
    return result;
}

static uint64_t greatest_common_divisor(uint64_t a, uint64_t b) {
    while (b != 0) {
        uint64_t rest = polynomial_remainder(a, b);
        a = b;
        b = rest;
    }
    return a;
}

bool crestic_polynomial_is_irreducible(uint64_t polynomial) {
    int degree = polynomial_degree(polynomial);
    if (degree < 1) return false;
    // x^(2^i) - x is the product of all irreducible polynomials whose degree divides i.
    const uint64_t x = 2;
    uint64_t power = x;
    for (int i = 1; i <= degree / 2; i++) {
        power = square(power, polynomial);
        if (greatest_common_divisor(polynomial, power ^ x) != 1) return false;
    }
    return true;
}
