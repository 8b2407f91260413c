// SPDX-License-Identifier: Apache-2.0
#include "sha256.h"

#include "CRestic.h"
#include "processor.h"
#include "words.h"

// FIPS 180-4 section 5.3.3.
static const uint32_t initial_state[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

enum {
    /// What is left of a message, padded: two blocks at most.
    TAIL = 2 * SHA256_BLOCK,
};

/// How many blocks each of the streams has at least.
static size_t common_blocks(struct sha256_stream *const streams[], size_t count) {
    size_t blocks = streams[0]->blocks;
    for (size_t i = 1; i < count; i++)
        if (streams[i]->blocks < blocks) blocks = streams[i]->blocks;
    return blocks;
}

/// Takes as many blocks of each of 1 to SHA256_LANES streams as the shortest has. Every stream has some.
static void compress_common(struct sha256_stream *const streams[], size_t count) {
    size_t blocks = common_blocks(streams, count);
#if defined(__x86_64__)
    if (crestic_may_use(ABILITY_SHA)) {
        sha256_compress_ni(streams, count, blocks);
        return;
    }
#endif
    sha256_compress_plain(streams, count, blocks);
}

/// The same with 1 to SHA256_WIDE_LANES streams. Those that go on together are not always all of them.
static void compress_wide(struct sha256_stream *const streams[], size_t count) {
#if defined(__x86_64__)
    if (count >= SHA256_LEAST_WIDE && crestic_may_use(ABILITY_AVX512)) {
        sha256_compress_avx512(streams, count, common_blocks(streams, count));
        return;
    }
#endif
    for (size_t i = 0; i < count; i += SHA256_LANES)
        compress_common(streams + i, count - i < SHA256_LANES ? count - i : SHA256_LANES);
}

/// Takes all the blocks of all the streams.
static void compress_all(struct sha256_stream streams[], size_t count) {
    for (;;) {
        struct sha256_stream *running[SHA256_LANES];
        size_t running_count = 0;
        for (size_t i = 0; i < count; i++)
            if (streams[i].blocks > 0) running[running_count++] = &streams[i];
        if (running_count == 0) return;
        compress_common(running, running_count);
    }
}

/// Pads what is left of a message (section 5.1.1); the number of blocks that come of it.
static size_t pad(uint8_t tail[TAIL], const uint8_t *rest, size_t rest_length, uint64_t message_length) {
    size_t blocks = rest_length + 1 + 8 > SHA256_BLOCK ? 2 : 1;
    memset(tail, 0, TAIL);
    if (rest_length > 0) memcpy(tail, rest, rest_length);
    tail[rest_length] = 0x80;
    store_big64(tail + blocks * SHA256_BLOCK - 8, message_length << 3);
    return blocks;
}

static void store_hash(uint8_t hash[32], const uint32_t state[8]) {
    for (int i = 0; i < 8; i++) store_big32(hash + 4 * i, state[i]);
}

// MARK: Messages in pieces

/// A piece of a message on its way into a context.
struct piece {
    struct crestic_sha256 *context;
    const uint8_t *data;
    size_t length;
};

/// Moves bytes of the piece behind the pending ones, up to a whole block. Whether there is one now.
static bool fill_pending(struct piece *piece) {
    struct crestic_sha256 *context = piece->context;
    size_t held = context->length % SHA256_BLOCK, wanted = SHA256_BLOCK - held;
    size_t taken = piece->length < wanted ? piece->length : wanted;
    if (taken > 0) memcpy(context->pending + held, piece->data, taken);
    context->length += taken;
    piece->length -= taken;
    if (taken > 0) piece->data += taken;
    return taken == wanted;
}

static void update(struct piece pieces[], size_t count) {
    struct sha256_stream streams[SHA256_LANES];
    for (size_t i = 0; i < count; i++) {
        struct crestic_sha256 *context = pieces[i].context;
        bool begun = context->length % SHA256_BLOCK != 0;
        bool whole = begun && fill_pending(&pieces[i]);
        streams[i] = (struct sha256_stream) {context->state, context->pending, whole ? 1 : 0};
    }
    compress_all(streams, count);
    for (size_t i = 0; i < count; i++) {
        streams[i].next = pieces[i].data;
        streams[i].blocks = pieces[i].length / SHA256_BLOCK;
        pieces[i].context->length += streams[i].blocks * SHA256_BLOCK;
        pieces[i].length %= SHA256_BLOCK;
    }
    compress_all(streams, count);
    for (size_t i = 0; i < count; i++) {
        pieces[i].data = streams[i].next;
        fill_pending(&pieces[i]);
    }
}

void crestic_sha256_init(struct crestic_sha256 *context) {
    *context = (struct crestic_sha256) {0};
    memcpy(context->state, initial_state, sizeof initial_state);
}

void crestic_sha256_update(struct crestic_sha256 *context, const uint8_t *data, size_t length) {
    update((struct piece[]) {{context, data, length}}, 1);
}

void crestic_sha256_update2(
    struct crestic_sha256 *a, const uint8_t *data_a, size_t length_a, //
    struct crestic_sha256 *b, const uint8_t *data_b, size_t length_b) {
    update((struct piece[]) {{a, data_a, length_a}, {b, data_b, length_b}}, 2);
}

void crestic_sha256_update3(
    struct crestic_sha256 *a, const uint8_t *data_a, size_t length_a, //
    struct crestic_sha256 *b, const uint8_t *data_b, size_t length_b, //
    struct crestic_sha256 *c, const uint8_t *data_c, size_t length_c) {
    update((struct piece[]) {{a, data_a, length_a}, {b, data_b, length_b}, {c, data_c, length_c}}, 3);
}

void crestic_sha256_final(struct crestic_sha256 *context, uint8_t hash[32]) {
    uint8_t tail[TAIL];
    size_t blocks = pad(tail, context->pending, context->length % SHA256_BLOCK, context->length);
    compress_all(&(struct sha256_stream) {context->state, tail, blocks}, 1);
    store_hash(hash, context->state);
}

// MARK: Many messages

/// A message on its way: first its whole blocks, then its tail.
struct lane {
    uint32_t state[8];
    struct sha256_stream stream;
    uint8_t tail[TAIL];
    size_t tail_blocks;
    uint8_t *hash;
};

static void begin(struct lane *lane, const uint8_t *data, size_t length, uint8_t *hash) {
    size_t blocks = length / SHA256_BLOCK, rest = length % SHA256_BLOCK;
    memcpy(lane->state, initial_state, sizeof initial_state);
    lane->stream = (struct sha256_stream) {lane->state, data, blocks};
    lane->tail_blocks = pad(lane->tail, rest > 0 ? data + (length - rest) : NULL, rest, length);
    lane->hash = hash;
}

/// Goes on to the tail once there are no other blocks left. False at the end of the message.
static bool has_blocks(struct lane *lane) {
    if (lane->stream.blocks > 0) return true;
    lane->stream.next = lane->tail;
    lane->stream.blocks = lane->tail_blocks;
    lane->tail_blocks = 0;
    return lane->stream.blocks > 0;
}

void crestic_sha256_many(
    const uint8_t *const *data, const size_t *lengths, size_t count, uint8_t (*hashes)[32]) {
    struct lane lanes[SHA256_WIDE_LANES];
    bool runs[SHA256_WIDE_LANES] = {false};
    size_t lane_count = crestic_may_use(ABILITY_AVX512) ? SHA256_WIDE_LANES : SHA256_LANES;
    for (size_t next = 0;;) {
        struct sha256_stream *streams[SHA256_WIDE_LANES];
        size_t stream_count = 0;
        for (size_t i = 0; i < lane_count; i++) {
            if (runs[i] && !has_blocks(&lanes[i])) {
                store_hash(lanes[i].hash, lanes[i].state);
                runs[i] = false;
            }
            if (!runs[i] && next < count) {
                begin(&lanes[i], data[next], lengths[next], hashes[next]);
                runs[i] = has_blocks(&lanes[i]);
                next++;
            }
            if (runs[i]) streams[stream_count++] = &lanes[i].stream;
        }
        if (stream_count == 0) return;
        compress_wide(streams, stream_count);
    }
}
