// SPDX-License-Identifier: Apache-2.0
#ifndef SALUS_CARGON2_SHIM_H
#define SALUS_CARGON2_SHIM_H
#include <argon2.h>
#endif
