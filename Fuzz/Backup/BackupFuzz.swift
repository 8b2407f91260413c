// SPDX-License-Identifier: Apache-2.0

// What other machines send: answers of SFTP and S3 servers, the archives of a PostgreSQL server.

/// What libFuzzer calls; the first byte chooses the parser.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    guard let choice = bytes.first else { return 0 }
    let input = Array(bytes.dropFirst())
    switch choice % 4 {
    case 0: tar(input)
    case 1: _ = try? S3Listing.read(input)
    case 2: packets(input)
    default:
        _ = S3Listing.lockedDays(input)
        _ = ShellWords.split(String(decoding: input, as: UTF8.self))
    }
    return 0
}

/// A tar archive in pieces, whose lengths the input itself says.
private func tar(_ input: [UInt8]) {
    var reader = TarReader()
    var rest = input[...]
    while let length = rest.popFirst() {
        reader.feed(Array(rest.prefix(Int(length) * 16)))
        rest = rest.dropFirst(Int(length) * 16)
        do {
            while let event = try reader.next() {
                guard case .member(let member) = event else { continue }
                // Whatever an archive says, a name is one step into a folder.
                for name in member.path {
                    precondition(!name.isEmpty && name != [0x2E, 0x2E] && !name.contains(0x2F) && !name.contains(0))
                }
            }
        } catch {
            return
        }
    }
}

private func packets(_ input: [UInt8]) {
    var stream = SFTPFramer()
    stream.add(input)
    while let packet = try? stream.next() { _ = try? SFTPReply.parse(packet) }
}
