// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A TCP port at which this process accepts connections.
struct ListeningPort: Hashable, Sendable {
    /// The port.
    let number: Int
    /// Whether it is reached over IPv6 alone.
    let isIPv6Only: Bool
}

/// The listening sockets of this process, from the kernel's own tables.
enum ListeningPorts {
    /// The ports, sorted; empty where /proc does not tell.
    static func ofThisProcess() -> [ListeningPort] {
        let inodes = socketInodes()
        var found: [Int: Bool] = [:]
        for (path, isIPv6) in [("/proc/self/net/tcp", false), ("/proc/self/net/tcp6", true)] {
            for port in listening(path, inodes) { found[port] = (found[port] ?? true) && isIPv6 }
        }
        return found.map { ListeningPort(number: $0.key, isIPv6Only: $0.value) }.sorted { $0.number < $1.number }
    }

    /// The inodes of the sockets that this process holds: its descriptors are links to `socket:[inode]`.
    private static func socketInodes() -> Set<String> {
        var inodes: Set<String> = []
        guard let directory = unsafe opendir("/proc/self/fd") else { return [] }
        defer { unsafe closedir(directory) }
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafePointer(to: entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            var target = [CChar](repeating: 0, count: 64)
            let length = unsafe readlink("/proc/self/fd/\(name)", &target, 63)
            guard length > 0 else { continue }
            let text = String(decoding: target.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if text.hasPrefix("socket:["), text.hasSuffix("]") { inodes.insert(String(text.dropFirst(8).dropLast())) }
        }
        return inodes
    }

    /// The local ports in state LISTEN (0A) whose inode is one of ours; columns as in proc(5).
    private static func listening(_ path: String, _ inodes: Set<String>) -> [Int] {
        guard let text = read(path) else { return [] }
        return text.split(separator: "\n").dropFirst().compactMap { line in
            let columns = line.split(separator: " ")
            guard columns.count > 9, columns[3] == "0A", inodes.contains(String(columns[9])),
                let port = columns[1].split(separator: ":").last.flatMap({ Int($0, radix: 16) })
            else { return nil }
            return port
        }
    }

    private static func read(_ path: String) -> String? {
        guard let file = unsafe fopen(path, "r") else { return nil }
        defer { unsafe fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while bytes.count < 16 << 20 {
            let count = unsafe fread(&buffer, 1, buffer.count, file)
            if count == 0 { break }
            bytes += buffer.prefix(count)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
