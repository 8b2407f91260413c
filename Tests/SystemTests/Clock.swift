// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport

/// A wall clock that a test moves while the program runs; what counts seconds since the start is left alone, as it is
/// on a machine whose clock somebody sets.
struct Clock: Sendable {
    private let folder: String

    /// Whether there is a C compiler; says so loudly when not.
    static let isPossible: Bool = {
        if compiler == nil { print("SKIPPED: no C compiler to make a clock that can be moved") }
        return compiler != nil
    }()

    private static let compiler = ["/usr/bin/cc", "/usr/bin/clang", "/usr/bin/gcc"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    private static let source = """
        #define _GNU_SOURCE
        #include <fcntl.h>
        #include <stdlib.h>
        #include <sys/mman.h>
        #include <sys/syscall.h>
        #include <sys/time.h>
        #include <time.h>
        #include <unistd.h>
        static volatile const long *shift;
        __attribute__((constructor)) static void open_shift(void) {
          const char *path = getenv("CLOCK_SHIFT");
          int file = path ? open(path, O_RDONLY) : -1;
          void *page = file < 0 ? MAP_FAILED : mmap(0, sizeof(long), PROT_READ, MAP_SHARED, file, 0);
          if (page != MAP_FAILED) shift = page;
        }
        int clock_gettime(clockid_t clock, struct timespec *time) {
          int status = syscall(SYS_clock_gettime, clock, time);
          if (status == 0 && shift && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) time->tv_sec += *shift;
          return status;
        }
        int gettimeofday(struct timeval *restrict time, void *restrict zone) {
          struct timespec now;
          int status = clock_gettime(CLOCK_REALTIME, &now);
          if (time) *time = (struct timeval){now.tv_sec, now.tv_nsec / 1000};
          return status;
        }
        time_t time(time_t *where) {
          struct timespec now;
          clock_gettime(CLOCK_REALTIME, &now);
          if (where) *where = now.tv_sec;
          return now.tv_sec;
        }
        """

    /// A clock that goes right, with its files in `folder`.
    init(in folder: String) async throws {
        self.folder = folder
        try write(Self.source, to: "\(folder)/clock.c")
        let built = try await Program.run(
            Self.compiler ?? "/usr/bin/cc", ["-shared", "-fPIC", "-O1", "-o", "clock.so", "clock.c"], in: folder)
        guard built.status == 0 else { throw TestSupportError(built.words) }
        try move(by: 0)
    }

    /// What makes a program go by this clock.
    var environment: [String: String] {
        ["LD_PRELOAD": "\(folder)/clock.so", "CLOCK_SHIFT": "\(folder)/shift"]
    }

    /// Sets the clock so many seconds away from the right time.
    func move(by seconds: Int64) throws {
        let bytes = unsafe withUnsafeBytes(of: seconds) { unsafe Data($0) }
        let path = "\(folder)/shift"
        guard let file = FileHandle(forUpdatingAtPath: path) else {
            try bytes.write(to: URL(fileURLWithPath: path))
            return
        }
        // In place: the program has the file mapped.
        try file.write(contentsOf: bytes)
        try file.close()
    }
}
