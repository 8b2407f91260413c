// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import CRestic

/// Seals and opens what a repository holds: nonce (16) ‖ AES-256-CTR of the content ‖ Poly1305-AES tag (16) over the
/// ciphertext alone (restic design, "Keys, Encryption and MAC").
///
/// One for each thread: it keeps the expanded keys and is not to be shared.
@safe public struct Sealer: ~Copyable {
    /// Bytes by which content grows.
    public static let overhead = 32
    /// Bytes of a nonce.
    public static let nonceByteCount = 16

    private let stream: OpaquePointer
    private let block: OpaquePointer
    private let key: MasterKey

    /// - Throws: `unavailable` when the library has no AES or no memory.
    public init(_ key: MasterKey) throws(FormatError) {
        let stream = try unsafe Self.context(EVP_aes_256_ctr(), key, at: 0)
        do {
            unsafe block = try unsafe Self.context(EVP_aes_128_ecb(), key, at: 32)
        } catch {
            unsafe EVP_CIPHER_CTX_free(stream)
            throw error
        }
        unsafe self.stream = stream
        self.key = key
    }

    /// A cipher with the part of the key that begins at a byte.
    private static func context(
        _ cipher: OpaquePointer?, _ key: MasterKey, at place: Int
    ) throws(FormatError) -> OpaquePointer {
        guard Cryptography.isReady, let context = unsafe EVP_CIPHER_CTX_new() else {
            throw .unavailable("memory for AES")
        }
        let isReady = key.withBytes { secret in
            unsafe secret.withUnsafeBufferPointer { secret in
                guard let start = secret.baseAddress else { return false }
                return unsafe EVP_EncryptInit_ex(context, cipher, nil, start + place, nil) == 1
                    && EVP_CIPHER_CTX_set_padding(context, 0) == 1
            }
        }
        guard isReady else {
            unsafe EVP_CIPHER_CTX_free(context)
            throw .unavailable("AES")
        }
        return unsafe context
    }

    deinit {
        unsafe EVP_CIPHER_CTX_free(stream)
        unsafe EVP_CIPHER_CTX_free(block)
    }

    /// Appends the sealed form of `content`, under a nonce from `generator`, which must be one fit for keys.
    ///
    /// - Throws: `unavailable`; `output` is then as it was.
    public func seal(
        _ content: Span<UInt8>, using generator: inout some RandomNumberGenerator, into output: inout [UInt8]
    ) throws(FormatError) {
        try seal(content, nonce: Nonce(using: &generator), into: &output)
    }

    func seal(_ content: Span<UInt8>, nonce: Nonce, into output: inout [UInt8]) throws(FormatError) {
        let start = output.count
        output.reserveCapacity(start + content.count + Self.overhead)
        nonce.append(to: &output)
        do {
            try crypt(content, nonce, into: &output)
            try appendTag(nonce, to: &output, from: start)
        } catch {
            output.removeLast(output.count - start)
            throw error
        }
    }

    /// Seals, where it stands, what was appended to `output` behind room for a nonce at `start`.
    ///
    /// - Throws: `unavailable`; what was appended is then of no use.
    func seal(
        behind start: Int, of output: inout [UInt8], using generator: inout some RandomNumberGenerator
    ) throws(FormatError) {
        let nonce = Nonce(using: &generator)
        for place in nonce.bytes.indices { output[start + place] = nonce.bytes[place] }
        let first = start + Self.nonceByteCount
        guard let count = Int32(exactly: output.count - first) else { throw .tooLarge(.blob, limit: Int(Int32.max)) }
        try prepare(nonce)
        let stream = unsafe self.stream
        var (isDone, done): (Bool, Int32) = (count == 0, 0)
        unsafe output.withUnsafeMutableBufferPointer { room in
            guard count > 0, let base = room.baseAddress else { return }
            // SAFETY: libcrypto's counter mode may write where it reads.
            isDone = unsafe EVP_EncryptUpdate(stream, base + first, &done, base + first, count) == 1 && done == count
        }
        guard isDone else { throw .unavailable("AES") }
        try appendTag(nonce, to: &output, from: start)
    }

    private func appendTag(_ nonce: Nonce, to output: inout [UInt8], from start: Int) throws(FormatError) {
        let tag = try tag(of: output.span.extracting((start + Self.nonceByteCount)...), nonce)
        for place in tag.indices { output.append(tag[place]) }
    }

    private func prepare(_ nonce: Nonce) throws(FormatError) {
        let stream = unsafe self.stream
        let isReady = unsafe nonce.bytes.span.withUnsafeBufferPointer { nonce in
            unsafe EVP_EncryptInit_ex(stream, nil, nil, nil, nonce.baseAddress) == 1
        }
        guard isReady else { throw .unavailable("AES") }
    }

    /// Appends the content of `sealed`, once its tag was found right.
    ///
    /// - Throws: `tooShort`, `unauthenticated`, `unavailable`; `output` is then as it was.
    public func open(
        _ sealed: Span<UInt8>, part: FormatError.Part, into output: inout [UInt8]
    ) throws(FormatError) {
        guard sealed.count >= Self.overhead else { throw .tooShort(part) }
        let content = Self.nonceByteCount..<sealed.count - Self.nonceByteCount
        guard let nonce = Nonce(sealed.extracting(0..<Self.nonceByteCount)) else { throw .unauthenticated(part) }
        try requireTag(sealed, content, nonce, part)
        try crypt(sealed.extracting(content), nonce, into: &output)
    }

    /// Opens `sealed` in pieces that stay near the processor, holds them against `content`, and hashes them.
    ///
    /// - Returns: the id of what opens; nil where it is something else.
    /// - Throws: as ``open(_:part:into:)``.
    func prove(
        _ sealed: Span<UInt8>, part: FormatError.Part, of content: Span<UInt8>
    ) throws(FormatError) -> ObjectID? {
        guard sealed.count == content.count + Self.overhead else { return nil }
        try requireTag(sealed, part)
        var (hash, room, isSame, place): (SHA256Stream, [UInt8], Bool, Int) = (SHA256Stream(), [], true, 0)
        while let range = try openNext(sealed, from: &place, into: &room) {
            hash.update(room.span)
            isSame = Bytes.areEqual(room.span, content.extracting(range)) && isSame
        }
        return isSame ? hash.finish() : nil
    }

    /// Opens the next piece of `sealed`, whose tag was found right; one after another, and nothing else between.
    ///
    /// - Parameters:
    ///   - place: where in the content it begins; moves on.
    ///   - room: becomes the piece.
    /// - Returns: where the piece stands in the content; nil behind its end.
    /// - Throws: `unauthenticated`, `unavailable`.
    func openNext(
        _ sealed: Span<UInt8>, from place: inout Int, into room: inout [UInt8]
    ) throws(FormatError) -> Range<Int>? {
        let body = sealed.extracting(Self.nonceByteCount..<sealed.count - Self.nonceByteCount)
        guard place < body.count else { return nil }
        let range = place..<min(place + Self.pieceByteCount, body.count)
        let nonce = place == 0 ? Nonce(sealed.extracting(0..<Self.nonceByteCount)) : nil
        room.removeAll(keepingCapacity: true)
        try crypt(body.extracting(range), nonce, into: &room)
        place = range.upperBound
        return range
    }

    /// Whether the tag of `sealed` is right.
    ///
    /// - Throws: `tooShort`, `unauthenticated`, `unavailable`.
    func requireTag(_ sealed: Span<UInt8>, _ part: FormatError.Part) throws(FormatError) {
        guard sealed.count >= Self.overhead else { throw .tooShort(part) }
        guard let nonce = Nonce(sealed.extracting(0..<Self.nonceByteCount)) else { throw .unauthenticated(part) }
        try requireTag(sealed, Self.nonceByteCount..<sealed.count - Self.nonceByteCount, nonce, part)
    }

    private static let pieceByteCount = 64 << 10

    private func requireTag(
        _ sealed: Span<UInt8>, _ content: Range<Int>, _ nonce: Nonce, _ part: FormatError.Part
    ) throws(FormatError) {
        let tag = try tag(of: sealed.extracting(content), nonce)
        var difference: UInt8 = 0
        for place in tag.indices { difference |= tag[place] ^ sealed[content.upperBound + place] }
        guard difference == 0 else { throw .unauthenticated(part) }
    }

    /// The content of `sealed`, as ``open(_:part:into:)`` appends it.
    public func open(_ sealed: [UInt8], part: FormatError.Part) throws(FormatError) -> [UInt8] {
        var output: [UInt8] = []
        try open(sealed.span, part: part, into: &output)
        return output
    }

    /// Appends what AES-256-CTR, whose counter is the whole nonce, makes of the content: both directions. Without a nonce it
    /// goes on where it was.
    private func crypt(_ content: Span<UInt8>, _ nonce: Nonce?, into output: inout [UInt8]) throws(FormatError) {
        guard let count = Int32(exactly: content.count) else { throw .tooLarge(.blob, limit: Int(Int32.max)) }
        guard count > 0 else { return }
        let stream = unsafe self.stream
        var isDone = false
        if let nonce { try prepare(nonce) }
        unsafe content.withUnsafeBufferPointer { content in
            output.append(addingCapacity: content.count) { (room: inout OutputSpan<UInt8>) in
                unsafe room.withUnsafeMutableBufferPointer { room, filled in
                    var done: Int32 = 0
                    isDone =
                        unsafe EVP_EncryptUpdate(stream, room.baseAddress, &done, content.baseAddress, count) == 1
                        && done == count
                    // INVARIANT: libcrypto has written all of it, or it is not said to be there.
                    filled = isDone ? Int(done) : 0
                }
            }
        }
        guard isDone else { throw .unavailable("AES") }
    }

    /// Poly1305 under r and AES-128 of the nonce (Bernstein, "The Poly1305-AES message-authentication code").
    func tag(of content: Span<UInt8>, _ nonce: Nonce) throws(FormatError) -> InlineArray<16, UInt8> {
        var oneTime = InlineArray<32, UInt8>(repeating: 0)
        key.withBytes { secret in for place in 0..<16 { oneTime[place] = secret[48 + place] } }
        let block = unsafe self.block
        var span = oneTime.mutableSpan
        var done: Int32 = 0
        let isDone = unsafe nonce.bytes.span.withUnsafeBufferPointer { nonce in
            unsafe span.withUnsafeMutableBufferPointer { oneTime in
                guard let start = oneTime.baseAddress else { return false }
                return unsafe EVP_EncryptUpdate(block, start + 16, &done, nonce.baseAddress, 16) == 1
            }
        }
        guard isDone, done == 16 else { throw .unavailable("AES") }
        return poly1305(content, under: &oneTime)
    }

    private func poly1305(
        _ content: Span<UInt8>, under oneTime: inout InlineArray<32, UInt8>
    ) -> InlineArray<16, UInt8> {
        var tag = InlineArray<16, UInt8>(repeating: 0)
        var room = tag.mutableSpan
        var key = oneTime.mutableSpan
        unsafe content.withUnsafeBufferPointer { content in
            unsafe room.withUnsafeMutableBufferPointer { room in
                unsafe key.withUnsafeMutableBufferPointer { key in
                    unsafe crestic_poly1305(key.baseAddress, content.baseAddress, content.count, room.baseAddress)
                    unsafe crestic_wipe(key.baseAddress, key.count)
                }
            }
        }
        return tag
    }
}

/// What makes two sealings of the same content differ; never all zeros.
struct Nonce {
    let bytes: InlineArray<16, UInt8>

    init(using generator: inout some RandomNumberGenerator) {
        var (high, low): (UInt64, UInt64) = (0, 0)
        while high | low == 0 { (high, low) = (generator.next(), generator.next()) }
        bytes = InlineArray { UInt8(truncatingIfNeeded: ($0 < 8 ? high : low) >> UInt64($0 % 8 * 8)) }
    }

    /// The nonce that stands before a ciphertext; nil for zeros, which no writer uses.
    init?(_ span: Span<UInt8>) {
        bytes = InlineArray { span[$0] }
        var sum: UInt8 = 0
        for place in bytes.indices { sum |= bytes[place] }
        guard sum != 0 else { return nil }
    }

    func append(to output: inout [UInt8]) {
        for place in bytes.indices { output.append(bytes[place]) }
    }
}
