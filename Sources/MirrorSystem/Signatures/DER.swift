/// Writes the few forms of ASN.1 that keys and signatures have (ITU-T X.690, distinguished
/// encoding rules).
enum DER {
    /// An integer that is not negative, of its bytes from the highest on.
    static func integer(_ bytes: some Collection<UInt8>) -> [UInt8] {
        let digits = Array(bytes.drop { $0 == 0 })
        let needsZero = digits.first.map { $0 >= 0x80 } ?? true
        return element(0x02, (needsZero ? [0] : []) + digits)
    }

    /// Elements in a row.
    static func sequence(_ elements: [UInt8]...) -> [UInt8] {
        element(0x30, elements.flatMap(\.self))
    }

    /// Whole bytes as a string of bits.
    static func bitString(_ bytes: [UInt8]) -> [UInt8] { element(0x03, [0] + bytes) }

    /// An object's identifier, of its bytes as they are written.
    static func identifier(_ bytes: [UInt8]) -> [UInt8] { element(0x06, bytes) }

    /// Nothing.
    static let null = element(0x05, [])

    private static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        [tag] + length(content.count) + content
    }

    private static func length(_ count: Int) -> [UInt8] {
        if count < 0x80 { return [UInt8(count)] }
        var bytes: [UInt8] = []
        var rest = count
        while rest > 0 {
            bytes.insert(UInt8(truncatingIfNeeded: rest), at: 0)
            rest >>= 8
        }
        return [0x80 | UInt8(bytes.count)] + bytes
    }
}
