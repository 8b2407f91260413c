// SPDX-License-Identifier: Apache-2.0

import Glibc

/// An open file of the system, closed with this value. Calls that a signal interrupts are made again.
struct Descriptor: ~Copyable {
    let number: Int32

    /// - Throws: `SystemError`.
    init(opening path: [UInt8], in folder: Int32 = AT_FDCWD, _ flags: Int32, mode: mode_t = 0) throws(SystemError) {
        let name = terminated(path)
        number = Self.again { unsafe openat(folder, name, flags | O_CLOEXEC, mode) }
        guard number >= 0 else { throw SystemError("open", path) }
    }

    init(_ number: Int32) {
        self.number = number
    }

    deinit {
        close(number)
    }

    /// Fills `buffer`, or its bytes `start..<end`, with the file from `offset` on, as far as that goes; how many came.
    func read(
        into buffer: inout [UInt8], from start: Int = 0, to end: Int? = nil, at offset: Int64
    ) throws(SystemError) -> Int {
        let end = end ?? buffer.count
        var done = start
        while done < end {
            // SAFETY: what has room has an address.
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                Self.again {
                    unsafe pread(
                        number, bytes.baseAddress.unsafelyUnwrapped + done, end - done, Int(offset) + done - start)
                }
            }
            guard count >= 0 else { throw SystemError("read") }
            if count == 0 { break }
            done += count
        }
        return done - start
    }

    /// Appends up to `count` bytes of the file from `offset` on, as far as that goes; how many came.
    func read(appendingTo buffer: inout [UInt8], upTo count: Int, at offset: Int64) throws(SystemError) -> Int {
        var (done, error): (Int, SystemError?) = (0, nil)
        buffer.append(addingCapacity: count) { (room: inout OutputSpan<UInt8>) in
            unsafe room.withUnsafeMutableBufferPointer { room, filled in
                while done < count {
                    // SAFETY: the room is at least `count` long, and what has room has an address.
                    let came = Self.again {
                        unsafe pread(
                            number, room.baseAddress.unsafelyUnwrapped + done, count - done, Int(offset) + done)
                    }
                    if came < 0 { error = SystemError("read") }
                    guard came > 0 else { break }
                    done += came
                }
                filled = done
            }
        }
        if let error { throw error }
        return done
    }

    /// Writes all of the bytes where the last write ended.
    func write(_ bytes: [UInt8]) throws(SystemError) {
        var done = 0
        while done < bytes.count {
            // SAFETY: what is not empty has an address.
            let count = unsafe bytes.withUnsafeBytes { bytes in
                Self.again {
                    unsafe Glibc.write(number, bytes.baseAddress.unsafelyUnwrapped + done, bytes.count - done)
                }
            }
            guard count > 0 else { throw SystemError(count == 0 ? ENOSPC : errno, "write") }
            done += count
        }
    }

    /// Writes the bytes at a place of the file.
    func write(_ bytes: ArraySlice<UInt8>, at offset: Int64) throws(SystemError) {
        var done = 0
        while done < bytes.count {
            // SAFETY: what is not empty has an address.
            let count = unsafe bytes.withUnsafeBytes { bytes in
                Self.again {
                    unsafe pwrite(
                        number, bytes.baseAddress.unsafelyUnwrapped + done, bytes.count - done, Int(offset) + done)
                }
            }
            guard count > 0 else { throw SystemError(count == 0 ? ENOSPC : errno, "write") }
            done += count
        }
    }

    /// What the file system says of the open file.
    ///
    /// It is asked here, and not with ``number``: a value that nobody uses any more closes its file.
    func status() throws(SystemError) -> SourceStatus {
        try SourceStatus(of: [], in: number)
    }

    /// Makes the file so long.
    func truncate(to length: Int64) throws(SystemError) {
        guard ftruncate(number, off_t(length)) == 0 else { throw SystemError("write") }
    }

    /// Takes away what anybody else may do with it, and writing from its owner.
    func makeReadOnly() {
        _ = fchmod(number, 0o400)
    }

    /// Takes the lock of the open file for this process alone; false while somebody else has it. It ends with this value.
    func lockAlone() -> Bool {
        Self.again { flock(number, LOCK_EX | LOCK_NB) } == 0
    }

    /// Returns once everything that was written is on the disk.
    func sync() throws(SystemError) {
        guard Self.again({ fsync(number) }) == 0 else { throw SystemError("sync") }
    }

    static func again<Number: SignedInteger>(_ call: () -> Number) -> Number {
        while true {
            let result = call()
            if result != -1 || errno != EINTR { return result }
        }
    }
}
