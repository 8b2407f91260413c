// SPDX-License-Identifier: Apache-2.0

import CFuse
import Dispatch
import Glibc
import UnixSignals

/// Shows a repository to the kernel through libfuse until somebody unmounts it, or ends the program.
///
/// One thread of its own, which may wait as long as it likes, hears what the kernel asks; tasks answer.
struct FuseMount: Sendable {
    let answers: KernelAnswers
    let folder: String
    /// Of mount(8), with commas between.
    let options: String

    /// - Parameter mounted: is called once the folder shows the repository.
    /// - Throws: `FuseError`, `CancellationError`.
    func run(mounted: @escaping @Sendable () -> Void) async throws {
        let stop = try StopSignal()
        let (questions, asker) = AsyncStream.makeStream(of: KernelQuestion.self)
        let answered = DispatchSemaphore(value: 0)
        let listener = FuseListener(asker: asker, mounted: answers.mounted)
        try await withTaskCancellationHandler {
            try await withThrowingTaskGroup(of: Bool.self) { group in
                group.addTask {
                    try await listener.listen(at: folder, options, stop, until: answered, mounted)
                    return true
                }
                group.addTask {
                    await answer(questions)
                    answered.signal()
                    return false
                }
                group.addTask {
                    for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) { stop.send() }
                    return false
                }
                defer { group.cancelAll() }
                while let isDone = try await group.next(), !isDone {}
            }
            try Task.checkCancellation()
        } onCancel: {
            stop.send()
        }
    }

    private func answer(_ questions: AsyncStream<KernelQuestion>) async {
        await withDiscardingTaskGroup { group in
            for await question in questions { group.addTask { await answers.answer(question) } }
        }
    }
}

/// Why nothing is mounted.
enum FuseError: Error, Equatable, CustomStringConvertible {
    case notMounted(String)

    var description: String {
        switch self {
        case .notMounted(let folder):
            "\(folder) could not be mounted: is it an empty folder, is there /dev/fuse, and (for others than root) the "
                + "program fusermount3 of Debian's package fuse3?"
        }
    }
}

/// Wakes the thread that waits for the kernel.
final class StopSignal: Sendable {
    private let reader: Descriptor
    private let writer: Descriptor

    init() throws(SystemError) {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { throw SystemError("make a pipe") }
        reader = Descriptor(ends[0])
        writer = Descriptor(ends[1])
    }

    func send() {
        try? writer.write([0])
    }

    func waiting<Value>(_ work: (Int32) -> Value) -> Value {
        work(reader.number)
    }
}

/// Hears what the kernel asks, and passes it on.
private final class FuseListener: Sendable {
    private let asker: AsyncStream<KernelQuestion>.Continuation
    private let mounted: MountedRepository

    init(asker: AsyncStream<KernelQuestion>.Continuation, mounted: MountedRepository) {
        (self.asker, self.mounted) = (asker, mounted)
    }

    /// Mounts, listens on a thread of its own, and unmounts once every question is answered.
    func listen(
        at folder: String, _ options: String, _ stop: StopSignal, until answered: DispatchSemaphore,
        _ isMounted: @escaping @Sendable () -> Void
    ) async throws {
        let result: Result<Void, FuseError> = await withCheckedContinuation { continuation in
            DispatchQueue(label: "salus.backup.mount").async { [self] in
                defer { asker.finish() }
                // SAFETY: this object lives until the session is destroyed below, on this very thread.
                let user = unsafe Unmanaged.passUnretained(self).toOpaque()
                var operations = Self.operations
                guard let session = unsafe cfuse_mount(folder, options, &operations, user) else {
                    return continuation.resume(returning: .failure(.notMounted(folder)))
                }
                isMounted()
                stop.waiting { unsafe cfuse_serve(session, $0) }
                asker.finish()
                answered.wait()
                unsafe fuse_session_unmount(session)
                unsafe fuse_session_destroy(session)
                continuation.resume(returning: .success(()))
            }
        }
        try result.get()
    }

    private func ask(_ request: fuse_req_t, _ ask: KernelQuestion.Ask) {
        let question = unsafe KernelQuestion(request, ask)
        if case .terminated = asker.yield(question) { question.fail(EIO) }
    }

    private static func of(_ request: fuse_req_t) -> FuseListener {
        // SAFETY: it is what `listen` gave to the session, and it lives as long.
        unsafe Unmanaged<FuseListener>.fromOpaque(fuse_req_userdata(request)).takeUnretainedValue()
    }

    private static func bytes(_ text: UnsafePointer<CChar>?) -> [UInt8] {
        guard let text = unsafe text else { return [] }
        return unsafe UnsafeBufferPointer(start: text, count: strlen(text)).map { UInt8(bitPattern: $0) }
    }

    private static func handle(_ file: UnsafeMutablePointer<fuse_file_info>?) -> UInt64 {
        guard let file = unsafe file else { return 0 }
        return unsafe cfuse_handle(file)
    }

    /// What libfuse calls; everything else it refuses itself.
    private static var operations: fuse_lowlevel_ops {
        var operations = fuse_lowlevel_ops()
        unsafe operations.lookup = { request, folder, name in
            guard let request = unsafe request else { return }
            unsafe FuseListener.of(request).ask(request, .look(name: FuseListener.bytes(name), folder: folder))
        }
        unsafe operations.forget = { request, number, count in
            guard let request = unsafe request else { return }
            unsafe FuseListener.of(request).mounted.table.forget(number, count)
            unsafe fuse_reply_none(request)
        }
        unsafe operations.getattr = { request, number, _ in
            guard let request = unsafe request else { return }
            unsafe FuseListener.of(request).ask(request, .status(number))
        }
        unsafe operations.readlink = { request, number in
            guard let request = unsafe request else { return }
            unsafe FuseListener.of(request).ask(request, .target(number))
        }
        addFiles(&operations)
        addAttributes(&operations)
        return operations
    }

    private static func addFiles(_ operations: inout fuse_lowlevel_ops) {
        unsafe operations.open = { request, number, _ in
            guard let request = unsafe request else { return }
            unsafe FuseListener.of(request).ask(request, .openFile(number))
        }
        unsafe operations.opendir = { request, number, _ in
            guard let request = unsafe request else { return }
            unsafe FuseListener.of(request).ask(request, .openFolder(number))
        }
        unsafe operations.read = { request, _, count, offset, file in
            guard let request = unsafe request else { return }
            let (handle, offset) = unsafe (FuseListener.handle(file), UInt64(clamping: offset))
            unsafe FuseListener.of(request).ask(request, .read(handle: handle, offset: offset, count: count))
        }
        unsafe operations.readdir = { request, _, room, offset, file in
            guard let request = unsafe request else { return }
            unsafe FuseListener.of(request).ask(
                request, .names(handle: FuseListener.handle(file), offset: max(0, offset), room: room))
        }
        unsafe operations.release = { request, _, file in
            guard let request = unsafe request else { return }
            unsafe FuseListener.of(request).mounted.handles.close(FuseListener.handle(file))
            unsafe fuse_reply_err(request, 0)
        }
        unsafe operations.releasedir = unsafe operations.release
    }

    private static func addAttributes(_ operations: inout fuse_lowlevel_ops) {
        unsafe operations.getxattr = { request, number, name, room in
            guard let request = unsafe request else { return }
            unsafe FuseListener.of(request).ask(request, .attribute(number, name: FuseListener.bytes(name), room: room))
        }
        unsafe operations.listxattr = { request, number, room in
            guard let request = unsafe request else { return }
            unsafe FuseListener.of(request).ask(request, .attributes(number, room: room))
        }
    }
}
