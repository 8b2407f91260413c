// SPDX-License-Identifier: Apache-2.0
#ifndef SALUS_CFUSE_SHIM_H
#define SALUS_CFUSE_SHIM_H

// The version of the interface: Debian 12 has 3.14, Debian 13 has 3.17.
#define FUSE_USE_VERSION 314
#include <errno.h>
#include <fuse3/fuse_lowlevel.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

// What Swift cannot say: macros, and `struct stat`, which it sees in two modules.

/// What stat(2) is to say of a thing.
struct cfuse_status {
    uint64_t inode;
    uint64_t size;
    uint64_t links;
    uint64_t device_number;
    uint32_t mode;
    uint32_t uid;
    uint32_t gid;
    int64_t modified;
    int64_t accessed;
    int64_t changed;
    uint32_t modified_nanoseconds;
    uint32_t accessed_nanoseconds;
    uint32_t changed_nanoseconds;
};

static inline struct stat cfuse_stat(const struct cfuse_status *status)
{
    struct stat result;
    memset(&result, 0, sizeof result);
    result.st_ino = status->inode;
    result.st_size = (off_t) status->size;
    result.st_blocks = (blkcnt_t) (status->size / 512 + (status->size % 512 != 0));
    result.st_blksize = 4096;
    result.st_nlink = status->links;
    result.st_rdev = status->device_number;
    result.st_mode = status->mode;
    result.st_uid = status->uid;
    result.st_gid = status->gid;
    result.st_mtim.tv_sec = status->modified;
    result.st_mtim.tv_nsec = status->modified_nanoseconds;
    result.st_atim.tv_sec = status->accessed;
    result.st_atim.tv_nsec = status->accessed_nanoseconds;
    result.st_ctim.tv_sec = status->changed;
    result.st_ctim.tv_nsec = status->changed_nanoseconds;
    return result;
}

/// Answers a look-up: the thing has this number until the kernel forgets it.
static inline int cfuse_reply_entry(
    fuse_req_t request, uint64_t number, const struct cfuse_status *status, double seconds)
{
    struct fuse_entry_param entry;
    memset(&entry, 0, sizeof entry);
    entry.ino = number;
    entry.attr = cfuse_stat(status);
    entry.attr_timeout = seconds;
    entry.entry_timeout = seconds;
    return fuse_reply_entry(request, &entry);
}

static inline int cfuse_reply_status(fuse_req_t request, const struct cfuse_status *status, double seconds)
{
    struct stat result = cfuse_stat(status);
    return fuse_reply_attr(request, &result, seconds);
}

/// Answers the opening of a file or folder. What is in it never changes, so the kernel may keep it.
static inline int cfuse_reply_open(fuse_req_t request, uint64_t handle)
{
    struct fuse_file_info file;
    memset(&file, 0, sizeof file);
    file.fh = handle;
    file.keep_cache = 1;
    return fuse_reply_open(request, &file);
}

static inline uint64_t cfuse_handle(const struct fuse_file_info *file)
{
    return file->fh;
}

/// Adds an entry of a folder to `buffer`; the bytes that it takes, more than `size` when it found no room.
static inline size_t cfuse_add_entry(
    fuse_req_t request, char *buffer, size_t size, const char *name, uint64_t inode, uint32_t mode, off_t next)
{
    struct stat status;
    memset(&status, 0, sizeof status);
    status.st_ino = inode;
    status.st_mode = mode;
    return fuse_add_direntry(request, buffer, size, name, &status, next);
}

/// Mounts; NULL when that failed, and why was written to standard error.
static inline struct fuse_session *cfuse_mount(
    const char *folder, const char *options, const struct fuse_lowlevel_ops *operations, void *user)
{
    struct fuse_args arguments = FUSE_ARGS_INIT(0, NULL);
    struct fuse_session *session = NULL;
    if (fuse_opt_add_arg(&arguments, "salus") == 0 && fuse_opt_add_arg(&arguments, "-o") == 0
        && fuse_opt_add_arg(&arguments, options) == 0)
        session = fuse_session_new(&arguments, operations, sizeof *operations, user);
    fuse_opt_free_args(&arguments);
    if (session != NULL && fuse_session_mount(session, folder) != 0) {
        fuse_session_destroy(session);
        return NULL;
    }
    return session;
}

/// Hands the kernel's questions to the operations until somebody unmounts, or until `stop` can be read.
static inline void cfuse_serve(struct fuse_session *session, int stop)
{
    struct fuse_buf buffer;
    memset(&buffer, 0, sizeof buffer);
    while (!fuse_session_exited(session)) {
        struct pollfd waiting[2] = {{fuse_session_fd(session), POLLIN, 0}, {stop, POLLIN, 0}};
        if (poll(waiting, 2, -1) < 0) {
            if (errno == EINTR) continue;
            break;
        }
        if (waiting[1].revents != 0) break;
        int count = fuse_session_receive_buf(session, &buffer);
        if (count == -EINTR || count == -EAGAIN) continue;
        if (count <= 0) break;
        fuse_session_process_buf(session, &buffer);
    }
    free(buffer.mem);
}

#endif
