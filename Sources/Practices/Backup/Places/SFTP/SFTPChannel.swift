// SPDX-License-Identifier: Apache-2.0

import Dispatch
import ResticFormat

/// An SFTP session with a program that leads to a server, mostly ssh. Many requests are under way at once.
///
/// A thread of its own hears what comes, another one sends; whoever asks waits without a thread. The program ends with this
/// object, and is waited for.
final class SFTPChannel: Sendable {
    private let process: ChildProcess
    private let board: SFTPBoard
    private let writer = DispatchQueue(label: "salus.sftp.write")
    /// What the server can do besides the protocol.
    private let offers: [[UInt8]]

    /// How a program is started, and how long it may be silent while an answer is due.
    struct Setup: Sendable {
        let command: [String]
        var silence = Duration.seconds(120)
        /// Is told what the program says on its standard error.
        var notice: @Sendable (String) -> Void
    }

    /// Starts the program and greets the server.
    ///
    /// - Throws: `PlaceError`.
    init(_ setup: Setup) async throws {
        let (process, board) = (try PlaceError.wrapping { try ChildProcess(setup.command) }, SFTPBoard())
        (self.process, self.board) = (process, board)
        DispatchQueue(label: "salus.sftp.read").async {
            SFTPListener(process: process, board: board, setup: setup).listen()
        }
        let writer = writer
        let greeting = try await withCheckedThrowingContinuation { continuation in
            guard board.expectVersion(continuation) else { return }
            writer.async { Self.send(SFTPRequest.greeting, to: process) }
        }
        guard case .version(3, let offers) = greeting else {
            process.hangUp()
            throw PlaceError.garbled("the server speaks another version of SFTP than 3")
        }
        self.offers = offers
    }

    deinit {
        process.hangUp()
    }

    /// Whether nobody hung up yet.
    var isOpen: Bool { board.isOpen }

    func offers(_ name: [UInt8]) -> Bool { offers.contains(name) }

    /// The answer to a request.
    ///
    /// - Throws: `PlaceError.unreachable` when the connection ends before it came.
    func ask(_ request: SFTPRequest) async throws -> SFTPReply {
        try await withCheckedThrowingContinuation { continuation in
            guard let id = board.expect(continuation) else { return }
            let (packet, process) = (request.packet(id), process)
            writer.async { Self.send(packet, to: process) }
        }
    }

    private static func send(_ packet: [UInt8], to process: ChildProcess) {
        do {
            try process.send(packet)
        } catch {
            // Whoever listens finds out why, and tells everybody who waits.
            process.hangUp()
        }
    }
}

// Requests with one good answer.
extension SFTPChannel {
    /// Asks for something that is done or not.
    func require(_ request: SFTPRequest, to act: String) async throws {
        let reply = try await ask(request)
        guard reply == .status(SFTPReply.ok) else { throw Self.refusal(reply, act) }
    }

    /// A handle; nil where there is nothing of that name.
    func handle(_ request: SFTPRequest, to act: String) async throws -> [UInt8]? {
        switch try await ask(request) {
        case .handle(let handle): return handle
        case .status(SFTPReply.missing): return nil
        case let reply: throw Self.refusal(reply, act)
        }
    }

    /// What is said of a file; nil where there is none.
    func attributes(_ request: SFTPRequest, to act: String) async throws -> SFTPAttributes? {
        switch try await ask(request) {
        case .attributes(let attributes): return attributes
        case .status(SFTPReply.missing): return nil
        case let reply: throw Self.refusal(reply, act)
        }
    }

    static func refusal(_ reply: SFTPReply, _ act: String) -> PlaceError {
        guard case .status(let code) = reply else { return .garbled("an SFTP packet answers something else") }
        let reason =
            switch code {
            case SFTPReply.missing: "there is no such folder on the server"
            case SFTPReply.denied: "the server does not permit it to this user"
            case SFTPReply.unsupported: "the server cannot do that"
            default: "the server failed; is its disk full?"
            }
        return .refused(PlaceRefusal(act: act, reason: "\(reason) (status \(code))"))
    }
}
