// SPDX-License-Identifier: Apache-2.0
#include "CPasswords.h"

// #embed is C23; clang accepts it in any mode.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char salus_passwords[] = {
#embed "passwords.txt"
};

const unsigned char *salus_passwords_bytes(void) {
    return salus_passwords;
}

size_t salus_passwords_size(void) {
    return sizeof salus_passwords;
}
