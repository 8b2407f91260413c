// SPDX-License-Identifier: Apache-2.0
// Loaded before a program (LD_PRELOAD): logs what it does to files below a folder, and lets it die or fail there.
//
//   FAULTS_ROOT   the folder
//   FAULTS_LOG    where each act becomes a line, before it is done; "failed" stands before one that was made to fail
//   FAULTS_AT     the number of the act that fails; 0 for none
//   FAULTS_HOW    kill: dies before the act · torn: writes half and dies · full, broken: the act fails with ENOSPC, EIO
//   FAULTS_FOR    how many acts fail from there on, for full and broken

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_long count;
static _Atomic int log_file = -1;

static const char *setting(const char *name) {
    const char *value = getenv(name);
    return value ? value : "";
}

static int is_inside(const char *path) {
    const char *root = setting("FAULTS_ROOT");
    size_t length = strlen(root);
    return length > 0 && path && strncmp(path, root, length) == 0;
}

static int path_of(int number, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", number);
    ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, path, PATH_MAX - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return is_inside(path);
}

static void note(const char *line, size_t length) {
    if (log_file < 0) {
        int made = (int)syscall(
            SYS_openat, AT_FDCWD, setting("FAULTS_LOG"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        int none = -1;
        if (!atomic_compare_exchange_strong(&log_file, &none, made)) syscall(SYS_close, made);
    }
    syscall(SYS_write, log_file, line, length);
}

// Logs the act; 0 when it is to be done, 1 when half of it is, else the error with which it fails.
static int act(const char *format, ...) {
    char line[3 * PATH_MAX];
    va_list list;
    va_start(list, format);
    int length = vsnprintf(line, sizeof line - 1, format, list);
    va_end(list);
    line[length++] = '\n';
    long number = ++count, at = atol(setting("FAULTS_AT"));
    const char *how = setting("FAULTS_HOW");
    int dies = strcmp(how, "kill") == 0 || strcmp(how, "torn") == 0;
    if (at > 0 && number == at && dies) {
        if (strcmp(how, "torn") == 0 && strncmp(line, "write", 5) == 0) {
            note(line, (size_t)length);
            return 1;
        }
        char last[] = "died\n";
        note(last, sizeof last - 1);
        kill(getpid(), SIGKILL);
        for (;;) pause();
    }
    if (at > 0 && !dies && number >= at && number < at + (atol(setting("FAULTS_FOR")) ?: 1)) {
        int error = strcmp(how, "full") == 0 ? ENOSPC : EIO;
        // Taking away never fails for want of space.
        if (!(error == ENOSPC && strncmp(line, "unlink", 6) == 0)) {
            char failed[sizeof line + 8];
            note(failed, (size_t)snprintf(failed, sizeof failed, "failed %.*s", length, line));
            return error;
        }
    }
    note(line, (size_t)length);
    return 0;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define FAIL(error) return errno = (error), -1

static void die_torn(void) {
    note("died\n", 5);
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

ssize_t write(int number, const void *bytes, size_t size) {
    char path[PATH_MAX];
    if (path_of(number, path)) {
        int error = act("write %s %zu", path, size);
        if (error == 1) {
            syscall(SYS_write, number, bytes, size / 2);
            die_torn();
        }
        if (error) FAIL(error);
    }
    return syscall(SYS_write, number, bytes, size);
}

int fsync(int number) {
    char path[PATH_MAX];
    if (path_of(number, path)) {
        struct stat status;
        int is_folder = fstat(number, &status) == 0 && S_ISDIR(status.st_mode);
        int error = act("%s %s", is_folder ? "syncfolder" : "sync", path);
        if (error) FAIL(error);
    }
    return (int)syscall(SYS_fsync, number);
}

int rename(const char *from, const char *to) {
    if (is_inside(to)) {
        int error = act("rename %s %s", from, to);
        if (error) FAIL(error);
    }
    return REAL(rename)(from, to);
}

int unlink(const char *path) {
    if (is_inside(path)) {
        int error = act("unlink %s", path);
        if (error) FAIL(error);
    }
    return REAL(unlink)(path);
}

int mkdir(const char *path, mode_t mode) {
    if (is_inside(path)) {
        int error = act("mkdir %s", path);
        if (error) FAIL(error);
    }
    return REAL(mkdir)(path, mode);
}

// Files are made with openat(2), by whatever name the C library calls it.
static int opened(const char *name, int folder, const char *path, int flags, mode_t mode) {
    if ((flags & O_CREAT) && is_inside(path)) {
        int error = act("create %s", path);
        if (error) FAIL(error);
    }
    int (*real)(int, const char *, int, ...) = (int (*)(int, const char *, int, ...))dlsym(RTLD_NEXT, name);
    return real(folder, path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...) {
    va_list list;
    va_start(list, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0;
    va_end(list);
    return opened("openat", folder, path, flags, mode);
}

int openat64(int folder, const char *path, int flags, ...) {
    va_list list;
    va_start(list, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0;
    va_end(list);
    return opened("openat64", folder, path, flags, mode);
}
