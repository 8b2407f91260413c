// SPDX-License-Identifier: Apache-2.0

/// Hears what a program says until it ends, on a thread of its own.
struct SFTPListener {
    let process: ChildProcess
    let board: SFTPBoard
    let setup: SFTPChannel.Setup

    /// How often it is looked whether an answer is overdue.
    private static let beat = Duration.seconds(1)
    /// How long a program has to end by itself.
    private static let grace = Duration.seconds(2)

    func listen() {
        var complaints = ServerComplaints(notice: setup.notice)
        let error = hear(&complaints)
        process.hangUp()
        // Nobody waits for the end of the program to learn that there is one.
        if let error { board.end(error) }
        let status = process.reap(within: Self.grace)
        while case .complaint(let bytes) = process.next(within: .zero, hearsComplaints: !complaints.areOver) {
            complaints.add(bytes)
        }
        complaints.finish()
        board.end(reason(status, complaints))
    }

    /// Passes on what comes; nil when the program sends nothing any more.
    private func hear(_ complaints: inout ServerComplaints) -> PlaceError? {
        var framer = SFTPFramer()
        while true {
            do throws(PlaceError) {
                switch process.next(within: Self.beat, hearsComplaints: !complaints.areOver) {
                case .output(let bytes):
                    framer.add(bytes)
                    while let packet = try framer.next() { try board.receive(packet) }
                case .complaint(let bytes): complaints.add(bytes)
                case .silence: break
                case .end: return nil
                }
            } catch {
                return error
            }
            if board.isOverdue(setup.silence) {
                return .unreachable("the server did not answer for \(setup.silence.components.seconds) seconds")
            }
        }
    }

    private func reason(_ status: Int32, _ complaints: ServerComplaints) -> PlaceError {
        let program = setup.command.first ?? ""
        if !board.isGreeted {
            for sign in ["Permission denied", "Host key verification failed"] where complaints.hold(sign) {
                return .refused(PlaceRefusal(act: "sign in with \(program)", reason: sign))
            }
        }
        return .unreachable("\(program) ended with status \(status)")
    }
}

/// What a program says on its standard error, in lines.
private struct ServerComplaints {
    let notice: @Sendable (String) -> Void
    /// Whether it has closed its standard error.
    private(set) var areOver = false
    private var line: [UInt8] = []
    private var last: [String] = []
    private static let longest = 1_000
    private static let kept = 20

    init(notice: @escaping @Sendable (String) -> Void) {
        self.notice = notice
    }

    mutating func add(_ bytes: [UInt8]) {
        areOver = bytes.isEmpty
        for byte in bytes {
            if byte == UInt8(ascii: "\n") { finish() } else if line.count < Self.longest { line.append(byte) }
        }
    }

    mutating func finish() {
        let text = String(decoding: line, as: UTF8.self).filter { $0 != "\r" && $0 != "\r\n" }
        line = []
        guard !text.isEmpty else { return }
        last = Array((last + [text]).suffix(Self.kept))
        notice(text)
    }

    func hold(_ sign: String) -> Bool {
        last.contains { $0.contains(sign) }
    }
}
