// SPDX-License-Identifier: Apache-2.0
#ifndef SALUS_CFILES_H
#define SALUS_CFILES_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// Calls of Linux that Swift does not see, or sees in several modules at once. All return -1 and set errno on failure.

/// Seconds since 1970 and nanoseconds.
struct cfiles_moment {
    int64_t seconds;
    uint32_t nanoseconds;
};

/// What stat(2) says.
struct cfiles_status {
    uint64_t device;
    uint64_t inode;
    uint64_t links;
    /// Of a device, its number.
    uint64_t device_number;
    int64_t size;
    uint32_t mode;
    uint32_t uid;
    uint32_t gid;
    struct cfiles_moment modified;
    struct cfiles_moment changed;
    struct cfiles_moment accessed;
};

/// The status of a name in an open folder, links not followed; of the open file itself for an empty name.
int cfiles_status(int folder, const char *name, struct cfiles_status *status);

/// The names of a path's extended attributes, each with a zero byte behind it; links not followed (llistxattr(2)).
ssize_t cfiles_list_attributes(const char *path, char *list, size_t size);

/// The value of one (lgetxattr(2)).
ssize_t cfiles_get_attribute(const char *path, const char *name, char *value, size_t size);

/// Sets one (lsetxattr(2)).
int cfiles_set_attribute(const char *path, const char *name, const void *value, size_t size);

/// Sets one of an open file (fsetxattr(2)).
int cfiles_set_own_attribute(int file, const char *name, const void *value, size_t size);

/// The names of the attributes of a name in an open folder, as `cfiles_list_attributes` gives them (listxattrat(2), Linux
/// 6.13). ENOSYS where the kernel does not know it.
ssize_t cfiles_list_attributes_at(int folder, const char *name, char *list, size_t size);

/// Lets the process open as many files as it may ask for.
void cfiles_open_many(void);

/// Has all threads share one heap, which gives back what is free at its end.
void cfiles_save_memory(void);

/// 1 for a file system of this machine's own, whose listings show at once what any process has written; 0 for one that
/// others share over a network, or that is not known.
int cfiles_is_of_this_machine(const char *path);

#endif
