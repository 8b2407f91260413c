// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CFiles.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>

static struct cfiles_moment moment(struct timespec time)
{
    return (struct cfiles_moment){.seconds = time.tv_sec, .nanoseconds = (uint32_t)time.tv_nsec};
}

int cfiles_status(int folder, const char *name, struct cfiles_status *status)
{
    struct stat found;
    int flags = AT_SYMLINK_NOFOLLOW | (name[0] == 0 ? AT_EMPTY_PATH : 0);
    if (fstatat(folder, name, &found, flags) != 0)
        return -1;
    *status = (struct cfiles_status){
        .device = found.st_dev,
        .inode = found.st_ino,
        .links = found.st_nlink,
        .device_number = found.st_rdev,
        .size = found.st_size,
        .mode = found.st_mode,
        .uid = found.st_uid,
        .gid = found.st_gid,
        .modified = moment(found.st_mtim),
        .changed = moment(found.st_ctim),
        .accessed = moment(found.st_atim),
    };
    return 0;
}

ssize_t cfiles_list_attributes(const char *path, char *list, size_t size)
{
    return llistxattr(path, list, size);
}

ssize_t cfiles_get_attribute(const char *path, const char *name, char *value, size_t size)
{
    return lgetxattr(path, name, value, size);
}

int cfiles_set_attribute(const char *path, const char *name, const void *value, size_t size)
{
    return lsetxattr(path, name, value, size, 0);
}
