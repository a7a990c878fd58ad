import MirrorSystem
import Testing

@Suite struct ContentHasherTests {
    /// A message and its two hashes in hex (NIST, FIPS 180-4 example values).
    struct Example: Sendable, CustomStringConvertible {
        let description: String
        let message: [UInt8]
        let sha256: String
        let sha512: String
    }

    static let examples = [
        Example(
            description: "empty", message: [],
            sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            sha512: """
                cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce\
                47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e
                """),
        Example(
            description: "abc", message: Array("abc".utf8),
            sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            sha512: """
                ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
                2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f
                """),
        Example(
            description: "one million a", message: [UInt8](repeating: 0x61, count: 1_000_000),
            sha256: "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
            sha512: """
                e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973eb\
                de0ff244877ea60a4cb0432ce577c31beb009c5c2c49aa2e4eadb217ad8cc09b
                """),
    ]

    private func hash(
        _ message: [UInt8], _ algorithm: ContentHasher.Algorithm, pieces: Int
    ) -> String {
        let hasher = ContentHasher(algorithm)
        for start in stride(from: 0, to: message.count, by: pieces) {
            hasher.update(Array(message[start...].prefix(pieces)))
        }
        return hasher.finish().map { byte in
            let digits = String(byte, radix: 16)
            return byte < 16 ? "0\(digits)" : digits
        }.joined()
    }

    @Test(arguments: examples, [1 << 20, 65_536, 63])
    func hashesAsTheStandardSays(_ example: Example, _ pieces: Int) {
        #expect(hash(example.message, .sha256, pieces: pieces) == example.sha256)
        #expect(hash(example.message, .sha512, pieces: pieces) == example.sha512)
    }

    @Test func mayBeDroppedUnfinished() {
        for _ in 0..<100 { ContentHasher(.sha256).update([1, 2, 3]) }
    }
}
