// SPDX-License-Identifier: Apache-2.0
#ifndef SALUS_COPENSSL_SHIM_H
#define SALUS_COPENSSL_SHIM_H
#include <openssl/crypto.h>
#include <openssl/evp.h>
#endif
