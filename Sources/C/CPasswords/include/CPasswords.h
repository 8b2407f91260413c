// SPDX-License-Identifier: Apache-2.0
#ifndef SALUS_CPASSWORDS_H
#define SALUS_CPASSWORDS_H

#include <stddef.h>

/// The most common passwords of eight characters and more: lower case, sorted by bytes, each with a line feed behind
/// it. Constant, never freed.
const unsigned char *salus_passwords_bytes(void);

/// The number of bytes of the list.
size_t salus_passwords_size(void);

#endif
