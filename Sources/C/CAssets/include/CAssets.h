// SPDX-License-Identifier: Apache-2.0
#ifndef SALUS_CASSETS_H
#define SALUS_CASSETS_H

#include <stddef.h>

/// The number of embedded files.
int salus_asset_count(void);

/// The bytes of an embedded file, in the order of CAssets.c; constant, never freed. NULL for an unknown number.
const unsigned char *salus_asset_bytes(int number);

/// The number of bytes of an embedded file; 0 for an unknown number.
size_t salus_asset_size(int number);

#endif
