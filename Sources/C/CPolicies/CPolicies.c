// SPDX-License-Identifier: Apache-2.0
#include "CPolicies.h"

// #embed is C23; clang accepts it in any mode.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char salus_policies[] = {
#embed "policies.cedar"
};

static const unsigned char salus_schema[] = {
#embed "schema.cedarschema"
};

const unsigned char *salus_policies_bytes(void) {
    return salus_policies;
}

size_t salus_policies_size(void) {
    return sizeof salus_policies;
}

const unsigned char *salus_schema_bytes(void) {
    return salus_schema;
}

size_t salus_schema_size(void) {
    return sizeof salus_schema;
}
