// SPDX-License-Identifier: Apache-2.0

import CFuse
import Glibc

/// Something that the kernel wants to know, and a way to answer it once.
// SAFETY, of `@unchecked`: libfuse keeps a request until one of its `fuse_reply_` functions is called for it, and those
// may be called on any thread (they take the session's lock, and write the answer with one call). Each question goes to
// one task only, which answers it exactly once, so no two threads ever use the same request.
@safe struct KernelQuestion: @unchecked Sendable {
    private let request: fuse_req_t
    let ask: Ask

    enum Ask: Sendable {
        case look(name: [UInt8], folder: UInt64)
        case status(UInt64)
        case target(UInt64)
        case openFolder(UInt64)
        case openFile(UInt64)
        case names(handle: UInt64, offset: Int, room: Int)
        case read(handle: UInt64, offset: UInt64, count: Int)
        case attribute(UInt64, name: [UInt8], room: Int)
        case attributes(UInt64, room: Int)
    }

    init(_ request: fuse_req_t, _ ask: Ask) {
        unsafe self.request = request
        self.ask = ask
    }

    func fail(_ number: Int32) {
        unsafe fuse_reply_err(request, number)
    }

    func reply(entry number: UInt64, _ status: cfuse_status, seconds: Double) {
        var status = status
        unsafe cfuse_reply_entry(request, number, &status, seconds)
    }

    func reply(_ status: cfuse_status, seconds: Double) {
        var status = status
        unsafe cfuse_reply_status(request, &status, seconds)
    }

    func reply(target: [UInt8]) {
        unsafe fuse_reply_readlink(request, terminated(target))
    }

    func reply(handle: UInt64) {
        unsafe cfuse_reply_open(request, handle)
    }

    func reply(_ bytes: [UInt8]) {
        unsafe bytes.withUnsafeBytes { bytes in
            _ = unsafe fuse_reply_buf(request, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
        }
    }

    /// An attribute, or the list of them: without room only its length is asked for.
    func reply(attribute bytes: [UInt8], room: Int) {
        if room == 0 {
            unsafe fuse_reply_xattr(request, bytes.count)
        } else if bytes.count > room {
            fail(ERANGE)
        } else {
            reply(bytes)
        }
    }

    /// As many names of a folder as there is room for, from a place on.
    func reply(_ entries: [MountHandles.Entry], from offset: Int, room: Int) {
        var bytes = Array(repeating: UInt8(0), count: room)
        var used = 0
        for (place, entry) in entries.enumerated().dropFirst(offset) {
            // SAFETY: not more than what is left of the room is written; no room has no address, and none is needed.
            let size = unsafe bytes.withUnsafeMutableBytes { bytes in
                unsafe cfuse_add_entry(
                    request, bytes.baseAddress?.assumingMemoryBound(to: CChar.self).advanced(by: used), room - used,
                    terminated(entry.name), entry.inode, entry.mode, place + 1)
            }
            guard size <= room - used else { break }
            used += size
        }
        reply(Array(bytes[..<used]))
    }
}
