// SPDX-License-Identifier: Apache-2.0
#ifndef SALUS_CPOLICIES_H
#define SALUS_CPOLICIES_H

#include <stddef.h>

/// The policies with which a clinic starts, as Cedar text. Constant, never freed.
const unsigned char *salus_policies_bytes(void);

/// The number of bytes of the policies.
size_t salus_policies_size(void);

/// The schema of everything that policies of Salus may ask about, as Cedar text. Constant, never freed.
const unsigned char *salus_schema_bytes(void);

/// The number of bytes of the schema.
size_t salus_schema_size(void);

#endif
