// SPDX-License-Identifier: Apache-2.0
#include "CRestic.h"

#include "words.h"

enum {
    /// Bytes that repeat themselves would wait for their own count to be written, so neighbours count in different
    /// tables.
    TABLES = 4,
    /// Below this, clearing and adding up the tables costs more than they save.
    SHORT = 2048,
    /// So long that no count in a table can overflow.
    LONGEST = 1 << 30,
};

static void add(uint32_t *count, uint32_t more) {
    *count = *count > UINT32_MAX - more ? UINT32_MAX : *count + more;
}

static void count_long(const uint8_t *data, size_t length, uint32_t counts[256]) {
    uint32_t tables[TABLES][256] = {0};
    size_t i = 0;
    for (; length - i >= 8; i += 8) {
        uint64_t word = load_little64(data + i);
#pragma unroll
        for (int byte = 0; byte < 8; byte++) tables[byte % TABLES][word >> 8 * byte & 0xff]++;
    }
    for (; i < length; i++) tables[0][data[i]]++;
    for (int byte = 0; byte < 256; byte++)
        add(&counts[byte], tables[0][byte] + tables[1][byte] + tables[2][byte] + tables[3][byte]);
}

void crestic_histogram(const uint8_t *data, size_t length, uint32_t counts[256]) {
    while (length >= SHORT) {
        size_t part = length < LONGEST ? length : LONGEST;
        count_long(data, part, counts);
        data += part;
        length -= part;
    }
    for (size_t i = 0; i < length; i++) add(&counts[data[i]], 1);
}
