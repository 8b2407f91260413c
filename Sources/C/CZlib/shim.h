// SPDX-License-Identifier: Apache-2.0
#ifndef SALUS_CZLIB_SHIM_H
#define SALUS_CZLIB_SHIM_H
#include <zlib.h>
#endif
