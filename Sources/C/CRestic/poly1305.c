// SPDX-License-Identifier: Apache-2.0
#include "poly1305.h"

#include "CRestic.h"
#include "processor.h"
#include "words.h"

typedef unsigned __int128 wide;

enum {
    /// Below this the powers of r cost more than they save.
    SHORT_BLOCKS = 32,
};

/// Adds a block, whose bit behind its last byte stands in `high` or in the words themselves, and multiplies.
static inline void absorb(uint64_t sum[3], const uint64_t r[2], uint64_t low, uint64_t middle, uint64_t high) {
    wide carry = (wide)sum[0] + low;
    sum[0] = (uint64_t)carry;
    carry = (wide)sum[1] + middle + (uint64_t)(carry >> 64);
    sum[1] = (uint64_t)carry;
    sum[2] += high + (uint64_t)(carry >> 64);
    poly1305_multiply(sum, r);
}

static void absorb_blocks(struct crestic_poly1305 *context, const uint8_t *data, size_t blocks) {
#if defined(__x86_64__)
    if (blocks >= SHORT_BLOCKS && crestic_may_use(ABILITY_IFMA)) {
        size_t taken = poly1305_blocks_ifma(context->sum, context->r, data, blocks);
        data += taken * POLY1305_BLOCK;
        blocks -= taken;
    }
#endif
    uint64_t sum[3] = {context->sum[0], context->sum[1], context->sum[2]};
    const uint64_t r[2] = {context->r[0], context->r[1]};
    for (; blocks > 0; blocks--, data += POLY1305_BLOCK)
        absorb(sum, r, load_little64(data), load_little64(data + 8), 1);
    memcpy(context->sum, sum, sizeof sum);
}

/// The rest of the message: its own bit stands right behind it.
static void absorb_rest(struct crestic_poly1305 *context) {
    uint8_t last[POLY1305_BLOCK] = {0};
    memcpy(last, context->pending, context->pending_length);
    last[context->pending_length] = 1;
    absorb(context->sum, context->r, load_little64(last), load_little64(last + 8), 0);
}

/// The sum modulo 2^130 - 5, of which a tag has the lowest 128 bits.
static void reduce(uint64_t sum[3]) {
    // The sum is below twice the modulus. Adding 5 carries into bit 130 when it is the modulus or more.
    wide carry = (wide)sum[0] + 5;
    uint64_t low = (uint64_t)carry;
    carry = (wide)sum[1] + (uint64_t)(carry >> 64);
    uint64_t middle = (uint64_t)carry;
    uint64_t over = (sum[2] + (uint64_t)(carry >> 64)) >> 2;
    // No branch: how the sum compares is a secret.
    uint64_t mask = 0 - (over & 1);
    sum[0] = (sum[0] & ~mask) | (low & mask);
    sum[1] = (sum[1] & ~mask) | (middle & mask);
}

/// Overwrites secrets. The compiler has to believe that somebody still looks at them.
static void wipe(void *secret, size_t size) {
    memset(secret, 0, size);
    __asm__ volatile("" : : "r"(secret) : "memory");
}

void crestic_poly1305_init(struct crestic_poly1305 *context, const uint8_t key[32]) {
    *context = (struct crestic_poly1305) {
        .r = {load_little64(key) & 0x0ffffffc0fffffff, load_little64(key + 8) & 0x0ffffffc0ffffffc},
        .s = {load_little64(key + 16), load_little64(key + 24)},
    };
}

void crestic_poly1305_update(struct crestic_poly1305 *context, const uint8_t *data, size_t length) {
    if (context->pending_length > 0) {
        size_t wanted = POLY1305_BLOCK - context->pending_length;
        size_t taken = length < wanted ? length : wanted;
        if (taken == 0) return;
        memcpy(context->pending + context->pending_length, data, taken);
        context->pending_length += taken;
        if (taken < wanted) return;
        absorb_blocks(context, context->pending, 1);
        data += taken;
        length -= taken;
    }
    size_t rest = length % POLY1305_BLOCK;
    absorb_blocks(context, data, length / POLY1305_BLOCK);
    if (rest > 0) memcpy(context->pending, data + (length - rest), rest);
    context->pending_length = rest;
}

void crestic_poly1305_final(struct crestic_poly1305 *context, uint8_t tag[16]) {
    if (context->pending_length > 0) absorb_rest(context);
    reduce(context->sum);
    wide carry = (wide)context->sum[0] + context->s[0];
    store_little64(tag, (uint64_t)carry);
    store_little64(tag + 8, context->sum[1] + context->s[1] + (uint64_t)(carry >> 64));
    wipe(context, sizeof *context);
}

void crestic_poly1305(const uint8_t key[32], const uint8_t *data, size_t length, uint8_t tag[16]) {
    struct crestic_poly1305 context;
    crestic_poly1305_init(&context, key);
    crestic_poly1305_update(&context, data, length);
    crestic_poly1305_final(&context, tag);
}
