// SPDX-License-Identifier: Apache-2.0
#ifndef SALUS_CRESTIC_POLYNOMIAL_H
#define SALUS_CRESTIC_POLYNOMIAL_H

#include <stdint.h>

// Polynomials over GF(2): bit i of a word is the coefficient of x^i, and addition is exclusive or.

/// -1 for the polynomial 0.
static inline int polynomial_degree(uint64_t polynomial) {
    return polynomial == 0 ? -1 : 63 - __builtin_clzll(polynomial);
}

/// The remainder. The divisor is not 0.
uint64_t polynomial_remainder(uint64_t polynomial, uint64_t divisor);

/// The remainder of polynomial · x. The polynomial's degree is below the divisor's, which is 1 or more.
static inline uint64_t polynomial_times_x(uint64_t polynomial, uint64_t divisor) {
    int degree = polynomial_degree(divisor);
    // Of a divisor of degree 63 the highest bit would be shifted out; it is cancelled beforehand.
    uint64_t carried = polynomial >> (degree - 1) & 1;
    polynomial &= ~(carried << (degree - 1));
    uint64_t lower = divisor ^ (uint64_t)1 << degree;
    return polynomial << 1 ^ (carried ? lower : 0);
}

#endif
