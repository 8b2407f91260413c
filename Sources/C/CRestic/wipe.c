// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include <string.h>

#include "CRestic.h"

void crestic_wipe(void *memory, size_t length)
{
    if (length > 0)
        explicit_bzero(memory, length);
}
