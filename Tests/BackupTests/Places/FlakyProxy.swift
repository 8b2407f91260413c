// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport

/// Stands between a client and a server, and does harm to the first connections.
enum FlakyProxy {
    enum Harm: String, CaseIterable, Sendable {
        /// The connection is reset at once.
        case reset
        /// It is reset after some bytes of the answer.
        case cut
        /// It is reset after some bytes of the request.
        case torn
        /// The answer is that the server is busy.
        case busy
        /// There is no answer, ever.
        case silent
    }

    private static let script = """
        import socket, struct, sys, threading, time
        target, count, harm = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
        server = socket.create_server(("127.0.0.1", 0), backlog=64)
        print(server.getsockname()[1], flush=True)

        def end(one):
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            one.close()

        def pump(one, other, limit):
            try:
                while data := one.recv(4096):
                    other.sendall(data)
                    if limit is not None:
                        limit -= len(data)
                        if limit < 0:
                            end(one), end(other)
                            return
                other.shutdown(socket.SHUT_WR)
            except OSError:
                pass

        def serve(one, harmed):
            if harmed and harm == "reset":
                return end(one)
            if harmed and harm == "silent":
                return time.sleep(3600)
            if harmed and harm == "busy":
                one.recv(65536)
                one.sendall(b"HTTP/1.1 503 Busy\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n")
                return one.close()
            other = socket.create_connection(("127.0.0.1", target))
            up = 20000 if harmed and harm == "torn" else None
            down = 50 if harmed and harm == "cut" else None
            threading.Thread(target=pump, args=(one, other, up), daemon=True).start()
            pump(other, one, down)

        while True:
            one, _ = server.accept()
            threading.Thread(target=serve, args=(one, count > 0), daemon=True).start()
            count -= 1
        """

    /// Does `body` with the proxy's address.
    ///
    /// - Parameter count: how many connections are harmed.
    static func with(
        _ harm: Harm, _ count: Int, before address: String, _ body: (String) async throws -> Void
    ) async throws {
        let target = address.split(whereSeparator: { !$0.isNumber }).last.map(String.init) ?? ""
        let proxy = try Program.start("/usr/bin/python3", ["-c", script, target, String(count), harm.rawValue])
        defer { proxy.discard() }
        try await body("http://127.0.0.1:\(try await proxy.line(""))/")
    }
}
