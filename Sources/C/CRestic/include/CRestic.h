// SPDX-License-Identifier: Apache-2.0
#ifndef SALUS_CRESTIC_H
#define SALUS_CRESTIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The inner loops of the restic repository format. They allocate nothing, keep no state between calls and may be called
// from any number of threads, each with contexts of its own. Lengths are in bytes. Where a length is zero, the pointer
// beside it may be null. No output may overlap an input or another output, unless it says so.

// MARK: Which instructions are used

/// What the loops may use. All levels give the same bytes; they differ in speed only.
enum crestic_level {
    /// Whatever this processor has.
    CRESTIC_BEST,
    /// Plain C, one step after the other.
    CRESTIC_PLAIN,
    /// Plain C, with independent steps interleaved.
    CRESTIC_INTERLEAVED,
};

enum crestic_kernel { CRESTIC_RABIN, CRESTIC_SHA256, CRESTIC_POLY1305 };

/// Holds the whole process to a level, for tests and measurements. Calls that are running may still end at the old one.
void crestic_force(enum crestic_level level);

/// The name of what a kernel runs on now: "plain", "interleaved", "gfni-avx512", "sha-ni", "sha-ni and avx512",
/// "avx512", "ifma-avx512". Constant, never freed.
const char *crestic_variant(enum crestic_kernel kernel);

// MARK: Where to cut: Rabin fingerprints

/// The number of bytes that a fingerprint looks at.
#define CRESTIC_RABIN_WINDOW 64

/// The degree that a polynomial of a repository has.
#define CRESTIC_RABIN_DEGREE 53

/// What follows from a polynomial: made once by `crestic_rabin_tables`, then read only, by any number of threads.
struct crestic_rabin {
    /// 0 where the tables were never made.
    uint64_t polynomial;
    /// By the byte that leaves the window: its part of the fingerprint.
    uint64_t leaving[256];
    /// By the eight bits that a shift pushes over the degree: what brings the fingerprint back below it.
    uint64_t reducing[256];
    /// By the distance of a byte from the end of the window: the matrix over GF(2) that gives its part of the lowest
    /// eight bits of the fingerprint, in the form of GF2P8AFFINEQB.
    uint64_t matrices[CRESTIC_RABIN_WINDOW];
    /// x^(64·i) modulo the polynomial, for the eight 64-bit words of the window, highest power first.
    uint64_t powers[CRESTIC_RABIN_WINDOW / 8];
    /// x^117 divided by the polynomial, without its highest bit.
    uint64_t inverse;
};

/// Whether a polynomial over GF(2), bit i being the coefficient of x^i, is irreducible (Ben-Or's test). Constants are
/// not. A repository's polynomial is refused unless it is, and has degree 53.
bool crestic_polynomial_is_irreducible(uint64_t polynomial);

/// Makes the tables. False, and tables with which `crestic_rabin_find` finds nothing, where the degree is not 53.
bool crestic_rabin_tables(uint64_t polynomial, struct crestic_rabin *tables);

/// The first place where restic may cut: the smallest `e` in from...to for which the fingerprint of data[e-64..<e] ends
/// in 20 zero bits. The cut is before data[e], so that data[e-1] is the last byte of its chunk. SIZE_MAX, which Swift
/// reads as -1, where there is none.
///
/// INVARIANT: a place depends on the 64 bytes before it alone. restic clears its window at every cut, slides in one
/// byte 1, and then the chunk from 64 bytes before its least length on; the byte 1 has left when the first place
/// counts. So the caller starts at the least length of a chunk, ends at the greatest, and may give a file in pieces as
/// long as 64 bytes before `from` are there.
///
/// - data: `to` bytes are read at most.
/// - from: 64 or more; less is taken as 64. Where `from` is more than `to` there is no place.
size_t crestic_rabin_find(const struct crestic_rabin *tables, const uint8_t *data, size_t from, size_t to);

// MARK: SHA-256 (FIPS 180-4)

/// One hash that is being computed. May be copied. Messages end below 2^61 bytes.
struct crestic_sha256 {
    uint32_t state[8];
    uint64_t length;
    /// The bytes since the last whole block: length % 64 of them.
    uint8_t pending[64];
};

void crestic_sha256_init(struct crestic_sha256 *context);

void crestic_sha256_update(struct crestic_sha256 *context, const uint8_t *data, size_t length);

/// Two messages go on at once, in turns of one instruction: where the processor then waits for neither, in less than the
/// time of two (AMD's do; Intel's Ice Lake was measured not to). The lengths may differ. The contexts must be two; the
/// data may be the same.
void crestic_sha256_update2(
    struct crestic_sha256 *a, const uint8_t *data_a, size_t length_a, //
    struct crestic_sha256 *b, const uint8_t *data_b, size_t length_b);

/// Three messages at once. The contexts must be three; the data may be the same.
void crestic_sha256_update3(
    struct crestic_sha256 *a, const uint8_t *data_a, size_t length_a, //
    struct crestic_sha256 *b, const uint8_t *data_b, size_t length_b, //
    struct crestic_sha256 *c, const uint8_t *data_c, size_t length_c);

/// Writes the hash. The context is spent: `crestic_sha256_init` makes it new.
void crestic_sha256_final(struct crestic_sha256 *context, uint8_t hash[32]);

/// Hashes many messages: sixteen at a time where the processor has AVX-512 and for as long as eight are left, else
/// three. Small files, or the chunks of a large one: sixteen take about the time of six that go one by one.
///
/// - data, lengths: `count` of each.
/// - hashes: room for `count`; hashes[i] becomes the hash of data[i].
void crestic_sha256_many(
    const uint8_t *const *data, const size_t *lengths, size_t count, uint8_t (*hashes)[32]);

// MARK: Poly1305 (RFC 8439 section 2.5)

/// One tag that is being computed. May be copied. Holds the key, until `crestic_poly1305_final` wipes it.
struct crestic_poly1305 {
    uint64_t r[2];
    uint64_t s[2];
    /// The sum so far: below 2^131, lowest word first.
    uint64_t sum[3];
    uint8_t pending[16];
    size_t pending_length;
};

/// - key: r, which is clamped here, and behind it s. For one message only.
void crestic_poly1305_init(struct crestic_poly1305 *context, const uint8_t key[32]);

/// Takes a time that depends on the length alone.
void crestic_poly1305_update(struct crestic_poly1305 *context, const uint8_t *data, size_t length);

/// Writes the tag and wipes the context.
void crestic_poly1305_final(struct crestic_poly1305 *context, uint8_t tag[16]);

/// The three in one. The tag is to be compared in constant time.
void crestic_poly1305(const uint8_t key[32], const uint8_t *data, size_t length, uint8_t tag[16]);

// MARK: scrypt (RFC 7914)

/// How many bytes `crestic_scrypt_mix` works in: a third of what scrypt is known to need for two lanes.
///
/// - block_size: r. - cost: N, a power of two from 2 on. The caller sees to it that 128·r·N fits into a size.
size_t crestic_scrypt_memory(size_t block_size, uint64_t cost);

/// scryptROMix in place, of two lanes in the time of little more than one. Lanes do not depend on each other, so each two
/// may run on a thread of their own. It is much slower than anything here: that is its purpose.
///
/// - lane, other: 128·r bytes each. `other` may be null.
/// - memory: `crestic_scrypt_memory` bytes, in which nothing is left afterwards.
void crestic_scrypt_mix(uint8_t *lane, uint8_t *other, size_t block_size, uint64_t cost, uint8_t *memory);

// MARK: How often each byte occurs

/// Adds to counts[b] how often the byte b occurs in the data. A count stays at UINT32_MAX once it is there.
void crestic_histogram(const uint8_t *data, size_t length, uint32_t counts[256]);

// MARK: Secrets

/// Overwrites memory that held a secret, which no compiler leaves out. Where `length` is zero, `memory` may be null.
void crestic_wipe(void *memory, size_t length);

#endif
