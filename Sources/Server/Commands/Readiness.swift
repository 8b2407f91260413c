// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Tells the service manager that the console can be reached (sd_notify(3)), so that whoever starts the service learns
/// whether it came up.
enum Readiness {
    /// Sends the message where systemd listens for it; does nothing where nobody does.
    static func announce(_ environment: [String: String]) {
        guard let path = environment["NOTIFY_SOCKET"], var address = address(path) else { return }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + path.utf8.count)
        let message = Array("READY=1".utf8)
        _ = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { target in
                unsafe sendto(descriptor, message, message.count, Int32(MSG_NOSIGNAL), target, length)
            }
        }
    }

    /// A path, or with a leading @ a name in the kernel's abstract space; nil for what is neither or too long.
    private static func address(_ path: String) -> sockaddr_un? {
        var bytes = Array(path.utf8)
        var address = sockaddr_un()
        guard let first = bytes.first, first == UInt8(ascii: "/") || first == UInt8(ascii: "@"),
            bytes.count < MemoryLayout.size(ofValue: address.sun_path)
        else { return nil }
        if first == UInt8(ascii: "@") { bytes[0] = 0 }
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        return address
    }
}
