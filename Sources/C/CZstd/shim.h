// SPDX-License-Identifier: Apache-2.0
#ifndef SALUS_CZSTD_SHIM_H
#define SALUS_CZSTD_SHIM_H
#include <zstd.h>
#endif
