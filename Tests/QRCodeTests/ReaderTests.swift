// SPDX-License-Identifier: Apache-2.0

import Foundation
import QRCode
import Testing

/// A real reader, `zbarimg`, reads what we draw.
@Suite struct ReaderTests {
    @Test(arguments: QRCorrection.allCases)
    func aReaderReadsEveryVersion(level: QRCorrection) throws {
        let texts = lengths(level).map(sampleText)
        let symbols = try texts.map { try QRSymbol(encoding: $0, correction: level) }
        #expect(Set(symbols.map(\.version)) == Set(1...20))
        guard let read = try Reader.read(symbols) else { return }
        #expect(read == texts)
        print("zbarimg read \(read.count) symbols of 20 versions at level \(level)")
    }

    @Test func aReaderReadsAnEnrolmentAddress() throws {
        let address =
            "otpauth://totp/Klinik%20am%20See:m%C3%BCller%40klinik.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
            + "&issuer=Klinik%20am%20See&algorithm=SHA1&digits=6&period=30"
        guard let read = try Reader.read([QRSymbol(encoding: address)]) else { return }
        #expect(read == [address])
    }

    /// Damage of one spot of modules is what correction is for.
    @Test func aReaderReadsAStainedSymbol() throws {
        let text = sampleText(120)
        guard let read = try Reader.read([QRSymbol(encoding: text)], stain: 4) else { return }
        #expect(read == [text])
    }

    /// One length in each version, full and not quite full.
    private func lengths(_ level: QRCorrection) -> [Int] {
        capacities(level).flatMap { [$0 - 2, $0] }
    }
}

/// Debian's `zbarimg` over portable graymaps in a folder of its own.
private enum Reader {
    /// The texts that were read, in order; `nil` when the program is not installed.
    static func read(_ symbols: [QRSymbol], stain: Int = 0) throws -> [String]? {
        let program = ["/usr/bin/zbarimg", "/usr/local/bin/zbarimg"].first(where: FileManager.default.isExecutableFile)
        guard let program else {
            print("SKIPPED: no zbarimg (apt-get install zbar-tools), QR codes were not read by a real reader")
            return nil
        }
        let folder = FileManager.default.temporaryDirectory.appending(path: "qr-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = try symbols.enumerated().map { number, symbol in
            let file = folder.appending(path: "\(number).pgm")
            try Data(graymap(symbol, stain: stain)).write(to: file)
            return file.path()
        }
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = ["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable"] + files
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return text.split(separator: "\n").map(String.init)
    }

    /// Five pixels a module, dark on light, the quiet zone around; a light spot of `stain` modules in the middle.
    private static func graymap(_ symbol: QRSymbol, stain: Int) -> [UInt8] {
        let side = symbol.size + 2 * QRSymbol.quietZone
        let spot = (symbol.size - stain) / 2..<(symbol.size + stain) / 2
        var image = Array("P5\n\(side * 5) \(side * 5)\n255\n".utf8)
        for row in 0..<side * 5 {
            for column in 0..<side * 5 {
                let (down, right) = (row / 5 - QRSymbol.quietZone, column / 5 - QRSymbol.quietZone)
                let isInside = symbol.rows.indices.contains(down) && symbol.rows.indices.contains(right)
                let isStained = spot.contains(down) && spot.contains(right)
                image.append(isInside && !isStained && symbol.rows[down][right] ? 0 : 255)
            }
        }
        return image
    }
}
