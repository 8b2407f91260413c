// SPDX-License-Identifier: Apache-2.0

/// Reed-Solomon correction codewords over GF(256) with x⁸+x⁴+x³+x²+1 (ISO/IEC 18004, 7.5.2).
enum ReedSolomon {
    /// The remainder of the data, taken as a polynomial, by the generator polynomial of `count` roots.
    static func correction(for data: ArraySlice<UInt8>, count: Int) -> [UInt8] {
        let generator = generator(count)
        var remainder = [UInt8](repeating: 0, count: count)
        for byte in data {
            let factor = byte ^ remainder[0]
            remainder.removeFirst()
            remainder.append(0)
            for place in 0..<count { remainder[place] ^= multiply(generator[place], factor) }
        }
        return remainder
    }

    /// The product of (x − 2⁰) … (x − 2ⁿ⁻¹) without its leading 1, highest power first.
    private static func generator(_ count: Int) -> [UInt8] {
        var product = [UInt8](repeating: 0, count: count - 1) + [1]
        var root: UInt8 = 1
        for _ in 0..<count {
            for place in 0..<count {
                product[place] = multiply(product[place], root)
                if place + 1 < count { product[place] ^= product[place + 1] }
            }
            root = multiply(root, 2)
        }
        return product
    }

    private static func multiply(_ left: UInt8, _ right: UInt8) -> UInt8 {
        var product = 0
        for bit in (0..<8).reversed() {
            product = product << 1 ^ (product >> 7) * 0x11D
            if right >> UInt8(bit) & 1 == 1 { product ^= Int(left) }
        }
        return UInt8(truncatingIfNeeded: product)
    }
}
