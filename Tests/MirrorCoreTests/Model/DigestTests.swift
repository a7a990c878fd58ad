import MirrorCore
import Testing

@Suite struct DigestTests {
    private static let hex256 = "6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b"
    private static let hex512 = String(repeating: "0123456789abcdef", count: 8)

    static let valid = ["sha256:\(hex256)", "sha512:\(hex512)"]

    // OCI image-spec, descriptor.md: "Digests" has the grammar, "Registered algorithms" the rest.
    static let invalid = [
        "", ":", "sha256", "sha256:", ":\(hex256)", hex256,
        "sha256:\(hex256.dropLast())", "sha256:\(hex256)0", "sha256:\(hex256.uppercased())",
        "sha256:\(hex256.dropLast())g", "sha256:\(hex256.dropLast())\u{e9}",
        "sha512:\(hex256)", "sha256:\(hex512)", "SHA256:\(hex256)", "sha384:\(hex256)",
        "sha256-\(hex256)", " sha256:\(hex256)", "sha256:\(hex256)\n", "sha256:\(hex256)\0",
        "multihash+base58:QmRZxt2b1FVZPNqd8hsiykDL3TdBDeTSPX9Kv46HmX4Gx8",
        "sha256+b64u:LCa0a2j_xo_5m0U8HTBBNBNCLXBkg7-g-YpeiGJm564",
    ]

    private func digest(_ algorithm: Digest.Algorithm, _ bytes: some Sequence<UInt8>) -> Digest? {
        Digest(algorithm, hash: Array(bytes).span)
    }

    @Test(arguments: valid)
    func readsAndWritesItsTextForm(_ text: String) throws {
        let digest = try #require(Digest(text))
        #expect(digest.text == text)
        #expect("\(digest)" == text)
        #expect("\(digest.algorithm.rawValue):\(digest.hex)" == text)
        var bytes = Array("x".utf8)
        digest.append(to: &bytes)
        #expect(bytes == Array("x\(text)".utf8))
    }

    @Test(arguments: invalid)
    func refusesWhatIsNoDigest(_ text: String) {
        #expect(Digest(text) == nil)
    }

    @Test func wrapsAHashOfExactlyItsLength() {
        let zeros = [UInt8](repeating: 0, count: 64)
        #expect(digest(.sha256, zeros.prefix(32))?.hex.count == 64)
        #expect(digest(.sha512, zeros)?.hex.count == 128)
        #expect(digest(.sha256, zeros.prefix(31)) == nil)
        #expect(digest(.sha256, zeros) == nil)
        #expect(digest(.sha512, zeros.prefix(32)) == nil)
    }

    @Test func differsByEveryByteAndByAlgorithm() throws {
        let zero = [UInt8](repeating: 0, count: 64)
        let base = try #require(digest(.sha512, zero))
        for index in 0..<64 {
            var bytes = zero
            bytes[index] = 1
            let other = try #require(digest(.sha512, bytes))
            #expect(base != other)
            #expect(base < other)
            #expect(!(other < base))
        }
        let short = try #require(digest(.sha256, zero.prefix(32)))
        #expect(short != base)
    }

    @Test func sortsAsItsTextDoes() throws {
        let texts = [
            "sha256:\(Self.hex256)", "sha512:\(Self.hex512)",
            "sha256:" + String(repeating: "f", count: 64),
            "sha512:" + String(repeating: "0", count: 128),
        ]
        let digests = try texts.map { try #require(Digest($0)) }
        #expect(digests.sorted().map(\.text) == texts.sorted())
    }
}
