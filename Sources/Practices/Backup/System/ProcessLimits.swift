// SPDX-License-Identifier: Apache-2.0

import CFiles

/// What the process asks of the system before long work.
enum ProcessLimits {
    /// Lets as many files be open as the system allows, because every folder on the way is open; and keeps the threads from
    /// each keeping memory that another could use: pieces of files are large, and go from one thread to the next.
    static func prepare() {
        cfiles_open_many()
        cfiles_save_memory()
    }
}
