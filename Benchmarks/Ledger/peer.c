// SPDX-License-Identifier: Apache-2.0
// Plain SQLite: one row and one commit at a time, WAL, synchronous=FULL, a prepared statement.
// Usage: peer FILE SECONDS     prints: commits seconds p50µs p99µs synchronous version
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void need(int ok, sqlite3 *db, const char *what) {
    if (ok) return;
    fprintf(stderr, "peer: %s: %s\n", what, db ? sqlite3_errmsg(db) : "no database");
    exit(1);
}

static int ascending(const void *a, const void *b) {
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

// The same ids as ours: milliseconds since 1970 first, the rest random.
static void make_id(unsigned char id[16]) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    uint64_t milliseconds = (uint64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
    getrandom(id, 16, 0);
    for (int i = 0; i < 6; i++) id[i] = milliseconds >> (40 - 8 * i);
}

int main(int count, char **arguments) {
    sqlite3 *db = NULL;
    sqlite3_stmt *insert = NULL, *ask = NULL;
    if (count != 3) return 2;
    double seconds = atof(arguments[2]);
    need(sqlite3_open(arguments[1], &db) == SQLITE_OK, db, "open");
    need(sqlite3_exec(db,
                      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                      "CREATE TABLE IF NOT EXISTS acts (id BLOB PRIMARY KEY, at INT NOT NULL, note BLOB NOT NULL) STRICT",
                      NULL, NULL, NULL) == SQLITE_OK, db, "set up");
    need(sqlite3_prepare_v2(db, "PRAGMA synchronous", -1, &ask, NULL) == SQLITE_OK && sqlite3_step(ask) == SQLITE_ROW,
         db, "ask");
    int synchronous = sqlite3_column_int(ask, 0);
    sqlite3_finalize(ask);
    need(sqlite3_prepare_v2(db, "INSERT INTO acts (id, at, note) VALUES (?, ?, ?)", -1, &insert, NULL) == SQLITE_OK, db,
         "prepare");

    size_t room = 1 << 24, commits = 0;
    float *taken = malloc(room * sizeof *taken);
    unsigned char id[16], note[100];
    memset(note, 7, sizeof note);
    need(taken != NULL, db, "memory");
    double start = now(), last = start;
    while (last - start < seconds && commits < room) {
        make_id(id);
        sqlite3_bind_blob(insert, 1, id, sizeof id, SQLITE_STATIC);
        sqlite3_bind_int64(insert, 2, (sqlite3_int64)(last * 1e6));
        sqlite3_bind_blob(insert, 3, note, sizeof note, SQLITE_STATIC);
        need(sqlite3_step(insert) == SQLITE_DONE, db, "insert");
        sqlite3_reset(insert);
        double then = now();
        taken[commits++] = (float)((then - last) * 1e6);
        last = then;
    }
    qsort(taken, commits, sizeof *taken, ascending);
    printf("%zu %.6f %.1f %.1f %d %s\n", commits, last - start, taken[commits / 2], taken[commits * 99 / 100],
           synchronous, sqlite3_libversion());
    sqlite3_finalize(insert);
    return sqlite3_close(db) == SQLITE_OK ? 0 : 1;
}
