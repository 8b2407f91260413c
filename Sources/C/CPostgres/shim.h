// SPDX-License-Identifier: Apache-2.0
// The client library of PostgreSQL, for Store alone.
#ifndef SALUS_CPOSTGRES_H
#define SALUS_CPOSTGRES_H

#include <libpq-fe.h>

#endif
